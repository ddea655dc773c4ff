//! Update: a new version of the same memory.

use axum::extract::State;
use dreamkeeper_api::memory::{Memory, MemoryPatch};
use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_engine::Update;

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Changes a memory in place: a new version of the same record.
#[utoipa::path(
    patch, path = "/dk/v1/memories/{id}", tag = "Memories", request_body = MemoryPatch,
    params(("id" = String, Path, format = "uuid", description = "The memory's id")),
    responses((status = 200, description = "The memory as it is now", body = Memory)),
)]
pub(in crate::native) async fn update_memory(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<MemoryId>,
    JsonBody(request): JsonBody<MemoryPatch>,
) -> Answer<Memory> {
    let patch = dreamkeeper_engine::MemoryPatch {
        text: request.text,
        kind: request.kind.map(Into::into),
        labels: request.labels,
        aliases: request.aliases,
        categories: request.categories,
        metadata: request.metadata,
        validity: request.validity.map(Into::into),
        expires_at: request.expires_at.map(|expiry| expiry.map(|moment| moment.0)),
        pinned: request.pinned,
        importance: request.importance,
        status: request.status.map(Into::into),
    };
    let update = Update { patch, expected_version: request.expected_version, reason: request.reason };
    json(surface.engine.update(&principal, id, update).await?)
}
