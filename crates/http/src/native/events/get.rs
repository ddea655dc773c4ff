//! Learning events under a scope.

use axum::extract::State;
use dreamkeeper_api::event::Event;
use dreamkeeper_api::page::Page;
use dreamkeeper_domain::ports::EventQuery;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::query::{EventsQuery, Query, page_count};
use crate::router::Surface;

/// Lists learning events under a scope, newest first.
#[utoipa::path(
    get, path = "/dk/v1/events", tag = "Learning", params(EventsQuery),
    responses((status = 200, description = "One page of events", body = Page<Event>)),
)]
pub(in crate::native) async fn list_events(
    State(surface): State<Surface>,
    As(principal): As,
    Query(query): Query<EventsQuery>,
) -> Answer<Page<Event>> {
    let query = EventQuery {
        scope: query.scope(),
        session: query.session,
        states: query.state.iter().copied().map(Into::into).collect(),
        after: query.after,
        limit: page_count(query.limit)?,
    };
    let page = surface.engine.list_events(&principal, query).await?;
    json((page.items, page.next))
}
