//! Dreams of the space.

use axum::extract::State;
use dreamkeeper_api::dream::Dream;
use dreamkeeper_api::page::Page;
use dreamkeeper_domain::dream::DreamTarget;
use dreamkeeper_domain::ports::DreamQuery;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::query::{DreamsQuery, Query, page_count};
use crate::router::Surface;

/// Lists dreams, newest first.
#[utoipa::path(
    get, path = "/dk/v1/dreams", tag = "Dreams", params(DreamsQuery),
    responses((status = 200, description = "One page of dreams", body = Page<Dream>)),
)]
pub(in crate::native) async fn list_dreams(
    State(surface): State<Surface>,
    As(principal): As,
    Query(query): Query<DreamsQuery>,
) -> Answer<Page<Dream>> {
    let query = DreamQuery {
        target: query.store.map(|store| DreamTarget { store: Some(store), scope: None }.key()),
        statuses: query.status.into_iter().map(Into::into).collect(),
        archived: query.archived,
        after: query.after,
        limit: page_count(query.limit)?,
        ..DreamQuery::default()
    };
    let page = surface.engine.list_dreams(&principal, &query).await?;
    json((page.items, page.next))
}
