//! The queue: events in order of their sessions, who works on them, and what came of them.

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::changeset::{ApplyError, Outcome};
use dreamkeeper_domain::event::{EventState, LearnEvent, LearnReport, Lease, QueueStats, Settlement};
use dreamkeeper_domain::id::{EventId, MessageId, SessionId};
use dreamkeeper_domain::limits::{EVENT_ATTEMPTS_MAX, QUEUE_EVENTS_MAX};
use dreamkeeper_domain::ports::{EventQuery, Page, PortError};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::apply::not_found;
use super::learning::Queued;
use super::listing::page;
use super::model::Model;

/// What an expired lease leaves as the error of an event that was tried too often.
const NEVER_SETTLED: &str = "its worker never came back with it, too often";

impl Model {
    pub(super) fn enqueue(
        &mut self,
        event: &LearnEvent,
        (session, known): (Option<SessionId>, &BTreeSet<MessageId>),
        now: Timestamp,
    ) -> Result<Outcome, ApplyError> {
        let mut event = LearnEvent {
            session,
            state: EventState::Pending,
            attempts: 0,
            lease: None,
            settled_at: None,
            report: LearnReport::default(),
            error: None,
            ..event.clone()
        };
        event.messages.retain(|message| !known.contains(message));
        event.proposals.retain(|proposal| !self.cites_erased(proposal.messages()));
        if event.messages.is_empty() && event.proposals.is_empty() {
            return Ok(Outcome::Done);
        }
        if let Some(session) = session.filter(|session| !self.sessions.contains_key(session)) {
            return Err(not_found(format!("session {session}")));
        }
        let id = event.id;
        if self.learning.events.contains_key(&id) {
            return Ok(Outcome::Enqueued { id });
        }
        // Counting them all each time would make filling a queue take forever.
        if self.learning.events.len() >= QUEUE_EVENTS_MAX {
            let waiting = self.queue_stats(now).pending_count;
            if waiting >= QUEUE_EVENTS_MAX as u64 {
                return Err(ApplyError::QueueFull { waiting });
            }
        }
        self.learning.event_count_ever += 1;
        let number = self.learning.event_count_ever;
        self.learning.events.insert(id, Queued { number, event });
        Ok(Outcome::Enqueued { id })
    }

    pub(super) fn lease(&mut self, lease: &Lease, count_max: usize, now: Timestamp) -> Outcome {
        self.take_back_expired(now);
        let mut lanes: Vec<_> = self.ready_lanes(now).into_values().collect();
        lanes.sort_by_key(|lane| (lane[0].event.due_at, lane[0].number));
        let count_max = count_max.max(1);
        let mut events: Vec<EventId> = Vec::new();
        for lane in lanes {
            let due = lane.iter().take_while(|queued| queued.event.due_at <= now);
            let mut due: Vec<EventId> = due.map(|queued| queued.event.id).collect();
            if events.is_empty() {
                due.truncate(count_max);
            } else if events.len() + due.len() > count_max {
                break;
            }
            events.extend(due);
        }
        for id in &events {
            let event = &mut self.learning.events.get_mut(id).expect("found above").event;
            event.state = EventState::Running;
            event.attempts += 1;
            event.lease = Some(lease.clone());
        }
        Outcome::Leased { events }
    }

    fn take_back_expired(&mut self, now: Timestamp) {
        let events = self.learning.events.values_mut().map(|queued| &mut queued.event);
        for event in events.filter(|event| is_expired(event, now)) {
            event.lease = None;
            event.state = EventState::Pending;
            if event.attempts >= EVENT_ATTEMPTS_MAX {
                fail(event, NEVER_SETTLED.to_owned(), now);
            }
        }
    }

    /// What waits in each session of which nothing is running, in order; a proposal is one of its own.
    /// Only those whose first event is due.
    fn ready_lanes(&self, now: Timestamp) -> BTreeMap<(Option<SessionId>, u64), Vec<&Queued>> {
        let mut lanes = self.lanes(now);
        lanes.retain(|_, lane| lane[0].event.due_at <= now);
        lanes
    }

    fn lanes(&self, now: Timestamp) -> BTreeMap<(Option<SessionId>, u64), Vec<&Queued>> {
        let lane_of = |queued: &Queued| match queued.event.session {
            Some(session) => (Some(session), 0),
            None => (None, queued.number),
        };
        let mut lanes: BTreeMap<_, Vec<&Queued>> = BTreeMap::new();
        for queued in self.learning.events.values().filter(|queued| waits(&queued.event, now)) {
            lanes.entry(lane_of(queued)).or_default().push(queued);
        }
        for queued in self.learning.events.values() {
            if queued.event.state == EventState::Running && !waits(&queued.event, now) {
                lanes.remove(&lane_of(queued));
            }
        }
        lanes.values_mut().for_each(|lane| lane.sort_by_key(|queued| queued.number));
        lanes
    }

