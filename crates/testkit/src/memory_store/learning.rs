//! What a space has learned and is to learn from: the records, and the port behind which they are read.

use std::collections::BTreeMap;

use async_trait::async_trait;
use dreamkeeper_domain::candidate::Held;
use dreamkeeper_domain::changeset::{Outdated, Pruned};
use dreamkeeper_domain::event::{LearnEvent, QueueStats, Spending};
use dreamkeeper_domain::id::{CandidateId, EventId, MemoryId, MessageId, SessionId};
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::ports::{EventQuery, HeldQuery, LearningRecords, Page, PortError};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::summary::Summary;
use dreamkeeper_domain::usefulness::Usefulness;
use jiff::Timestamp;
use jiff::civil::Date;

use super::space::MemorySpace;

/// An event with its place in the queue.
#[derive(Debug, Clone)]
pub(super) struct Queued {
    /// Counts up as events are queued; events of one session are worked on in this order.
    pub(super) number: u64,
    pub(super) event: LearnEvent,
}

/// The learning records of one space.
#[derive(Debug, Clone, Default)]
pub(super) struct Learning {
    pub(super) events: BTreeMap<EventId, Queued>,
    pub(super) event_count_ever: u64,
    pub(super) held: BTreeMap<CandidateId, Held>,
    pub(super) summaries: BTreeMap<SessionId, Summary>,
    pub(super) usefulness: BTreeMap<MemoryId, Usefulness>,
    pub(super) spending: BTreeMap<Date, Spending>,
}

#[async_trait]
impl LearningRecords for MemorySpace {
    async fn events(&self, ids: &[EventId]) -> Result<Vec<LearnEvent>, PortError> {
        let event = |model: &super::Model, id| model.learning.events.get(id).map(|there| there.event.clone());
        Ok(self.read(|model| ids.iter().filter_map(|id| event(model, id)).collect()))
    }

    async fn list_events(&self, query: &EventQuery) -> Result<Page<LearnEvent>, PortError> {
        self.read(|model| model.list_events(query))
    }

    async fn queue_stats(&self, now: Timestamp) -> Result<QueueStats, PortError> {
        Ok(self.read(|model| model.queue_stats(now)))
    }

    async fn held(&self, ids: &[CandidateId]) -> Result<Vec<Held>, PortError> {
        Ok(self.read(|model| ids.iter().filter_map(|id| model.learning.held.get(id).cloned()).collect()))
    }

    async fn list_held(&self, query: &HeldQuery) -> Result<Page<Held>, PortError> {
        self.read(|model| model.list_held(query))
    }

    async fn summary(&self, session: SessionId) -> Result<Option<Summary>, PortError> {
        Ok(self.read(|model| model.learning.summaries.get(&session).cloned()))
    }

    async fn summaries(&self, scope: &Scope, limit: usize) -> Result<Vec<Summary>, PortError> {
        Ok(self.read(|model| model.summaries(scope, limit)))
    }

    async fn memories_by_slot(&self, scope: &Scope, keys: &[String]) -> Result<Vec<Memory>, PortError> {
        Ok(self.read(|model| model.memories_by_slot(scope, keys)))
    }

    async fn memories_by_evidence(&self, messages: &[MessageId]) -> Result<Vec<Memory>, PortError> {
        Ok(self.read(|model| model.memories_by_evidence(messages)))
    }

    async fn memories_by_text(&self, scope: &Scope, texts: &[String]) -> Result<Vec<Memory>, PortError> {
        Ok(self.read(|model| model.memories_by_text(scope, texts)))
    }

    async fn memories_by_name(
        &self,
        scope: &Scope,
        names: &[String],
        limit: usize,
    ) -> Result<Vec<Memory>, PortError> {
        Ok(self.read(|model| model.memories_by_name(scope, names, limit)))
    }

    async fn names(&self, scope: &Scope, limit: usize) -> Result<Vec<(String, u64)>, PortError> {
        Ok(self.read(|model| model.names(scope, limit)))
    }

    async fn served(&self, scope: &Scope, sentences: &[String]) -> Result<Vec<String>, PortError> {
        Ok(self.read(|model| model.served(scope, sentences)))
    }

    async fn served_of_low_origin(
        &self,
        scope: &Scope,
        limit: usize,
    ) -> Result<Vec<(Origin, String)>, PortError> {
        Ok(self.read(|model| model.served_of_low_origin(scope, limit)))
    }

    async fn usefulness(&self, ids: &[MemoryId]) -> Result<Vec<Usefulness>, PortError> {
        Ok(self
            .read(|model| ids.iter().filter_map(|id| model.learning.usefulness.get(id).copied()).collect()))
    }

    async fn outdated(&self, old: Outdated) -> Result<Pruned, PortError> {
        Ok(self.read(|model| model.outdated(old)))
    }

    async fn spending(&self, day: Date) -> Result<Spending, PortError> {
        Ok(self.read(|model| model.learning.spending.get(&day).copied().unwrap_or_default()))
    }
}
