//! The learning records behind the port: not kept by this store yet.

use async_trait::async_trait;
use dreamkeeper_domain::candidate::Held;
use dreamkeeper_domain::event::{LearnEvent, QueueStats, Spending};
use dreamkeeper_domain::id::{CandidateId, EventId, MemoryId, SessionId};
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::ports::{EventQuery, HeldQuery, LearningRecords, Page, PortError, PortErrorKind};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::summary::Summary;
use dreamkeeper_domain::usefulness::Usefulness;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::space::Space;

fn missing<T>() -> Result<T, PortError> {
    Err(PortError::new(PortErrorKind::Internal, "learning records cannot be kept yet"))
}

#[async_trait]
impl LearningRecords for Space {
    async fn events(&self, _ids: &[EventId]) -> Result<Vec<LearnEvent>, PortError> {
        missing()
    }

    async fn list_events(&self, _query: &EventQuery) -> Result<Page<LearnEvent>, PortError> {
        missing()
    }

    async fn queue_stats(&self, _now: Timestamp) -> Result<QueueStats, PortError> {
        missing()
    }

    async fn held(&self, _ids: &[CandidateId]) -> Result<Vec<Held>, PortError> {
        missing()
    }

    async fn list_held(&self, _query: &HeldQuery) -> Result<Page<Held>, PortError> {
        missing()
    }

    async fn summary(&self, _session: SessionId) -> Result<Option<Summary>, PortError> {
        missing()
    }

    async fn summaries(&self, _scope: &Scope, _limit: usize) -> Result<Vec<Summary>, PortError> {
        missing()
    }

    async fn memories_by_slot(&self, _scope: &Scope, _keys: &[String]) -> Result<Vec<Memory>, PortError> {
        missing()
    }

    async fn memories_by_text(&self, _scope: &Scope, _texts: &[String]) -> Result<Vec<Memory>, PortError> {
        missing()
    }

    async fn memories_by_name(
        &self,
        _scope: &Scope,
        _names: &[String],
        _limit: usize,
    ) -> Result<Vec<Memory>, PortError> {
        missing()
    }

    async fn names(&self, _scope: &Scope, _limit: usize) -> Result<Vec<(String, u64)>, PortError> {
        missing()
    }

    async fn served(&self, _scope: &Scope, _sentences: &[String]) -> Result<Vec<String>, PortError> {
        missing()
    }

    async fn usefulness(&self, _ids: &[MemoryId]) -> Result<Vec<Usefulness>, PortError> {
        missing()
    }

    async fn spending(&self, _day: Date) -> Result<Spending, PortError> {
        missing()
    }
}
