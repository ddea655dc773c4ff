//! Totals: how much waits in all spaces together, for whoever watches the server. Tells nothing of any one space.

use dreamkeeper_domain::candidate::HeldStatus;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::ports::HeldQuery;
use jiff::Timestamp;

use crate::{Engine, VerbError};

/// How much waits to be learned from, or to be seen by a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Events that wait.
    pub pending_count: u64,
    /// Events that a worker has.
    pub running_count: u64,
    /// Events that were given up.
    pub failed_count: u64,
    /// How long the oldest has waited, in seconds.
    pub oldest_seconds: i64,
    /// Candidates in quarantine; of one space at most [`limits::PAGE_COUNT_MAX`] are counted.
    pub held_count: u64,
}

impl Engine {
    /// How much waits in all spaces.
    ///
    /// # Errors
    /// The store's.
    pub async fn learning_totals(&self) -> Result<Totals, VerbError> {
        let now = self.now();
        let mut totals = Totals::default();
        let mut oldest: Option<Timestamp> = None;
        let waiting = HeldQuery {
            status: Some(HeldStatus::Waiting),
            limit: limits::PAGE_COUNT_MAX,
            ..HeldQuery::default()
        };
        for space in self.spaces().await? {
            let space = self.parts.store.space(space.id).await?;
            let queue = space.queue_stats(now).await?;
            totals.pending_count += queue.pending_count;
            totals.running_count += queue.running_count;
            totals.failed_count += queue.failed_count;
            oldest = [oldest, queue.oldest_pending_at].into_iter().flatten().min();
            totals.held_count += space.list_held(&waiting).await?.items.len() as u64;
        }
        totals.oldest_seconds = oldest.map_or(0, |oldest| now.duration_since(oldest).as_secs().max(0));
        Ok(totals)
    }
}
