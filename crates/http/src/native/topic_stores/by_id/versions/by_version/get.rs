//! One version of a topic.

use axum::extract::State;
use dreamkeeper_api::topic::TopicVersion;
use dreamkeeper_domain::id::{StoreId, TopicVersionId};

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameters;
use crate::router::Surface;

/// Reads a version of a topic with its content.
#[utoipa::path(
    get, path = "/dk/v1/topic-stores/{id}/versions/{version}", tag = "Topics",
    params(("id" = String, Path, format = "uuid", description = "The store's id"), ("version" = String, Path, format = "uuid", description = "The version's id")),
    responses((status = 200, description = "The version", body = TopicVersion)),
)]
pub(in crate::native) async fn get_topic_version(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameters(id, version): PathParameters<StoreId, TopicVersionId>,
) -> Answer<TopicVersion> {
    json(surface.engine.topic_version(&principal, id, version).await?)
}
