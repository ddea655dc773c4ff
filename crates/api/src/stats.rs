//! What a space holds, on the wire.

use std::collections::BTreeMap;

use dreamkeeper_domain::ports;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the space holds, on disk and in memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stats {
    /// What the store holds.
    pub store: StoreStats,
    /// What the index holds in memory, of all spaces.
    pub index: IndexStats,
    /// What makes the vectors.
    pub embedder: String,
}

/// What the store holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StoreStats {
    /// Sessions.
    pub session_count: u64,
    /// Messages, erased ones included.
    pub message_count: u64,
    /// Memories by status.
    pub memory_counts: BTreeMap<String, u64>,
    /// Versions of memories and state keys.
    pub version_count: u64,
    /// State keys that have a value.
    pub state_count: u64,
    /// Receipts.
    pub receipt_count: u64,
    /// Stores of topics, deleted ones aside.
    pub store_count: u64,
    /// Live topics.
    pub topic_count: u64,
    /// Versions of topics.
    pub topic_version_count: u64,
    /// Dreams.
    pub dream_count: u64,
    /// Passages, retired ones included.
    pub passage_count: u64,
    /// Passages without a vector of the current embedder; `reindex` mends that.
    pub stale_passage_count: u64,
    /// Bytes of the space's files on disk.
    pub disk_bytes: u64,
}

impl From<ports::SpaceStats> for StoreStats {
    fn from(noun: ports::SpaceStats) -> Self {
        Self {
            session_count: noun.session_count,
            message_count: noun.message_count,
            memory_counts: noun.memory_counts.into_iter().collect(),
            version_count: noun.version_count,
            state_count: noun.state_count,
            receipt_count: noun.receipt_count,
            store_count: noun.store_count,
            topic_count: noun.topic_count,
            topic_version_count: noun.topic_version_count,
            dream_count: noun.dream_count,
            passage_count: noun.passage_count,
            stale_passage_count: noun.stale_passage_count,
            disk_bytes: noun.disk_bytes,
        }
    }
}

/// What the index holds in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IndexStats {
    /// Loaded segments.
    pub segment_count: usize,
    /// Their passages.
    pub passage_count: usize,
    /// Bytes they take.
    pub resident_bytes: usize,
    /// Segments put out of memory since the start.
    pub evicted_count: u64,
}

impl From<ports::IndexStats> for IndexStats {
    fn from(noun: ports::IndexStats) -> Self {
        Self {
            segment_count: noun.segment_count,
            passage_count: noun.passage_count,
            resident_bytes: noun.resident_bytes,
            evicted_count: noun.evicted_count,
        }
    }
}
