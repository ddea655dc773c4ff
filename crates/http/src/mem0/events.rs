//! Events: where learning from an add stands, and what came of it.

use axum::extract::State;
use dreamkeeper_domain::event::LearnEvent;
use dreamkeeper_domain::id::EventId;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::ports::EventQuery;
use dreamkeeper_domain::scope::Scope;
use serde_json::{Value, json};

use super::add::{results, status};
use crate::answer::{Answer, json as answer};
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Reads an event.
pub(super) async fn get_event(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<EventId>,
) -> Answer<Value> {
    answer(told(&surface.engine.event(&principal, id).await?))
}

/// Lists the latest events.
pub(super) async fn list_events(State(surface): State<Surface>, As(principal): As) -> Answer<Value> {
    let query = EventQuery {
        scope: Scope::default(),
        session: None,
        states: Vec::new(),
        after: None,
        limit: limits::PAGE_COUNT_DEFAULT,
    };
    let page = surface.engine.list_events(&principal, query).await?;
    let results: Vec<Value> = page.items.iter().map(told).collect();
    answer(json!({ "count": results.len(), "next": null, "previous": null, "results": results }))
}

fn told(event: &LearnEvent) -> Value {
    json!({
        "id": event.id,
        "event_type": "ADD",
        "status": status(event.state),
        "payload": {},
        "metadata": {},
        "results": results(event),
        "created_at": event.created_at,
        "updated_at": event.settled_at.unwrap_or(event.created_at),
        "started_at": null,
        "completed_at": event.settled_at,
        "latency": null,
        "error": event.error,
    })
}
