//! Restore: brings a memory back, or an earlier version of it.

use axum::extract::State;
use dreamkeeper_api::memory::{Memory, RestoreRequest};
use dreamkeeper_domain::id::MemoryId;

use crate::answer::{Answer, json};
use crate::body::OptionalJsonBody;
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Makes a forgotten, archived or superseded memory active again, or gives it an earlier version's content.
#[utoipa::path(
    post, path = "/dk/v1/memories/{id}/restore", tag = "Memories", request_body = RestoreRequest,
    params(("id" = String, Path, format = "uuid", description = "The memory's id")),
    responses((status = 200, description = "The memory as it is now", body = Memory)),
)]
pub(in crate::native) async fn restore_memory(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<MemoryId>,
    OptionalJsonBody(request): OptionalJsonBody<RestoreRequest>,
) -> Answer<Memory> {
    json(surface.engine.restore(&principal, id, request.version, request.reason).await?)
}
