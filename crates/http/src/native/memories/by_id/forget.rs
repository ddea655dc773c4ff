//! Forget: hides a memory; nothing is destroyed.

use axum::extract::State;
use dreamkeeper_api::memory::{ForgetRequest, Memory};
use dreamkeeper_domain::id::MemoryId;

use crate::answer::{Answer, json};
use crate::body::OptionalJsonBody;
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Hides a memory; `restore` brings it back.
#[utoipa::path(
    post, path = "/dk/v1/memories/{id}/forget", tag = "Memories", request_body = ForgetRequest,
    params(("id" = String, Path, format = "uuid", description = "The memory's id")),
    responses((status = 200, description = "The memory as it is now", body = Memory)),
)]
pub(in crate::native) async fn forget_memory(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<MemoryId>,
    OptionalJsonBody(request): OptionalJsonBody<ForgetRequest>,
) -> Answer<Memory> {
    json(surface.engine.forget(&principal, id, request.reason).await?)
}
