//! Requeue: an event that was given up waits again.

use axum::extract::State;
use dreamkeeper_api::event::Event;
use dreamkeeper_domain::id::EventId;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Makes a failed event wait again, with all its tries before it.
#[utoipa::path(
    post, path = "/dk/v1/events/{id}/requeue", tag = "Learning",
    params(("id" = String, Path, format = "uuid", description = "The event's id")),
    responses((status = 200, description = "The event as it is now", body = Event)),
)]
pub(in crate::native) async fn requeue_event(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<EventId>,
) -> Answer<Event> {
    json(surface.engine.requeue(&principal, id).await?)
}
