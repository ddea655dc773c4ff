//! Archive: a memory store is read-only for good.

use axum::extract::State;
use dreamkeeper_api::anthropic::store::MemoryStore;
use dreamkeeper_domain::id::StoreId;

use crate::answer::{Answer, json};
use crate::anthropic::parameters::{IdInPath, NoQuery, WireQuery};
use crate::caller::As;
use crate::router::Surface;

/// Archives a memory store; again changes nothing.
pub(in crate::anthropic) async fn archive_store(
    State(surface): State<Surface>,
    As(principal): As,
    IdInPath(id): IdInPath<StoreId>,
    WireQuery(NoQuery {}): WireQuery<NoQuery>,
) -> Answer<MemoryStore> {
    json(surface.engine.archive_topic_store(&principal, id).await?)
}
