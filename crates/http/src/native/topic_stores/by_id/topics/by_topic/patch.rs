//! Change of a topic: its content, its place, or both.

use axum::extract::State;
use dreamkeeper_api::topic::{TopicPatch, WrittenTopic};
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_engine::topics::{TopicRef, TopicUpdate};

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::native::topic_stores::{told, writing};
use crate::path::PathParameters;
use crate::router::Surface;

/// Gives a topic another content, another place, or both.
#[utoipa::path(
    patch, path = "/dk/v1/topic-stores/{id}/topics/{topic}", tag = "Topics", request_body = TopicPatch,
    params(("id" = String, Path, format = "uuid", description = "The store's id"), ("topic" = String, Path, description = "The topic's id, or its path, percent-encoded")),
    responses((status = 200, description = "The topic as it is now", body = WrittenTopic)),
)]
pub(in crate::native) async fn update_topic(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameters(id, topic): PathParameters<StoreId, TopicRef>,
    JsonBody(patch): JsonBody<TopicPatch>,
) -> Answer<WrittenTopic> {
    let update = TopicUpdate {
        content: patch.content,
        path: patch.path,
        expected_hash: patch.expected_sha256,
        writing: writing(patch.origin, patch.raise, (patch.reason, patch.session)),
    };
    json(told(surface.engine.update_topic(&principal, id, &topic, update).await?))
}
