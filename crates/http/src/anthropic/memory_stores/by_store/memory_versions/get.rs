//! Versions of a store's memories, newest first.

use axum::extract::State;
use dreamkeeper_api::anthropic::version::MemoryVersion;
use dreamkeeper_api::anthropic::view::View;
use dreamkeeper_api::anthropic::{DataPage, actor};
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_domain::ports::TopicVersionQuery;
use dreamkeeper_engine::topics::ListVersions;

use crate::answer::{Answer, json};
use crate::anthropic::parameters::{IdInPath, VersionsQuery, WireQuery, page_count};
use crate::caller::As;
use crate::router::Surface;

/// Lists versions, also of memories that went away.
pub(in crate::anthropic) async fn list_versions(
    State(surface): State<Surface>,
    As(principal): As,
    IdInPath(id): IdInPath<StoreId>,
    WireQuery(query): WireQuery<VersionsQuery>,
) -> Answer<DataPage<MemoryVersion>> {
    let view = query.view.unwrap_or(View::Basic);
    let key = query.api_key_id.map(actor::of_key);
    let service = query.service_account_id.as_deref().map(actor::of_service_account);
    if key.is_some() && service.is_some() {
        // Nobody is both.
        return json(DataPage { data: Vec::new(), next_page: None });
    }
    let tests = TopicVersionQuery {
        topic: query.memory_id.map(|id| id.0),
        operation: query.operation.map(Into::into),
        session: query.session_id.map(|id| id.0),
        actor: key.or(service),
        from: query.created_from.map(|moment| moment.0),
        to: query.created_to.map(|moment| moment.0),
        after: query.page.map(|page| page.0),
        ..TopicVersionQuery::default()
    };
    let list = ListVersions { tests, limit: Some(page_count(query.limit, view)?) };
    let page = surface.engine.list_topic_versions(&principal, id, list).await?;
    let told = page.items.into_iter().map(|version| MemoryVersion::seen(version, view));
    json(DataPage::of(told, page.next))
}
