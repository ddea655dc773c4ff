//! One learning event.

use axum::extract::State;
use dreamkeeper_api::event::Event;
use dreamkeeper_domain::id::EventId;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Tells where a learning event stands and what came of it.
#[utoipa::path(
    get, path = "/dk/v1/events/{id}", tag = "Learning",
    params(("id" = String, Path, format = "uuid", description = "The event's id")),
    responses((status = 200, description = "The event", body = Event)),
)]
pub(in crate::native) async fn get_event(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<EventId>,
) -> Answer<Event> {
    json(surface.engine.event(&principal, id).await?)
}
