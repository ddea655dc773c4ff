//! Versions of a store's topics.

use axum::extract::State;
use dreamkeeper_api::page::Page;
use dreamkeeper_api::topic::TopicVersion;
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_domain::ports::TopicVersionQuery;
use dreamkeeper_engine::topics::ListVersions;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::native::topic_stores::told_versions;
use crate::path::PathParameter;
use crate::query::{Query, VersionsQuery};
use crate::router::Surface;

/// Lists versions of a store's topics, also of those that went away, newest first.
#[utoipa::path(
    get, path = "/dk/v1/topic-stores/{id}/versions", tag = "Topics",
    params(("id" = String, Path, format = "uuid", description = "The store's id"), VersionsQuery),
    responses((status = 200, description = "One page of versions", body = Page<TopicVersion>)),
)]
pub(in crate::native) async fn list_topic_versions(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<StoreId>,
    Query(query): Query<VersionsQuery>,
) -> Answer<Page<TopicVersion>> {
    let tests = TopicVersionQuery {
        topic: query.topic,
        operation: query.operation.map(Into::into),
        session: query.session,
        actor: query.actor,
        from: query.from.map(|moment| moment.0),
        to: query.to.map(|moment| moment.0),
        after: query.after,
        ..TopicVersionQuery::default()
    };
    let list = ListVersions { tests, limit: query.limit };
    json(told_versions(surface.engine.list_topic_versions(&principal, id, list).await?, query.full))
}
