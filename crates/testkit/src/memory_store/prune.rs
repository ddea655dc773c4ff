//! Pruning: events and closed candidates that are past their time.

use dreamkeeper_domain::candidate::{Held, HeldStatus};
use dreamkeeper_domain::changeset::{Outcome, Outdated, Pruned};
use dreamkeeper_domain::event::{EventState, LearnEvent};
use dreamkeeper_domain::id::{CandidateId, EventId};

use super::model::Model;

impl Model {
    pub(super) fn outdated(&self, old: Outdated) -> Pruned {
        let (events, held) = self.old(old);
        Pruned { event_count: events.len() as u64, held_count: held.len() as u64 }
    }

    pub(super) fn prune_learned(&mut self, old: Outdated, count_max: usize) -> Outcome {
        let (mut events, mut held) = self.old(old);
        events.truncate(count_max);
        held.truncate(count_max);
        self.learning.events.retain(|id, _| !events.contains(id));
        self.learning.held.retain(|id, _| !held.contains(id));
        Outcome::Pruned(Pruned { event_count: events.len() as u64, held_count: held.len() as u64 })
    }

    /// Oldest first.
    fn old(&self, old: Outdated) -> (Vec<EventId>, Vec<CandidateId>) {
        let is_old = |event: &LearnEvent| match event.state {
            EventState::Pending | EventState::Running => false,
            EventState::Succeeded => event.settled_at.is_some_and(|at| at < old.succeeded_before),
            EventState::Failed => event.settled_at.is_some_and(|at| at < old.failed_before),
        };
        let mut events: Vec<_> =
            self.learning.events.values().filter(|queued| is_old(&queued.event)).collect();
        events.sort_by_key(|queued| (queued.event.settled_at, queued.number));
        let closed = |held: &&Held| held.status != HeldStatus::Waiting && held.held_at < old.closed_before;
        let mut held: Vec<_> = self.learning.held.values().filter(closed).collect();
        held.sort_by_key(|held| (held.held_at, held.candidate.id));
        (
            events.into_iter().map(|queued| queued.event.id).collect(),
            held.into_iter().map(|held| held.candidate.id).collect(),
        )
    }
}
