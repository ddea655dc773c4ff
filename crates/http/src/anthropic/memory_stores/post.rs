//! A new memory store.

use axum::extract::State;
use dreamkeeper_api::anthropic::store::{MemoryStore, NewMemoryStore};
use dreamkeeper_engine::topics::NewTopicStore;

use crate::answer::{Answer, json};
use crate::anthropic::parameters::{NoQuery, WireQuery};
use crate::body::JsonBody;
use crate::caller::As;
use crate::router::Surface;

/// Makes a memory store.
pub(in crate::anthropic) async fn create_store(
    State(surface): State<Surface>,
    As(principal): As,
    WireQuery(NoQuery {}): WireQuery<NoQuery>,
    JsonBody(new): JsonBody<NewMemoryStore>,
) -> Answer<MemoryStore> {
    let new = NewTopicStore {
        name: new.name,
        description: new.description.unwrap_or_default(),
        metadata: new.metadata.unwrap_or_default(),
        ..NewTopicStore::default()
    };
    json(surface.engine.create_topic_store(&principal, new).await?)
}
