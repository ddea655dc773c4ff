//! Remember: a memory written directly, in a named actor's words.

use axum::extract::State;
use dreamkeeper_api::memory::{Memory, NewMemory};
use dreamkeeper_engine::EvidenceRef;

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::router::Surface;

/// Writes a memory.
///
/// Where it rests on quotes, each must stand verbatim in its message, and the memory's origin is the lowest
/// among them.
#[utoipa::path(
    post, path = "/dk/v1/memories", tag = "Memories", request_body = NewMemory,
    responses((status = 200, description = "The memory as written", body = Memory)),
)]
pub(in crate::native) async fn remember(
    State(surface): State<Surface>,
    As(principal): As,
    JsonBody(new): JsonBody<NewMemory>,
) -> Answer<Memory> {
    json(surface.engine.remember(&principal, read(new)).await?)
}

/// What the engine is asked to write.
pub(in crate::native) fn read(new: NewMemory) -> dreamkeeper_engine::NewMemory {
    let evidence = new.evidence.into_iter().map(|reference| EvidenceRef {
        message: reference.message,
        quote: reference.quote,
        span: reference.span.map(Into::into),
    });
    dreamkeeper_engine::NewMemory {
        text: new.text,
        kind: new.kind.into(),
        scope: new.scope.into(),
        origin: new.origin.map(Into::into),
        via: new.via.into(),
        evidence: evidence.collect(),
        aliases: new.aliases,
        categories: new.categories,
        metadata: new.metadata,
        validity: new.validity.into(),
        expires_at: new.expires_at.map(|moment| moment.0),
        pinned: new.pinned,
        reason: new.reason,
    }
}
