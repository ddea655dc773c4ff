//! Store: the system of record. Writes are data, reads are of one space, everything answered is durable.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{DreamRecords, LearningRecords, PortError, TopicRecords};
use crate::actor::Actor;
use crate::changeset::{Applied, ApplyError, ChangeSet};
use crate::filter::Filter;
use crate::id::{MemoryId, MessageId, ReceiptId, SessionId, SpaceId};
use crate::memory::{Memory, Status};
use crate::message::Message;
use crate::origin::Origin;
use crate::passage::{EmbedderIdentity, Owner, Passage, PassageSeq, StoredPassage};
use crate::receipt::Receipt;
use crate::scope::{Scope, SegmentKey};
use crate::session::Session;
use crate::state::StateEntry;
use crate::version::Version;

/// Opens spaces.
#[async_trait]
pub trait Store: Send + Sync {
    /// The records of one space; made on first use.
    ///
    /// # Errors
    /// `Corrupt` and `Newer` leave the file untouched.
    async fn space(&self, id: SpaceId) -> Result<Arc<dyn SpaceStore>, PortError>;
}

/// One page of records, in the order of the question.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The records.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<String>,
}

/// One page of memories.
pub type MemoryPage = Page<Memory>;

/// Which memories to list: newest change first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MemoryQuery {
    /// For whom.
    pub scope: Scope,
    /// A further test.
    pub filter: Option<Filter>,
    /// Which statuses; empty means active only.
    pub statuses: Vec<Status>,
    /// Only pinned ones.
    pub pinned_only: bool,
    /// Leaves out those expired by this moment.
    pub unexpired_at: Option<Timestamp>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// At most this many, 1 to [`crate::limits::PAGE_COUNT_MAX`].
    pub limit: usize,
}

/// Which sessions to list: latest message first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SessionQuery {
    /// For whom.
    pub scope: Scope,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// At most this many, 1 to [`crate::limits::PAGE_COUNT_MAX`].
    pub limit: usize,
}

/// What a space holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpaceStats {
    /// Sessions.
    pub session_count: u64,
    /// Messages, erased ones included.
    pub message_count: u64,
    /// Memories by status, as (status word, count).
    pub memory_counts: Vec<(String, u64)>,
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
    /// Passages without a vector of the embedder that was asked for.
    pub stale_passage_count: u64,
    /// Bytes of the space's files on disk.
    pub disk_bytes: u64,
}

/// One applied ChangeSet, as the audit keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Counts from 1 in a space.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What was written, one word for each write with its record.
    pub writes: Vec<String>,
}

/// One index segment of a space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentSummary {
    /// Which.
    pub key: SegmentKey,
    /// Its passages, retired ones included.
    pub passage_count: u64,
}

/// What a recall serves without a question, for whom, when.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SnapshotQuery {
    /// For whom.
    pub scope: Scope,
    /// As recorded at that moment; now unless told.
    pub as_of: Option<Timestamp>,
    /// Which pins; tested before they are cut to [`crate::limits::PINNED_RECALL_COUNT_MAX`].
    pub pins: PinTest,
}

/// Which pinned memories a recall serves; all of them unless told.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PinTest {
    /// The lowest origin let through.
    pub min_origin: Option<Origin>,
    /// Only those true at that moment.
    pub valid_at: Option<Timestamp>,
    /// Leaves out those expired by this moment.
    pub unexpired_at: Option<Timestamp>,
    /// A further test.
    pub filter: Option<Filter>,
}

impl PinTest {
    /// Whether a memory passes; that it is pinned and active is not tested here.
    pub fn admits(&self, memory: &Memory) -> bool {
        self.min_origin.is_none_or(|lowest| memory.origin >= lowest)
            && self.valid_at.is_none_or(|moment| memory.validity.contains(moment))
            && self.unexpired_at.is_none_or(|moment| !memory.is_expired(moment))
            && self.filter.as_ref().is_none_or(|filter| filter.admits(memory))
    }
}

/// What several reads need from one moment: all that the scope of one recall serves without a question.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snapshot {
    /// The current state entries under the scope, by key.
    pub state: Vec<StateEntry>,
    /// The pinned, active memories under the scope, newest change first.
    pub pinned: Vec<Memory>,
}

/// Messages with the turns around them, read at one moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Surroundings {
    /// The messages asked for and the turns around them, each once, by session and place.
    pub messages: Vec<Message>,
    /// The sessions that they stand in, each once.
    pub sessions: Vec<Session>,
}

/// The passages that one text brought, as they are found: what is lost is not there, what cannot be read has
/// no passage.
#[derive(Debug, Clone, PartialEq)]
pub struct Holding {
    /// The text's owner.
    pub owner: Owner,
    /// Which version of a memory; 0 for a message.
    pub version: u32,
    /// Its passages, in order of place.
    pub passages: Vec<(PassageSeq, Option<Passage>)>,
}

/// What stands loose among the passages of a space.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LooseEnds {
    /// The file itself is damaged: nothing should be written to it.
    pub is_damaged: bool,
    /// Passages that no message and no version of a memory counts as its own.
    pub stray_count: u64,
    /// Counters that do not count what is there.
    pub miscount_count: u64,
}

/// The records of one space. No method can reach another space's.
///
/// Obligations: a read sees every ChangeSet that was answered before it began, whole; `apply` answers only
/// when the change survives a power cut; concurrent `apply` calls may share one sync (group commit), and a
/// failing one fails alone; answers under idempotency keys, receipts and audit entries past their age
/// ([`crate::limits`]) go, a few with each ChangeSet; when the disk is full or read-only writes give `Full` or `ReadOnly` and reads
/// go on.
#[async_trait]
pub trait SpaceStore: LearningRecords + TopicRecords + DreamRecords {
    /// Applies a ChangeSet whole, or not at all.
    async fn apply(&self, changes: ChangeSet) -> Result<Applied, ApplyError>;

