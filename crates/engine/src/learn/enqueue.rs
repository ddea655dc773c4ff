//! Enqueue: what is to be learned from, as events in the ChangeSet that records it.

use dreamkeeper_domain::changeset::{Outcome, Write};
use dreamkeeper_domain::event::{EventState, LearnEvent, LearnReport};
use dreamkeeper_domain::id::{EventId, MessageId, SessionId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::scope::Scope;
use jiff::Timestamp;

use crate::{Engine, Principal, VerbError};

/// Whether messages are learned from, and when.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Learn {
    /// Never by themselves; a session can be learned from later by name.
    #[default]
    Off,
    /// By a worker, after the append was acknowledged.
    Later,
    /// Before the append is answered.
    Now,
}

/// Which messages of a session to learn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnFrom {
    /// The session.
    pub session: SessionId,
    /// From this ordinal on.
    pub from: u32,
    /// Whether to wait until it is done.
    pub wait: bool,
}

/// Events that were queued.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Queued {
    /// Their ids, in order.
    pub events: Vec<EventId>,
    /// The events as they stand, when it was waited for them.
    pub settled: Vec<LearnEvent>,
}

impl Engine {
    /// Learns from messages of a session that is recorded already.
    ///
    /// # Errors
    /// `Forbidden` without `write`; `NotFound` for an unknown session; `Invalid` for a temporary one; `Apply` when the
    /// queue is full.
    pub async fn learn(&self, principal: &Principal, from: LearnFrom) -> Result<Queued, VerbError> {
        principal.require(Permission::Write)?;
        let space = self.space(principal).await?;
        let session = space.session(from.session).await?;
        let session = session.ok_or_else(|| VerbError::not_found("session", from.session))?;
        if session.temporary {
            let problem = "the session is temporary: nothing is learned from it";
            return Err(VerbError::invalid("session", problem));
        }
        let mut events = Vec::new();
        let mut next = from.from;
        while next < session.message_count {
            let end = next.saturating_add(limits::EVENT_MESSAGES_MAX as u32).min(session.message_count);
            let turns = space.turns(session.id, next, end).await?;
            let ids: Vec<MessageId> = turns.iter().map(|message| message.id).collect();
            events.extend(self.event_of(&session.scope, Some(session.id), ids));
            next = end;
        }
        let writes = events.into_iter().map(|event| Write::Enqueue(Box::new(event))).collect();
        let applied = self.apply(principal, &space, writes, |_| Vec::new()).await?;
        let ids = queued(&applied.outcomes);
        self.learning.woken.notify_one();
        let settled = if from.wait { self.settled(principal, &ids).await? } else { Vec::new() };
        Ok(Queued { events: ids, settled })
    }

    /// An event of those messages, waiting from now on; `None` without any.
    pub(crate) fn event_of(
        &self,
        scope: &Scope,
        session: Option<SessionId>,
        messages: Vec<MessageId>,
    ) -> Option<LearnEvent> {
        if messages.is_empty() {
            return None;
        }
        let at = self.now();
        Some(LearnEvent { messages, session, ..blank(EventId::new(at, self.random()), scope.clone(), at) })
    }

    /// Works on the queue until these events are settled; answers them.
    pub(crate) async fn settled(
        &self,
        principal: &Principal,
        ids: &[EventId],
    ) -> Result<Vec<LearnEvent>, VerbError> {
        let space = self.space(principal).await?;
        let worker = format!("waiting-{}", EventId::new(self.now(), self.random()));
        loop {
            let told = self.learning.settled.notified();
            let mut events = space.events(ids).await?;
            let waits = |event: &LearnEvent| matches!(event.state, EventState::Pending | EventState::Running);
            let tried = |event: &LearnEvent| event.state == EventState::Pending && event.error.is_some();
            if !events.iter().any(|event| waits(event) && !tried(event)) {
                events.sort_by_key(|event| ids.iter().position(|id| *id == event.id));
                return Ok(events);
            }
            if self.learn_round(principal.space, &worker).await?.settled_count == 0 {
                // Another worker has them; it tells when it is done, and dies silently.
                let _slept = tokio::time::timeout(std::time::Duration::from_millis(100), told).await;
            }
        }
    }
}

/// A waiting event with nothing in it yet.
pub(crate) fn blank(id: EventId, scope: Scope, at: Timestamp) -> LearnEvent {
    LearnEvent {
        id,
        scope,
        session: None,
        messages: Vec::new(),
        proposals: Vec::new(),
        created_at: at,
        state: EventState::Pending,
        attempts: 0,
        due_at: at,
        lease: None,
        settled_at: None,
        report: LearnReport::default(),
        error: None,
    }
}

/// The events that a ChangeSet queued.
pub(crate) fn queued(outcomes: &[Outcome]) -> Vec<EventId> {
    let event = |outcome: &Outcome| match outcome {
        Outcome::Enqueued { id } => Some(*id),
        _ => None,
    };
    outcomes.iter().filter_map(event).collect()
}
