//! Redact: what a version said is destroyed.

use axum::extract::State;
use dreamkeeper_api::topic::TopicVersion;
use dreamkeeper_domain::id::{StoreId, TopicVersionId};

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameters;
use crate::router::Surface;

/// Destroys what a version said; that there was one stays. The current version of a topic is refused.
#[utoipa::path(
    post, path = "/dk/v1/topic-stores/{id}/versions/{version}/redact", tag = "Topics",
    params(("id" = String, Path, format = "uuid", description = "The store's id"), ("version" = String, Path, format = "uuid", description = "The version's id")),
    responses((status = 200, description = "The version, emptied", body = TopicVersion)),
)]
pub(in crate::native) async fn redact_topic_version(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameters(id, version): PathParameters<StoreId, TopicVersionId>,
) -> Answer<TopicVersion> {
    json(surface.engine.redact_topic_version(&principal, id, version).await?)
}
