//! Maintenance on the wire. Long work answers in lines of JSON: progress, then one result or error.

use std::collections::BTreeMap;

use dreamkeeper_domain::id::{MemoryId, SessionId, StoreId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ErrorReport;

/// One line of long work's answer (`application/x-ndjson`). The last line is a result or an error; an
/// answer that ends without one was cut off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorkLine<T> {
    /// How far it is. Lines may be left out when they come faster than they are read.
    Progress(Progress),
    /// It is done.
    Result(T),
    /// It failed; what was done stays done.
    Error(ErrorReport),
}

/// How far long work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Progress {
    /// Steps done.
    pub done: u64,
    /// Steps in all, counted at the start.
    pub total: u64,
}

/// What a reindex did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reindexed {
    /// Passages that got a new vector.
    pub embedded_count: u64,
    /// Passages whose owner has no such text any more; `doctor` tells of them.
    pub orphan_count: u64,
}

/// Whether the space is sound, and what was mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// What is wrong and could not be mended, in sentences; empty when nothing is.
    pub problems: Vec<String>,
    /// Messages and memories whose passages were compared with their text.
    pub checked_count: u64,
    /// How many passages were mended, by what was wrong with them: `missing`, `extra`, `unreadable`, `span`,
    /// `words`, `standing` (scope, speaker, origin, place or times), `vector`, `miscounted`.
    pub mended: BTreeMap<String, u64>,
    /// Passages without a vector of the current embedder; `reindex` mends that.
    pub stale_passage_count: u64,
}

/// A copy to make, on the server's own disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BackupRequest {
    /// The new file, by an absolute path; refused when it exists.
    #[schema(example = "/backups/dreamkeeper.db")]
    pub path: String,
}

/// A copy that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BackedUp {
    /// Where it is.
    pub path: String,
}

/// How a space is maintained.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MaintainRequest {
    /// Whether only to tell what would be done.
    pub dry_run: bool,
}

/// A memory that was archived, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ArchivedMemory {
    /// Its id; `restore` brings it back.
    #[schema(value_type = String, format = "uuid")]
    pub id: MemoryId,
    /// Its words.
    pub text: String,
    /// By which rule: `expired`, `past_event` or `unused`.
    #[schema(example = "expired")]
    pub rule: String,
    /// Why, in a sentence.
    pub because: String,
}

/// What maintenance did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Maintained {
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Active memories that were looked at.
    pub memory_count: u64,
    /// How many memories were archived.
    pub archived_count: u64,
    /// How many of them by each rule.
    pub archived_by_rule: BTreeMap<String, u64>,
    /// The first hundred of them.
    pub archived: Vec<ArchivedMemory>,
    /// Settled learning events that were taken away.
    pub event_count: u64,
    /// Released and rejected candidates that were taken away.
    pub held_count: u64,
    /// Temporary sessions that were erased.
    #[schema(value_type = Vec<String>)]
    pub sessions_erased: Vec<SessionId>,
    /// Stores of topics, deleted 30 days ago or earlier, that were destroyed.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub stores_purged: Vec<StoreId>,
}
