//! Change of a memory: its content, its place, or both.

use axum::extract::State;
use dreamkeeper_api::anthropic::memory::{Memory, MemoryPatch};
use dreamkeeper_api::anthropic::view::View;
use dreamkeeper_domain::id::{StoreId, TopicId};
use dreamkeeper_engine::topics::{TopicRef, TopicUpdate, TopicWriting};

use crate::answer::{Answer, json};
use crate::anthropic::parameters::{IdsInPath, ViewQuery, WireQuery};
use crate::body::JsonBody;
use crate::caller::As;
use crate::router::Surface;

/// Gives a memory another content, another place, or both.
pub(in crate::anthropic) async fn update_memory(
    State(surface): State<Surface>,
    As(principal): As,
    IdsInPath(store, id): IdsInPath<StoreId, TopicId>,
    WireQuery(query): WireQuery<ViewQuery>,
    JsonBody(patch): JsonBody<MemoryPatch>,
) -> Answer<Memory> {
    let update = TopicUpdate {
        content: patch.content,
        path: patch.path,
        expected_hash: patch.precondition.map(|precondition| precondition.content_sha256),
        writing: TopicWriting::default(),
    };
    let written = surface.engine.update_topic(&principal, store, &TopicRef::Id(id), update).await?;
    json(Memory::seen(written.topic, query.view.unwrap_or(View::Basic)))
}