    pub(super) fn settle(
        &mut self,
        (worker, events): (&str, &[EventId]),
        settlement: &Settlement,
        now: Timestamp,
    ) -> Result<Outcome, ApplyError> {
        let mut settlement = settlement.clone();
        let brought = events.iter().filter_map(|id| self.learning.events.get(id));
        if self.cites_erased(brought.flat_map(|queued| queued.event.messages.iter().copied())) {
            settlement.empty_words();
        }
        for (place, id) in events.iter().enumerate() {
            let found = self.learning.events.get(id).map(|queued| &queued.event);
            let held = |event: &&LearnEvent| {
                let lease = event.lease.as_ref();
                lease.is_some_and(|lease| lease.worker == worker && now < lease.until)
            };
            if found.filter(held).is_none() {
                return Err(ApplyError::LeaseLost { worker: worker.to_owned(), event: *id });
            }
            let report = match &settlement {
                Settlement::Succeeded(report) if place == 0 => self.reported(report, now),
                _ => LearnReport::default(),
            };
            let event = &mut self.learning.events.get_mut(id).expect("found above").event;
            event.lease = None;
            match &settlement {
                Settlement::Succeeded(_) => {
                    event.state = EventState::Succeeded;
                    event.settled_at = Some(now);
                    event.report = report;
                    event.error = None;
                }
                Settlement::Retry { error, counts: true, .. } if event.attempts >= EVENT_ATTEMPTS_MAX => {
                    fail(event, error.clone(), now);
                }
                Settlement::Retry { at, error, counts } => {
                    event.attempts = event.attempts.saturating_sub(u32::from(!counts));
                    event.state = EventState::Pending;
                    event.due_at = *at;
                    event.error = Some(error.clone());
                }
                Settlement::Failed { error } => fail(event, error.clone(), now),
                Settlement::Released => {
                    event.state = EventState::Pending;
                    event.attempts = event.attempts.saturating_sub(1);
                }
            }
        }
        Ok(Outcome::Done)
    }

    /// A report as it is kept, its spending counted.
    fn reported(&mut self, report: &LearnReport, now: Timestamp) -> LearnReport {
        let mut report = report.clone();
        for decision in &mut report.decisions {
            let gone = decision.verdict.memories().iter().any(|memory| self.is_memory_erased(*memory));
            if gone || self.cites_erased(decision.messages.iter().copied()) {
                decision.empty();
            }
        }
        if report.calls > 0 || report.prompt_tokens + report.answer_tokens + report.micro_cost > 0 {
            let day = now.to_zoned(TimeZone::UTC).date();
            let spending = self.learning.spending.entry(day).or_default();
            spending.calls += u64::from(report.calls);
            spending.tokens += report.prompt_tokens + report.answer_tokens;
            spending.micro_cost += report.micro_cost;
        }
        report
    }

    /// Gives back what any worker holds.
    pub(super) fn free_leases(&mut self) -> Outcome {
        let events = self.learning.events.values_mut().map(|queued| &mut queued.event);
        for event in events.filter(|event| event.state == EventState::Running) {
            event.state = EventState::Pending;
            event.lease = None;
            event.attempts = event.attempts.saturating_sub(1);
        }
        Outcome::Done
    }

    pub(super) fn requeue(&mut self, id: EventId, now: Timestamp) -> Result<Outcome, ApplyError> {
        let queued = self.learning.events.get_mut(&id).ok_or_else(|| not_found(format!("event {id}")))?;
        let event = &mut queued.event;
        if event.state == EventState::Failed {
            event.state = EventState::Pending;
            event.attempts = 0;
            event.due_at = now;
            event.settled_at = None;
            event.error = None;
        }
        Ok(Outcome::Done)
    }

    pub(super) fn queue_stats(&self, now: Timestamp) -> QueueStats {
        let events = || self.learning.events.values().map(|queued| &queued.event);
        let count =
            |wanted: &dyn Fn(&LearnEvent) -> bool| events().filter(|event| wanted(event)).count() as u64;
        let running = |event: &LearnEvent| event.state == EventState::Running && !waits(event, now);
        QueueStats {
            pending_count: count(&|event| waits(event, now)),
            running_count: count(&running),
            failed_count: count(&|event| event.state == EventState::Failed),
            oldest_pending_at: events().filter(|event| waits(event, now)).map(|event| event.created_at).min(),
            next_due_at: self.lanes(now).values().map(|lane| lane[0].event.due_at).min(),
        }
    }

    pub(super) fn list_events(&self, query: &EventQuery) -> Result<Page<LearnEvent>, PortError> {
        let wanted = |event: &LearnEvent| {
            query.scope.covers(&event.scope)
                && query.session.is_none_or(|session| event.session == Some(session))
                && (query.states.is_empty() || query.states.contains(&event.state))
        };
        let found = self.learning.events.values().map(|queued| queued.event.clone()).filter(wanted);
        let place = |event: &LearnEvent| (event.created_at, event.id);
        page(found.collect(), place, query.after.as_deref(), query.limit)
    }
}

fn fail(event: &mut LearnEvent, error: String, now: Timestamp) {
    event.state = EventState::Failed;
    event.settled_at = Some(now);
    event.error = Some(error);
}

fn is_expired(event: &LearnEvent, now: Timestamp) -> bool {
    event.lease.as_ref().is_some_and(|lease| lease.until <= now)
}

fn waits(event: &LearnEvent, now: Timestamp) -> bool {
    event.state == EventState::Pending || is_expired(event, now)
}
