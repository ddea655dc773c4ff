//! Stores of topics under a scope.

use axum::extract::State;
use dreamkeeper_api::page::Page;
use dreamkeeper_api::topic::TopicStore;
use dreamkeeper_domain::ports::StoreQuery;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::query::{ListStoresQuery, Query, page_count};
use crate::router::Surface;

/// Lists stores that are not deleted, newest first.
#[utoipa::path(
    get, path = "/dk/v1/topic-stores", tag = "Topics",
    params(ListStoresQuery),
    responses((status = 200, description = "One page of stores", body = Page<TopicStore>)),
)]
pub(in crate::native) async fn list_topic_stores(
    State(surface): State<Surface>,
    As(principal): As,
    Query(query): Query<ListStoresQuery>,
) -> Answer<Page<TopicStore>> {
    let query = StoreQuery {
        scope: query.scope(),
        archived: query.archived,
        created_from: query.created_from.map(|moment| moment.0),
        created_to: query.created_to.map(|moment| moment.0),
        limit: page_count(query.limit)?,
        after: query.after,
    };
    let page = surface.engine.list_topic_stores(&principal, query).await?;
    json((page.items, page.next))
}
