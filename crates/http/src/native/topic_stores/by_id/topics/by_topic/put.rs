//! The content of a topic, whole.

use axum::extract::State;
use dreamkeeper_api::topic::{WriteTopicRequest, WrittenTopic};
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_engine::topics::{NewTopic, TopicRef, TopicUpdate};

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::native::topic_stores::{told, writing};
use crate::path::PathParameters;
use crate::router::Surface;

/// Gives a topic this content; makes it when there is none at the path.
#[utoipa::path(
    put, path = "/dk/v1/topic-stores/{id}/topics/{topic}", tag = "Topics", request_body = WriteTopicRequest,
    params(("id" = String, Path, format = "uuid", description = "The store's id"), ("topic" = String, Path, description = "The topic's id, or its path, percent-encoded")),
    responses((status = 200, description = "The topic as it is now", body = WrittenTopic)),
)]
pub(in crate::native) async fn write_topic(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameters(id, topic): PathParameters<StoreId, TopicRef>,
    JsonBody(request): JsonBody<WriteTopicRequest>,
) -> Answer<WrittenTopic> {
    let writing = writing(request.origin, request.raise, (request.reason, request.session));
    let content = request.content;
    let written = match (topic, request.expected_sha256) {
        // Who has seen a content, or names an id, means a topic that is there.
        (TopicRef::Path(path), None) => {
            surface.engine.write_topic(&principal, id, NewTopic { path, content, writing }).await?
        }
        (topic, expected_hash) => {
            let update = TopicUpdate { content: Some(content), path: None, expected_hash, writing };
            surface.engine.update_topic(&principal, id, &topic, update).await?
        }
    };
    json(told(written))
}
