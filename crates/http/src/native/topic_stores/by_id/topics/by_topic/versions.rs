//! Versions of one topic.

use axum::extract::State;
use dreamkeeper_api::page::Page;
use dreamkeeper_api::topic::TopicVersion;
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_engine::topics::TopicRef;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::native::topic_stores::told_versions;
use crate::path::PathParameters;
use crate::query::{LogQuery, Query};
use crate::router::Surface;

/// Tells every version of a topic, live or removed, newest first.
#[utoipa::path(
    get, path = "/dk/v1/topic-stores/{id}/topics/{topic}/versions", tag = "Topics",
    params(("id" = String, Path, format = "uuid", description = "The store's id"), ("topic" = String, Path, description = "The topic's id, or its path, percent-encoded"), LogQuery),
    responses((status = 200, description = "One page of versions", body = Page<TopicVersion>)),
)]
pub(in crate::native) async fn topic_log(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameters(id, topic): PathParameters<StoreId, TopicRef>,
    Query(query): Query<LogQuery>,
) -> Answer<Page<TopicVersion>> {
    let page = surface.engine.topic_log(&principal, (id, &topic), query.after, query.limit).await?;
    json(told_versions(page, query.full))
}
