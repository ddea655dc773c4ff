//! The messages of a session.

use axum::extract::State;
use dreamkeeper_api::message::Message;
use dreamkeeper_api::page::List;
use dreamkeeper_domain::id::SessionId;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::query::{Query, TurnsQuery};
use crate::router::Surface;

/// Lists the messages of a session from a place on, in order.
#[utoipa::path(
    get, path = "/dk/v1/sessions/{id}/messages", tag = "Sessions",
    params(("id" = String, Path, format = "uuid", description = "The session's id"), TurnsQuery),
    responses((status = 200, description = "The messages", body = List<Message>)),
)]
pub(in crate::native) async fn list_turns(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<SessionId>,
    Query(query): Query<TurnsQuery>,
) -> Answer<List<Message>> {
    json(List::of(surface.engine.turns(&principal, id, query.from, query.limit).await?))
}
