//! One memory.

use axum::extract::State;
use dreamkeeper_api::anthropic::memory::Memory;
use dreamkeeper_api::anthropic::view::View;
use dreamkeeper_domain::id::{StoreId, TopicId};
use dreamkeeper_engine::topics::TopicRef;

use crate::answer::{Answer, json};
use crate::anthropic::parameters::{IdsInPath, ViewQuery, WireQuery};
use crate::caller::As;
use crate::router::Surface;

/// Tells a memory, with its content unless told.
pub(in crate::anthropic) async fn get_memory(
    State(surface): State<Surface>,
    As(principal): As,
    IdsInPath(store, id): IdsInPath<StoreId, TopicId>,
    WireQuery(query): WireQuery<ViewQuery>,
) -> Answer<Memory> {
    let topic = surface.engine.topic(&principal, store, &TopicRef::Id(id), None).await?;
    json(Memory::seen(topic, query.view.unwrap_or(View::Full)))
}
