//! One memory.

use axum::extract::State;
use dreamkeeper_api::memory::Memory;
use dreamkeeper_domain::id::MemoryId;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Reads a memory of any status.
#[utoipa::path(
    get, path = "/dk/v1/memories/{id}", tag = "Memories",
    params(("id" = String, Path, format = "uuid", description = "The memory's id")),
    responses((status = 200, description = "The memory", body = Memory)),
)]
pub(in crate::native) async fn get_memory(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<MemoryId>,
) -> Answer<Memory> {
    let memory = surface.engine.memory(&principal, id).await?;
    let importance = surface.engine.importance(&principal, &memory).await?;
    json((memory, importance))
}
