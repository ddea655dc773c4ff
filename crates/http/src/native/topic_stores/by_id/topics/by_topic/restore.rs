//! Restore: a version of a topic comes back.

use axum::extract::State;
use dreamkeeper_api::error::Problem;
use dreamkeeper_api::topic::{RestoreTopicRequest, WrittenTopic};
use dreamkeeper_domain::id::InvalidId;
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_engine::topics::{TopicRef, VersionRef};

use crate::answer::{Answer, json};
use crate::body::OptionalJsonBody;
use crate::caller::As;
use crate::native::topic_stores::{told, writing};
use crate::path::PathParameters;
use crate::router::Surface;

/// Brings a version of a topic back as a new one, also of a topic that was removed.
#[utoipa::path(
    post, path = "/dk/v1/topic-stores/{id}/topics/{topic}/restore", tag = "Topics", request_body = RestoreTopicRequest,
    params(("id" = String, Path, format = "uuid", description = "The store's id"), ("topic" = String, Path, description = "The topic's id, or its path, percent-encoded")),
    responses((status = 200, description = "The topic as it is now", body = WrittenTopic)),
)]
pub(in crate::native) async fn restore_topic(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameters(id, topic): PathParameters<StoreId, TopicRef>,
    OptionalJsonBody(request): OptionalJsonBody<RestoreTopicRequest>,
) -> Answer<WrittenTopic> {
    let version: Option<VersionRef> = request
        .version
        .map(|version| version.parse().map_err(|error: InvalidId| Problem::new("version", error.to_string())))
        .transpose()?;
    let writing = writing(None, false, (request.reason, request.session));
    json(told(surface.engine.restore_topic(&principal, (id, &topic), version, writing).await?))
}
