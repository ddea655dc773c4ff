//! A new memory.

use axum::extract::State;
use dreamkeeper_api::anthropic::memory::{Memory, NewMemory};
use dreamkeeper_api::anthropic::view::View;
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_engine::topics::{NewTopic, TopicWriting};

use crate::answer::{Answer, json};
use crate::anthropic::parameters::{IdInPath, ViewQuery, WireQuery};
use crate::body::JsonBody;
use crate::caller::As;
use crate::router::Surface;

/// Makes a memory; one that is there is never overwritten.
pub(in crate::anthropic) async fn create_memory(
    State(surface): State<Surface>,
    As(principal): As,
    IdInPath(id): IdInPath<StoreId>,
    WireQuery(query): WireQuery<ViewQuery>,
    JsonBody(new): JsonBody<NewMemory>,
) -> Answer<Memory> {
    let new = NewTopic { path: new.path, content: new.content, writing: TopicWriting::default() };
    let topic = surface.engine.create_topic(&principal, id, new).await?;
    json(Memory::seen(topic, query.view.unwrap_or(View::Basic)))
}
