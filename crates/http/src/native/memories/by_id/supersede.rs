//! Supersede: a new memory takes an old one's place; both are kept.

use axum::extract::State;
use dreamkeeper_api::memory::{Memory, NewMemory};
use dreamkeeper_domain::id::MemoryId;

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::native::memories::post::read;
use crate::path::PathParameter;
use crate::router::Surface;

/// Replaces a memory by a new one.
///
/// Answers the new memory. The old one is kept; its validity ends where the new one's begins, or now.
#[utoipa::path(
    post, path = "/dk/v1/memories/{id}/supersede", tag = "Memories", request_body = NewMemory,
    params(("id" = String, Path, format = "uuid", description = "The old memory's id")),
    responses((status = 200, description = "The new memory", body = Memory)),
)]
pub(in crate::native) async fn supersede_memory(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<MemoryId>,
    JsonBody(new): JsonBody<NewMemory>,
) -> Answer<Memory> {
    json(surface.engine.supersede(&principal, id, read(new)).await?)
}
