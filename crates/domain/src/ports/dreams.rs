//! Dream records of a space: dreams, their proposed changes, and schedules. A part of [`super::SpaceStore`];
//! every write of them goes through `apply`.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Page, PortError};
use crate::dream::{Dream, DreamSchedule, DreamStatus, ProposedChange};
use crate::id::{DreamId, SessionId};

/// Which dreams to list: newest first, then by id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DreamQuery {
    /// Only those over this target ([`crate::dream::DreamTarget::key`]).
    pub target: Option<String>,
    /// Only those that stand so; any when empty.
    pub statuses: Vec<DreamStatus>,
    /// Whether archived ones are listed too.
    pub archived: bool,
    /// Only those asked for after this moment.
    pub created_after: Option<Timestamp>,
    /// Only those asked for before this moment.
    pub created_before: Option<Timestamp>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// At most this many, 1 to [`crate::limits::PAGE_COUNT_MAX`].
    pub limit: usize,
}

/// The dream records of one space.
#[async_trait]
pub trait DreamRecords: Send + Sync {
    /// A dream.
    async fn dream(&self, id: DreamId) -> Result<Option<Dream>, PortError>;

    /// Dreams.
    async fn dreams(&self, query: &DreamQuery) -> Result<Page<Dream>, PortError>;

    /// Dreams that wait, or whose worker's lease has run out by `now`, oldest first.
    async fn due_dreams(&self, now: Timestamp) -> Result<Vec<Dream>, PortError>;

    /// The changes that a dream proposed, by number.
    async fn proposed_changes(&self, dream: DreamId) -> Result<Vec<ProposedChange>, PortError>;

    /// Which of these sessions a completed dream over that target has read.
    async fn dreamt(&self, target: &str, sessions: &[SessionId]) -> Result<Vec<SessionId>, PortError>;

    /// The schedules of the space, by name.
    async fn dream_schedules(&self) -> Result<Vec<DreamSchedule>, PortError>;
}