    /// A session.
    async fn session(&self, id: SessionId) -> Result<Option<Session>, PortError>;

    /// The session of that key whose user, agent, app and run are exactly the scope's.
    async fn session_by_key(&self, scope: &Scope, key: &str) -> Result<Option<Session>, PortError>;

    /// The latest recorded keyless session whose user, agent, app and run are exactly the scope's.
    async fn current_session(&self, scope: &Scope) -> Result<Option<Session>, PortError>;

    /// Sessions under a scope.
    async fn sessions(&self, query: &SessionQuery) -> Result<Page<Session>, PortError>;

    /// The messages with these ids that exist, in any order.
    async fn messages(&self, ids: &[MessageId]) -> Result<Vec<Message>, PortError>;

    /// The messages with these ids that exist, the turns at most `reach` places before and after each in its
    /// session, and those sessions. One read, because a recall waits for it.
    async fn surroundings(&self, ids: &[MessageId], reach: u32) -> Result<Surroundings, PortError>;

    /// Messages of a session with ordinals in `[from, to)`, in order, at most
    /// [`crate::limits::PAGE_COUNT_MAX`].
    async fn turns(&self, session: SessionId, from: u32, to: u32) -> Result<Vec<Message>, PortError>;

    /// The memories with these ids that exist, in any order, whatever their status. With `as_of`, as they
    /// were recorded at that moment; those recorded later are left out.
    async fn memories(&self, ids: &[MemoryId], as_of: Option<Timestamp>) -> Result<Vec<Memory>, PortError>;

    /// Memories by scope and filter.
    async fn list_memories(&self, query: &MemoryQuery) -> Result<MemoryPage, PortError>;

    /// Every owner under the scope that passes the filter, messages and memories of any status; for
    /// filters over properties that an index does not hold. With `as_of`, scope and properties are those
    /// recorded at that moment, and what was recorded later is left out.
    async fn owners(
        &self,
        scope: &Scope,
        filter: &Filter,
        as_of: Option<Timestamp>,
    ) -> Result<Vec<Owner>, PortError>;

    /// Every version of a memory, oldest first; empty when there is no such memory.
    async fn memory_versions(&self, id: MemoryId) -> Result<Vec<Version>, PortError>;

    /// A state key of one exact scope, removed ones too.
    async fn state(&self, scope: &Scope, key: &str) -> Result<Option<StateEntry>, PortError>;

    /// State entries with a value under a scope, by key, at most [`crate::limits::PAGE_COUNT_MAX`].
    async fn list_state(&self, scope: &Scope) -> Result<Vec<StateEntry>, PortError>;

    /// State keys under a scope that have content in any version, removed ones too, in any order, at most
    /// [`crate::limits::PAGE_COUNT_MAX`]; what an erase has to go through.
    async fn state_keys(&self, scope: &Scope) -> Result<Vec<(Scope, String)>, PortError>;

    /// Every version of a state key, oldest first.
    async fn state_versions(&self, scope: &Scope, key: &str) -> Result<Vec<Version>, PortError>;

    /// What the scope of a recall is served without a question: state, and the pinned memories that pass,
    /// each bounded by its limit, read at one moment.
    async fn snapshot(&self, query: &SnapshotQuery) -> Result<Snapshot, PortError>;

    /// A receipt.
    async fn receipt(&self, id: ReceiptId) -> Result<Option<Receipt>, PortError>;

    /// The index segments of the space, by key.
    async fn segments(&self) -> Result<Vec<SegmentSummary>, PortError>;

    /// Passages of a segment after a place, in order of place, at most `limit`.
    async fn passages(
        &self,
        segment: &SegmentKey,
        after: Option<PassageSeq>,
        limit: usize,
    ) -> Result<Vec<StoredPassage>, PortError>;

    /// Passages of the whole space, in order of place after one, whose vector is missing or of another
    /// embedder, at most `limit`.
    async fn stale_passages(
        &self,
        embedder: &EmbedderIdentity,
        after: Option<PassageSeq>,
        limit: usize,
    ) -> Result<Vec<StoredPassage>, PortError>;

    /// The passages of the owners after one, at most `limit` owners: messages by id, then memories by id, every
    /// version of a memory from the first on; erased ones too.
    async fn holdings(&self, after: Option<Owner>, limit: usize) -> Result<Vec<Holding>, PortError>;

    /// What stands loose among the passages; [`crate::changeset::Write::SweepPassages`] puts it right.
    async fn loose_ends(&self) -> Result<LooseEnds, PortError>;

    /// The audit after a number, oldest first, at most `limit`.
    async fn audit(&self, after: u64, limit: usize) -> Result<Vec<AuditEntry>, PortError>;

    /// Temporary sessions with content whose latest message was recorded before a moment, oldest first, at most
    /// `limit`.
    async fn idle_temporary_sessions(
        &self,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<SessionId>, PortError>;

    /// When the space was maintained last ([`crate::changeset::Write::NoteMaintained`]).
    async fn maintained_at(&self) -> Result<Option<Timestamp>, PortError>;

    /// What the space holds.
    async fn stats(&self, embedder: &EmbedderIdentity) -> Result<SpaceStats, PortError>;

    /// Reads everything and tells, in sentences, what is wrong; empty when nothing is.
    async fn check(&self) -> Result<Vec<String>, PortError>;

    /// Copies the space to a new file while serving; `progress` is told pages done and pages in all.
    async fn backup(&self, to: &Path, progress: &(dyn Fn(u64, u64) + Send + Sync)) -> Result<(), PortError>;
}
