//! Change of a memory store itself.

use axum::extract::State;
use dreamkeeper_api::anthropic::store::{MemoryStore, MemoryStorePatch};
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_engine::topics::TopicStorePatch;

use crate::answer::{Answer, json};
use crate::anthropic::parameters::{IdInPath, NoQuery, WireQuery};
use crate::body::JsonBody;
use crate::caller::As;
use crate::router::Surface;

/// Changes a memory store's name, description and pairs.
pub(in crate::anthropic) async fn update_store(
    State(surface): State<Surface>,
    As(principal): As,
    IdInPath(id): IdInPath<StoreId>,
    WireQuery(NoQuery {}): WireQuery<NoQuery>,
    JsonBody(patch): JsonBody<MemoryStorePatch>,
) -> Answer<MemoryStore> {
    let patch = TopicStorePatch {
        name: patch.name,
        description: patch.description,
        metadata: patch.metadata.unwrap_or_default(),
        ..TopicStorePatch::default()
    };
    json(surface.engine.update_topic_store(&principal, id, patch).await?)
}
