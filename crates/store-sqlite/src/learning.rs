//! The learning records behind the port; writing them is `apply`'s part.

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

use crate::read::{events, held, receipts, said};
use crate::space::Space;

#[async_trait]
impl LearningRecords for Space {
    async fn events(&self, ids: &[EventId]) -> Result<Vec<LearnEvent>, PortError> {
        let ids = ids.to_vec();
        self.readers.read("reading events", move |conn| events::by_ids(conn, &ids)).await
    }

    async fn list_events(&self, query: &EventQuery) -> Result<Page<LearnEvent>, PortError> {
        let query = query.clone();
        self.readers.read("listing events", move |conn| events::list(conn, &query)).await
    }

    async fn queue_stats(&self, now: Timestamp) -> Result<QueueStats, PortError> {
        self.readers.read("counting events", move |conn| events::stats(conn, now)).await
    }

    async fn held(&self, ids: &[CandidateId]) -> Result<Vec<Held>, PortError> {
        let ids = ids.to_vec();
        self.readers.read("reading quarantine", move |conn| held::by_ids(conn, &ids)).await
    }

    async fn list_held(&self, query: &HeldQuery) -> Result<Page<Held>, PortError> {
        let query = query.clone();
        self.readers.read("listing quarantine", move |conn| held::list(conn, &query)).await
    }

    async fn summary(&self, session: SessionId) -> Result<Option<Summary>, PortError> {
        self.readers.read("reading a summary", move |conn| held::summary(conn, session)).await
    }

    async fn summaries(&self, scope: &Scope, limit: usize) -> Result<Vec<Summary>, PortError> {
        let scope = scope.clone();
        self.readers.read("listing summaries", move |conn| held::summaries(conn, &scope, limit)).await
    }

    async fn memories_by_slot(&self, scope: &Scope, keys: &[String]) -> Result<Vec<Memory>, PortError> {
        let (scope, keys) = (scope.clone(), keys.to_vec());
        self.readers.read("finding memories", move |conn| said::by_slot(conn, &scope, &keys)).await
    }

    async fn memories_by_evidence(&self, messages: &[MessageId]) -> Result<Vec<Memory>, PortError> {
        let messages = messages.to_vec();
        self.readers.read("finding memories", move |conn| said::by_evidence(conn, &messages)).await
    }

    async fn memories_by_text(&self, scope: &Scope, texts: &[String]) -> Result<Vec<Memory>, PortError> {
        let (scope, texts) = (scope.clone(), texts.to_vec());
        self.readers.read("finding memories", move |conn| said::by_text(conn, &scope, &texts)).await
    }

    async fn memories_by_name(
        &self,
        scope: &Scope,
        names: &[String],
        limit: usize,
    ) -> Result<Vec<Memory>, PortError> {
        let (scope, names) = (scope.clone(), names.to_vec());
        self.readers.read("finding memories", move |conn| said::by_name(conn, &scope, (&names, limit))).await
    }

    async fn names(&self, scope: &Scope, limit: usize) -> Result<Vec<(String, u64)>, PortError> {
        let scope = scope.clone();
        self.readers.read("counting names", move |conn| said::names(conn, &scope, limit)).await
    }

    async fn served(&self, scope: &Scope, sentences: &[String]) -> Result<Vec<String>, PortError> {
        let (scope, sentences) = (scope.clone(), sentences.to_vec());
        self.readers.read("finding what was served", move |conn| said::served(conn, &scope, &sentences)).await
    }

    async fn served_of_low_origin(
        &self,
        scope: &Scope,
        limit: usize,
    ) -> Result<Vec<(Origin, String)>, PortError> {
        let scope = scope.clone();
        self.readers
            .read("finding what was served", move |conn| receipts::of_low_origin(conn, &scope, limit))
            .await
    }

    async fn usefulness(&self, ids: &[MemoryId]) -> Result<Vec<Usefulness>, PortError> {
        let ids = ids.to_vec();
        self.readers.read("reading usefulness", move |conn| said::usefulness(conn, &ids)).await
    }

    async fn outdated(&self, old: Outdated) -> Result<Pruned, PortError> {
        self.readers.read("counting what is outdated", move |conn| events::outdated(conn, old)).await
    }

    async fn spending(&self, day: Date) -> Result<Spending, PortError> {
        self.readers.read("reading spending", move |conn| events::spending(conn, day)).await
    }
}
