//! Change of a store itself; its topics are left alone.

use axum::extract::State;
use dreamkeeper_api::topic::{TopicStore, TopicStorePatch};
use dreamkeeper_domain::id::StoreId;

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Changes a store itself.
#[utoipa::path(
    patch, path = "/dk/v1/topic-stores/{id}", tag = "Topics", request_body = TopicStorePatch,
    params(("id" = String, Path, format = "uuid", description = "The store's id")),
    responses((status = 200, description = "The store as it is now", body = TopicStore)),
)]
pub(in crate::native) async fn update_topic_store(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<StoreId>,
    JsonBody(patch): JsonBody<TopicStorePatch>,
) -> Answer<TopicStore> {
    let patch = dreamkeeper_engine::topics::TopicStorePatch {
        name: patch.name,
        description: patch.description,
        metadata: patch.metadata,
        disk_origin: patch.disk_origin.map(Into::into),
        expected_version: patch.expected_version,
    };
    json(surface.engine.update_topic_store(&principal, id, patch).await?)
}
