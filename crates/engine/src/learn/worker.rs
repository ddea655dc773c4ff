//! Worker: takes learning events off the queue, works on sessions side by side, and settles each batch in the same
//! ChangeSet that writes what was learned.
//!
//! A worker that dies loses nothing: its leases run out, and a batch that was half done was not written at all.

use std::sync::Arc;
use std::time::Duration;

use dreamkeeper_domain::changeset::{ApplyError, Outcome, Write};
use dreamkeeper_domain::event::{LearnEvent, Settlement};
use dreamkeeper_domain::id::{EventId, SpaceId};
use dreamkeeper_domain::limits;
use dreamkeeper_domain::ports::{PortError, PortErrorKind, SpaceStore};
use jiff::SignedDuration;
use tracing::{Instrument, info_span};

use super::run::Run;
use crate::{Engine, Principal, VerbError};

/// Sessions that one worker works on at one time.
const SESSIONS_AT_ONCE: usize = 4;
/// Turns that one call of a model is given, and that rules read at one time, when more waits.
const MODEL_TURNS_MAX: usize = 16;
const RULES_TURNS_MAX: usize = 256;
/// The longest wait between two tries, and the wait for a model that is down or unpaid.
const RETRY_SECONDS_MAX: i64 = 600;
/// How long an idle worker sleeps when nobody wakes it: tries that become due wake nobody.
const IDLE: Duration = Duration::from_millis(500);

/// What one round of a worker did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    /// Events that were settled, in whatever way.
    pub settled_count: usize,
}

impl Engine {
    /// Works until `stop` resolves, over all spaces in turn; then finishes what it holds.
    pub async fn work(&self, stop: impl Future<Output = ()> + Send) {
        let worker = self.worker_name();
        tokio::pin!(stop);
        loop {
            let settled = {
                let round = self.round_of_all(&worker);
                tokio::pin!(round);
                tokio::select! {
                    // A round that was begun is ended: cut off, its events would wait for their leases to run out.
                    () = &mut stop => {
                        round.await;
                        break;
                    }
                    settled = &mut round => settled,
                }
            };
            if settled > 0 {
                continue;
            }
            tokio::select! {
                () = &mut stop => break,
                () = self.learning.woken.notified() => {}
                () = tokio::time::sleep(IDLE) => {}
            }
        }
    }

    /// One round over every space: each gets its turn, however much waits in another.
    async fn round_of_all(&self, worker: &str) -> usize {
        let spaces = match self.spaces().await {
            Ok(spaces) => spaces,
            Err(error) => {
                tracing::warn!(%error, "the spaces cannot be listed: learning waits");
                return 0;
            }
        };
        let mut settled = 0;
        for space in spaces {
            match self.learn_round(space.id, worker).await {
                Ok(round) => settled += round.settled_count,
                Err(error) => tracing::warn!(space = %space.name, %error, "learning waits in this space"),
            }
        }
        settled
    }

    /// Takes what is due in one space and learns from it.
    ///
    /// # Errors
    /// The store's; what failed for another reason is told by the events themselves.
    pub async fn learn_round(&self, id: SpaceId, worker: &str) -> Result<Round, VerbError> {
        let space = self.parts.store.space(id).await?;
        if self.learning.is_first_round(id) {
            // One process owns the directory: who held something before it began is gone.
            self.apply(&learner(id), &space, vec![Write::FreeLeases], |_| Vec::new()).await?;
        }
        if space.queue_stats(self.now()).await?.pending_count == 0 {
            return Ok(Round::default());
        }
        let batches = by_session(self.lease(id, &space, worker).await?);
        let settled_count = batches.iter().map(Vec::len).sum();
        let mut batches = batches.into_iter();
        let mut running = tokio::task::JoinSet::new();
        loop {
            while running.len() < SESSIONS_AT_ONCE
                && let Some(batch) = batches.next()
            {
                let (engine, space, worker) = (self.clone(), space.clone(), worker.to_owned());
                running.spawn(async move { engine.learn_batch(id, &space, &worker, batch).await });
            }
            match running.join_next().await {
                None => break,
                Some(Ok(())) => {}
                Some(Err(error)) => {
                    tracing::error!(%error, "a batch ended unexpectedly; its lease will run out")
                }
            }
        }
        self.learning.settled.notify_waiters();
        Ok(Round { settled_count })
    }

    async fn lease(
        &self,
        id: SpaceId,
        space: &Arc<dyn SpaceStore>,
        worker: &str,
    ) -> Result<Vec<LearnEvent>, VerbError> {
        let has_model = self.learning.model.is_some();
        let seconds = if has_model { limits::LEASE_MODEL_SECONDS } else { limits::LEASE_SECONDS };
        let until = self.now() + SignedDuration::from_secs(seconds);
        let lease = Write::Lease { worker: worker.to_owned(), until, count_max: limits::LEASE_EVENTS_MAX };
        let applied = self.apply(&learner(id), space, vec![lease], |_| Vec::new()).await?;
        let Some(Outcome::Leased { events: ids }) = applied.outcomes.into_iter().next() else {
            return Ok(Vec::new());
        };
        let mut events = space.events(&ids).await?;
        events.sort_by_key(|event| ids.iter().position(|id| *id == event.id));
        Ok(events)
    }

