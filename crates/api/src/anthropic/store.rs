//! Memory stores.

use std::collections::BTreeMap;

use dreamkeeper_domain::id::StoreId;
use dreamkeeper_domain::topic_store::TopicStore;
use serde::{Deserialize, Serialize};

use super::id::WireId;
use crate::moment::Moment;

/// A memory store to make.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMemoryStore {
    /// What people call it; not unique.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The caller's own pairs.
    pub metadata: Option<BTreeMap<String, String>>,
}

/// What changes of a memory store; an absent or null field stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MemoryStorePatch {
    /// Another name.
    pub name: Option<String>,
    /// Another description; an empty one clears it.
    pub description: Option<String>,
    /// Pairs to set; null takes one away.
    pub metadata: Option<BTreeMap<String, Option<String>>>,
}

/// A named set of memories.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MemoryStore {
    id: WireId<StoreId>,
    r#type: &'static str,
    name: String,
    description: String,
    metadata: BTreeMap<String, String>,
    created_at: Moment,
    updated_at: Moment,
    archived_at: Option<Moment>,
}

impl From<TopicStore> for MemoryStore {
    fn from(store: TopicStore) -> Self {
        Self {
            id: WireId(store.id),
            r#type: "memory_store",
            name: store.name,
            description: store.description,
            metadata: store.metadata,
            created_at: Moment(store.created_at),
            updated_at: Moment(store.updated_at),
            archived_at: store.archived_at.map(Moment),
        }
    }
}
