//! Memory stores, newest first.

use axum::extract::State;
use dreamkeeper_api::anthropic::DataPage;
use dreamkeeper_api::anthropic::store::MemoryStore;
use dreamkeeper_api::anthropic::view::View;
use dreamkeeper_domain::ports::StoreQuery;

use crate::answer::{Answer, json};
use crate::anthropic::parameters::{StoresQuery, WireQuery, page_count};
use crate::caller::As;
use crate::router::Surface;

/// Lists memory stores.
pub(in crate::anthropic) async fn list_stores(
    State(surface): State<Surface>,
    As(principal): As,
    WireQuery(query): WireQuery<StoresQuery>,
) -> Answer<DataPage<MemoryStore>> {
    let query = StoreQuery {
        archived: query.include_archived,
        created_from: query.created_from.map(|moment| moment.0),
        created_to: query.created_to.map(|moment| moment.0),
        limit: page_count(query.limit, View::Basic)?,
        after: query.page.map(|page| page.0),
        ..StoreQuery::default()
    };
    let page = surface.engine.list_topic_stores(&principal, query).await?;
    json(DataPage::of(page.items, page.next))
}
