//! Edit: a text of a topic is replaced.

use axum::extract::State;
use dreamkeeper_api::topic::{EditTopicRequest, WrittenTopic};
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_engine::topics::{TopicEdit, TopicRef};

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::native::topic_stores::{told, writing};
use crate::path::PathParameters;
use crate::router::Surface;

/// Replaces a text that occurs once in a topic.
#[utoipa::path(
    post, path = "/dk/v1/topic-stores/{id}/topics/{topic}/edit", tag = "Topics", request_body = EditTopicRequest,
    params(("id" = String, Path, format = "uuid", description = "The store's id"), ("topic" = String, Path, description = "The topic's id, or its path, percent-encoded")),
    responses((status = 200, description = "The topic as it is now", body = WrittenTopic)),
)]
pub(in crate::native) async fn edit_topic(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameters(id, topic): PathParameters<StoreId, TopicRef>,
    JsonBody(request): JsonBody<EditTopicRequest>,
) -> Answer<WrittenTopic> {
    let edit = TopicEdit {
        old: request.old,
        new: request.new,
        all: request.all,
        expected_hash: request.expected_sha256,
        writing: writing(request.origin, request.raise, (request.reason, request.session)),
    };
    json(told(surface.engine.edit_topic(&principal, id, &topic, edit).await?))
}
