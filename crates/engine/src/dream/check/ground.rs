//! Ground: what a change must still find, and must not reach beyond.

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::id::{MemoryId, StoreId, TopicId};
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::topic::{ContentHash, Topic};

/// A topic as it stands.
#[derive(Debug, Clone)]
pub(crate) struct Stands {
    pub(crate) path: String,
    pub(crate) hash: ContentHash,
    pub(crate) origin: Origin,
}

/// What the target holds.
#[derive(Debug, Default)]
pub(crate) struct Ground {
    /// The store, where the target has one.
    pub(crate) store: Option<StoreId>,
    topics: BTreeMap<TopicId, Stands>,
    by_path: BTreeMap<String, TopicId>,
    /// The version of each memory.
    pub(crate) memories: BTreeMap<MemoryId, u32>,
    /// Dates that a claim may get, by its words: what its phrases of time mean where it stands. `None` where dates were
    /// looked at already.
    pub(crate) dates: Option<BTreeMap<String, BTreeSet<String>>>,
}

impl Ground {
    pub(crate) fn new(store: Option<StoreId>, topics: &[Topic], memories: &[Memory]) -> Self {
        let mut ground = Self { store, ..Self::default() };
        for Topic { head, .. } in topics {
            let stands = Stands { path: head.path.clone(), hash: head.hash, origin: head.origin };
            ground.topics.insert(head.id, stands);
            ground.by_path.insert(head.path.clone(), head.id);
        }
        ground.memories = memories.iter().map(|memory| (memory.id, memory.version)).collect();
        ground
    }

    pub(crate) fn topic(&self, id: TopicId) -> Option<&Stands> {
        self.topics.get(&id)
    }

    pub(crate) fn at(&self, path: &str) -> Option<TopicId> {
        self.by_path.get(path).copied()
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.by_path.keys().map(String::as_str)
    }
}
