//! Delete: a memory goes away, its versions stay.

use axum::extract::State;
use dreamkeeper_api::anthropic::Deleted;
use dreamkeeper_api::anthropic::id::WireId;
use dreamkeeper_domain::id::{StoreId, TopicId};
use dreamkeeper_domain::topic::TopicNote;
use dreamkeeper_engine::topics::TopicRef;

use crate::answer::{Answer, json};
use crate::anthropic::parameters::{DeleteMemoryQuery, IdsInPath, WireQuery};
use crate::caller::As;
use crate::router::Surface;

/// Deletes a memory; its versions stay.
pub(in crate::anthropic) async fn delete_memory(
    State(surface): State<Surface>,
    As(principal): As,
    IdsInPath(store, id): IdsInPath<StoreId, TopicId>,
    WireQuery(query): WireQuery<DeleteMemoryQuery>,
) -> Answer<Deleted<TopicId>> {
    let how = (query.expected_content_sha256, TopicNote::default());
    surface.engine.delete_topic(&principal, store, &TopicRef::Id(id), how).await?;
    json(Deleted { id: WireId(id), r#type: "memory_deleted" })
}