    /// Learns from the events of one session, in order, a few at a time; after one that fails the others wait.
    async fn learn_batch(
        &self,
        id: SpaceId,
        space: &Arc<dyn SpaceStore>,
        worker: &str,
        events: Vec<LearnEvent>,
    ) {
        let mut rest = events.as_slice();
        while !rest.is_empty() {
            let (step, after) = rest.split_at(self.step_length(rest));
            rest = after;
            let span = info_span!("learn", session = ?step[0].session, event_count = step.len());
            let Err(error) = self.try_batch(id, space, worker, step).instrument(span).await else { continue };
            if matches!(&error, VerbError::Apply(ApplyError::LeaseLost { .. })) {
                tracing::debug!(%error, "another worker has the batch");
                return;
            }
            self.settle(id, space, worker, (step, self.settlement(step, &error))).await;
            if !rest.is_empty() {
                self.settle(id, space, worker, (rest, Settlement::Released)).await;
            }
            return;
        }
    }

    /// How many of the waiting events are read together. One that failed before is tried alone, so that it does
    /// not take others with it.
    fn step_length(&self, events: &[LearnEvent]) -> usize {
        let turns_max = if self.learning.model.is_some() { MODEL_TURNS_MAX } else { RULES_TURNS_MAX };
        let mut turns = 0;
        let fits = |event: &&LearnEvent| {
            turns += event.messages.len();
            turns <= turns_max && event.attempts == events[0].attempts && event.attempts <= 1
        };
        events.iter().take_while(fits).count().max(1)
    }

    async fn settle(
        &self,
        id: SpaceId,
        space: &Arc<dyn SpaceStore>,
        worker: &str,
        (events, settlement): (&[LearnEvent], Settlement),
    ) {
        let ids: Vec<EventId> = events.iter().map(|event| event.id).collect();
        let settle = Write::Settle { worker: worker.to_owned(), events: ids, settlement: settlement.clone() };
        if let Err(error) = self.apply(&learner(id), space, vec![settle], |_| Vec::new()).await {
            tracing::warn!(%error, "events could not be settled; their lease will run out");
            return;
        }
        if settlement != Settlement::Released {
            self.learning.telling.settled(id, events, &settlement);
        }
    }

    async fn try_batch(
        &self,
        id: SpaceId,
        space: &Arc<dyn SpaceStore>,
        worker: &str,
        events: &[LearnEvent],
    ) -> Result<(), VerbError> {
        let settings = self.learning.settings(id);
        self.check_budget(space, settings).await?;
        let run = Run { engine: self, id, space, settings };
        let extracted = run.extract(events).await?;
        let Some(scope) = events.first().map(|event| event.scope.clone()) else { return Ok(()) };
        let _deciding = self.learning.locks.hold(id, &scope).await;
        let learned = run.decide(events, extracted).instrument(info_span!("decide")).await?;
        let settlement = Settlement::Succeeded(Box::new(learned.report));
        let mut writes: Vec<Write> = vec![Write::Settle {
            worker: worker.to_owned(),
            events: events.iter().map(|event| event.id).collect(),
            settlement: settlement.clone(),
        }];
        writes.extend(learned.held.into_iter().map(|held| Write::Hold(Box::new(held))));
        writes.extend(learned.summary.map(|summary| Write::PutSummary(Box::new(summary))));
        let learner = learner(id);
        let committing = self.commit_with(&learner, space, learned.changes, writes);
        committing.instrument(info_span!("commit")).await?;
        self.learning.telling.settled(id, events, &settlement);
        Ok(())
    }

    /// What an error makes of its events: a model that is down, unpaid or wrongly set up is waited for, anything
    /// else is tried a few times.
    fn settlement(&self, events: &[LearnEvent], error: &VerbError) -> Settlement {
        let attempts = events.iter().map(|event| event.attempts).max().unwrap_or(0);
        let waits = matches!(error, VerbError::Port(PortError { kind, temporary, .. })
            if *temporary || matches!(kind, PortErrorKind::Refused | PortErrorKind::Full | PortErrorKind::ReadOnly));
        if !waits && attempts + 1 >= limits::EVENT_ATTEMPTS_MAX {
            return Settlement::Failed { error: error.to_string() };
        }
        let seconds = 1_i64.checked_shl(attempts.min(20)).unwrap_or(i64::MAX).min(RETRY_SECONDS_MAX);
        Settlement::Retry {
            at: self.now() + SignedDuration::from_secs(seconds),
            error: error.to_string(),
            counts: !waits,
        }
    }

    fn worker_name(&self) -> String {
        let random: String = self.random().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("worker-{random}")
    }
}

/// In whose name learning writes.
pub(crate) fn learner(space: SpaceId) -> Principal {
    Principal::system(space, "learning")
}

/// Events of one session stay together and in order; proposals stand alone.
fn by_session(events: Vec<LearnEvent>) -> Vec<Vec<LearnEvent>> {
    let mut batches: Vec<Vec<LearnEvent>> = Vec::new();
    for event in events {
        let known =
            batches.iter_mut().find(|batch| event.session.is_some() && batch[0].session == event.session);
        match known {
            Some(batch) => batch.push(event),
            None => batches.push(vec![event]),
        }
    }
    batches
}
