//! Every version of a memory.

use axum::extract::State;
use dreamkeeper_api::history::MemoryHistory;
use dreamkeeper_domain::id::MemoryId;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Tells every version of a memory, oldest first.
#[utoipa::path(
    get, path = "/dk/v1/memories/{id}/history", tag = "Memories",
    params(("id" = String, Path, format = "uuid", description = "The memory's id")),
    responses((status = 200, description = "The memory and its versions", body = MemoryHistory)),
)]
pub(in crate::native) async fn memory_history(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<MemoryId>,
) -> Answer<MemoryHistory> {
    let history = surface.engine.history(&principal, id).await?;
    let versions = history.versions.into_iter().map(Into::into).collect();
    json(MemoryHistory { memory: history.memory.into(), versions })
}
