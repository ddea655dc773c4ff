//! Learning records of a space: the queue, quarantine, summaries, usefulness, and the ways to find memories
//! by what they say. A part of [`super::SpaceStore`]; every write of them goes through `apply`.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{Page, PortError};
use crate::candidate::{Held, HeldStatus};
use crate::changeset::{Outdated, Pruned};
use crate::event::{EventState, LearnEvent, QueueStats, Spending};
use crate::id::{CandidateId, EventId, MemoryId, MessageId, SessionId};
use crate::memory::Memory;
use crate::origin::Origin;
use crate::scope::Scope;
use crate::summary::Summary;
use crate::usefulness::Usefulness;

/// Which events to list: newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EventQuery {
    /// For whom.
    pub scope: Scope,
    /// Only those of this session.
    pub session: Option<SessionId>,
    /// Only those that stand so; any when empty.
    pub states: Vec<EventState>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// At most this many, 1 to [`crate::limits::PAGE_COUNT_MAX`].
    pub limit: usize,
}

/// Which held candidates to list: newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HeldQuery {
    /// For whom.
    pub scope: Scope,
    /// Only those that stand so; any when absent.
    pub status: Option<HeldStatus>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// At most this many, 1 to [`crate::limits::PAGE_COUNT_MAX`].
    pub limit: usize,
}

/// The learning records of one space.
#[async_trait]
pub trait LearningRecords: Send + Sync {
    /// The events with these ids that exist, in any order.
    async fn events(&self, ids: &[EventId]) -> Result<Vec<LearnEvent>, PortError>;

    /// Events under a scope.
    async fn list_events(&self, query: &EventQuery) -> Result<Page<LearnEvent>, PortError>;

    /// How full the queue is; running ones whose lease has run out by `now` count as pending.
    async fn queue_stats(&self, now: Timestamp) -> Result<QueueStats, PortError>;

    /// The held candidates with these ids that exist, in any order.
    async fn held(&self, ids: &[CandidateId]) -> Result<Vec<Held>, PortError>;

    /// Held candidates under a scope.
    async fn list_held(&self, query: &HeldQuery) -> Result<Page<Held>, PortError>;

    /// The summary of a session.
    async fn summary(&self, session: SessionId) -> Result<Option<Summary>, PortError>;

    /// Summaries under a scope, those of the latest sessions first, at most `limit`.
    async fn summaries(&self, scope: &Scope, limit: usize) -> Result<Vec<Summary>, PortError>;

    /// Memories whose user, agent, app and run are exactly the scope's and whose slot has one of these keys
    /// ([`crate::detail::Slot::key`]), active and superseded ones, by `updated_at` and id.
    async fn memories_by_slot(&self, scope: &Scope, keys: &[String]) -> Result<Vec<Memory>, PortError>;

    /// Memories whose user, agent, app and run are exactly the scope's and whose text, normalised
    /// ([`crate::detail::normalised`]), is one of these, active ones only.
    async fn memories_by_text(&self, scope: &Scope, texts: &[String]) -> Result<Vec<Memory>, PortError>;

    /// Memories of any status, erased ones aside, that quote one of these messages, in any order.
    async fn memories_by_evidence(&self, messages: &[MessageId]) -> Result<Vec<Memory>, PortError>;

    /// Active memories under a scope that name one of these ([`crate::detail::Detail::names`]), newest change
    /// first, at most `limit`.
    async fn memories_by_name(
        &self,
        scope: &Scope,
        names: &[String],
        limit: usize,
    ) -> Result<Vec<Memory>, PortError>;

    /// The names under a scope with how many active memories name each, most named first, at most `limit`.
    async fn names(&self, scope: &Scope, limit: usize) -> Result<Vec<(String, u64)>, PortError>;

    /// Which of these normalised sentences a recall under exactly this user and agent has served, in a receipt that is
    /// still kept. Sentences of served memories only: words that a person said themselves are theirs to
    /// repeat.
    async fn served(&self, scope: &Scope, sentences: &[String]) -> Result<Vec<String>, PortError>;

    /// What recalls under exactly this user and agent have served of tools and outsiders, with its origin, in at most
    /// `limit` of the latest receipts that are still kept, the latest first; without what was erased since.
    async fn served_of_low_origin(
        &self,
        scope: &Scope,
        limit: usize,
    ) -> Result<Vec<(Origin, String)>, PortError>;

    /// How these memories have fared; those that nothing is known of are left out.
    async fn usefulness(&self, ids: &[MemoryId]) -> Result<Vec<Usefulness>, PortError>;

    /// How many records are past their time.
    async fn outdated(&self, old: Outdated) -> Result<Pruned, PortError>;

    /// What models took on a day (UTC).
    async fn spending(&self, day: Date) -> Result<Spending, PortError>;
}
