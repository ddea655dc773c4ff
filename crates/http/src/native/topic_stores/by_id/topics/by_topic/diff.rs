//! Difference between two versions of a topic.

use axum::extract::State;
use dreamkeeper_api::error::Problem;
use dreamkeeper_api::topic::{TopicDiff, TopicVersion};
use dreamkeeper_domain::id::InvalidId;
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_engine::topics::{TopicRef, VersionRef};

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameters;
use crate::query::{DiffQuery, Query};
use crate::router::Surface;

/// Tells what differs between two versions of a topic.
#[utoipa::path(
    get, path = "/dk/v1/topic-stores/{id}/topics/{topic}/diff", tag = "Topics",
    params(("id" = String, Path, format = "uuid", description = "The store's id"), ("topic" = String, Path, description = "The topic's id, or its path, percent-encoded"), DiffQuery),
    responses((status = 200, description = "The difference", body = TopicDiff)),
)]
pub(in crate::native) async fn diff_topic(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameters(id, topic): PathParameters<StoreId, TopicRef>,
    Query(query): Query<DiffQuery>,
) -> Answer<TopicDiff> {
    let version = |field: &str, text: Option<String>| -> Result<Option<VersionRef>, Problem> {
        let parsed = text.map(|text| text.parse()).transpose();
        parsed.map_err(|error: InvalidId| Problem::new(field, error.to_string()))
    };
    let between = (version("from", query.from)?, version("to", query.to)?);
    let diff = surface.engine.diff_topic(&principal, id, &topic, between).await?;
    let told = |version| TopicVersion::from(version).without_content();
    json(TopicDiff {
        from: diff.from.map(told),
        to: told(diff.to),
        unified: diff.unified,
        inserted_count: diff.inserted_count,
        removed_count: diff.removed_count,
    })
}
