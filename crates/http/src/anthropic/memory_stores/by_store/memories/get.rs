//! Memories of a store by path, whole folders or one level at a time.

use axum::extract::State;
use dreamkeeper_api::anthropic::DataPage;
use dreamkeeper_api::anthropic::memory::{Memory, MemoryListItem};
use dreamkeeper_api::anthropic::view::View;
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_engine::topics::{ListTopics, ListedTopic};

use crate::answer::{Answer, json};
use crate::anthropic::parameters::{Depth, IdInPath, MemoriesQuery, WireQuery, page_count};
use crate::caller::As;
use crate::router::Surface;

/// Lists memories and folders.
pub(in crate::anthropic) async fn list_memories(
    State(surface): State<Surface>,
    As(principal): As,
    IdInPath(id): IdInPath<StoreId>,
    WireQuery(query): WireQuery<MemoriesQuery>,
) -> Answer<DataPage<MemoryListItem>> {
    let view = query.view.unwrap_or(View::Basic);
    let list = ListTopics {
        prefix: query.path_prefix,
        one_level: query.depth == Depth::OneLevel,
        full: view.is_full(),
        after: query.page.map(|page| page.0),
        limit: Some(page_count(query.limit, view)?),
        ..ListTopics::of(id)
    };
    let page = surface.engine.list_topics(&principal, list).await?;
    let told = |entry| match entry {
        ListedTopic::Topic { head, content } => MemoryListItem::Memory(Box::new(Memory::of(*head, content))),
        ListedTopic::Folder(folder) => MemoryListItem::Prefix(folder.into()),
    };
    json(DataPage::of(page.items.into_iter().map(told), page.next))
}
