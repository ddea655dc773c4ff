//! Topics of a store.

use axum::extract::State;
use dreamkeeper_api::page::Page;
use dreamkeeper_api::topic::{ListedTopic, Topic};
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_engine::topics::{self, ListTopics};

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::query::{ListTopicsQuery, Query};
use crate::router::Surface;

/// Lists the topics of a store by path, in the order of its bytes.
#[utoipa::path(
    get, path = "/dk/v1/topic-stores/{id}/topics", tag = "Topics",
    params(("id" = String, Path, format = "uuid", description = "The store's id"), ListTopicsQuery),
    responses((status = 200, description = "One page of topics and folders", body = Page<ListedTopic>)),
)]
pub(in crate::native) async fn list_topics(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<StoreId>,
    Query(query): Query<ListTopicsQuery>,
) -> Answer<Page<ListedTopic>> {
    let list = ListTopics {
        store: id,
        prefix: query.prefix,
        one_level: query.one_level,
        full: query.full,
        as_of: query.as_of.map(|moment| moment.0),
        after: query.after,
        limit: query.limit,
    };
    let page = surface.engine.list_topics(&principal, list).await?;
    let told = |entry| match entry {
        topics::ListedTopic::Topic { head, content } => {
            ListedTopic::Topic(Box::new(Topic::of(*head, content)))
        }
        topics::ListedTopic::Folder(folder) => ListedTopic::Folder(folder),
    };
    json(Page { items: page.items.into_iter().map(told).collect(), next: page.next })
}
