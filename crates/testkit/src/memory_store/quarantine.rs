//! Quarantine, summaries and feedback.

use std::cmp::Reverse;

use dreamkeeper_domain::candidate::{Closing, Held, HeldStatus};
use dreamkeeper_domain::changeset::{ApplyError, ChangeSet, Outcome};
use dreamkeeper_domain::event::LearnEvent;
use dreamkeeper_domain::id::{CandidateId, MemoryId, MessageId};
use dreamkeeper_domain::memory::Status;
use dreamkeeper_domain::ports::{HeldQuery, Page, PortError, PortErrorKind};
use dreamkeeper_domain::receipt::{Receipt, ServedSubject};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::summary::Summary;
use dreamkeeper_domain::usefulness::{Feedback, Usefulness};

use super::apply::not_found;
use super::listing::page;
use super::model::Model;

impl Model {
    pub(super) fn hold(&mut self, changes: &ChangeSet, held: &Held) -> Outcome {
        let mut held = held.clone();
        if self.cites_erased(held.candidate.messages()) {
            held.empty(&changes.actor, changes.at);
        }
        self.learning.held.entry(held.candidate.id).or_insert(held);
        Outcome::Done
    }

    pub(super) fn close_held(
        &mut self,
        id: CandidateId,
        status: HeldStatus,
        closing: &Closing,
    ) -> Result<Outcome, ApplyError> {
        let record = format!("candidate {id}");
        if status == HeldStatus::Waiting {
            let what = format!("{record} was to be closed as waiting");
            return Err(PortError::new(PortErrorKind::Internal, what).into());
        }
        let held = self.learning.held.get_mut(&id).ok_or_else(|| not_found(record.clone()))?;
        if held.status != HeldStatus::Waiting {
            let expected = "version 1, waiting".to_owned();
            return Err(ApplyError::VersionConflict { record, expected, found: 2 });
        }
        held.status = status;
        held.closed = Some(closing.clone());
        Ok(Outcome::Done)
    }

    pub(super) fn list_held(&self, query: &HeldQuery) -> Result<Page<Held>, PortError> {
        let wanted = |held: &&Held| {
            query.scope.covers(&held.candidate.scope)
                && query.status.is_none_or(|status| held.status == status)
        };
        let found = self.learning.held.values().filter(wanted).cloned();
        let place = |held: &Held| (held.held_at, held.candidate.id);
        page(found.collect(), place, query.after.as_deref(), query.limit)
    }

    pub(super) fn put_summary(&mut self, summary: &Summary) -> Result<Outcome, ApplyError> {
        if !self.sessions.contains_key(&summary.session) {
            return Err(not_found(format!("session {}", summary.session)));
        }
        let there = self.learning.summaries.get(&summary.session);
        let further = there.is_some_and(|there| there.upto > summary.upto);
        let is_whole = summary.continues.is_none_or(|upto| there.is_some_and(|there| there.upto >= upto));
        if is_whole && !further && !self.cites_erased(summary.messages.iter().copied()) {
            self.learning.summaries.insert(summary.session, summary.clone());
        }
        Ok(Outcome::Done)
    }

    pub(super) fn summaries(&self, scope: &Scope, limit: usize) -> Vec<Summary> {
        let mut found: Vec<Summary> = self
            .learning
            .summaries
            .values()
            .filter(|summary| scope.covers(&summary.scope))
            .cloned()
            .collect();
        found.sort_by_key(|summary| Reverse((self.sessions[&summary.session].last_at, summary.session)));
        found.truncate(limit);
        found
    }

    pub(super) fn put_feedback(
        &mut self,
        memory: MemoryId,
        feedback: Feedback,
    ) -> Result<Outcome, ApplyError> {
        let record = format!("memory {memory}");
        let there = self.memories.get(&memory).ok_or_else(|| not_found(record.clone()))?;
        if there.current.status == Status::Erased {
            return Err(ApplyError::Erased { record });
        }
        let counts = self.fortune_of(memory);
        let count = match feedback {
            Feedback::Used => &mut counts.used_count,
            Feedback::Helpful => &mut counts.helpful_count,
            Feedback::Irrelevant => &mut counts.irrelevant_count,
            Feedback::Wrong => &mut counts.wrong_count,
        };
        *count += 1;
        Ok(Outcome::Done)
    }

    /// Counts the memories that a new receipt tells of, each once.
    pub(super) fn note_served(&mut self, receipt: &Receipt) {
        let served = receipt.items.iter().filter_map(|item| match item.subject {
            ServedSubject::Memory { id, .. } => Some(id),
            ServedSubject::Message(_)
            | ServedSubject::Topic { .. }
            | ServedSubject::State { .. }
            | ServedSubject::Summary { .. } => None,
        });
        let served: std::collections::BTreeSet<MemoryId> = served.collect();
        for id in served {
            if self.memories.contains_key(&id) && !self.is_memory_erased(id) {
                let counts = self.fortune_of(id);
                counts.served_count += 1;
                counts.served_at = counts.served_at.max(Some(receipt.at));
            }
        }
    }

    fn fortune_of(&mut self, memory: MemoryId) -> &mut Usefulness {
        self.learning.usefulness.entry(memory).or_insert(Usefulness {
            memory,
            served_count: 0,
            used_count: 0,
            helpful_count: 0,
            irrelevant_count: 0,
            wrong_count: 0,
            served_at: None,
        })
    }

    /// Takes away what was learned from a message.
    pub(super) fn erase_learned_of_message(&mut self, changes: &ChangeSet, id: MessageId) {
        for event in self.learning.events.values_mut().map(|queued| &mut queued.event) {
            event.proposals.retain(|proposal| !proposal.messages().contains(&id));
            let citing = event.report.decisions.iter_mut().filter(|decision| decision.messages.contains(&id));
            citing.for_each(dreamkeeper_domain::event::Decision::empty);
        }
        for held in self.learning.held.values_mut().filter(|held| held.candidate.messages().contains(&id)) {
            held.empty(&changes.actor, changes.at);
        }
        let Some(message) = self.messages.get(&id) else { return };
        let of_session = |event: &&mut LearnEvent| event.session == Some(message.session);
        let events = self.learning.events.values_mut().map(|queued| &mut queued.event);
        events.filter(of_session).for_each(LearnEvent::empty_words);
        let made_of_it = |summary: &Summary| message.ordinal < summary.upto || summary.messages.contains(&id);
        if self.learning.summaries.get(&message.session).is_some_and(made_of_it) {
            self.learning.summaries.remove(&message.session);
        }
    }

    /// Takes away what tells what a memory said.
    pub(super) fn erase_learned_of_memory(&mut self, changes: &ChangeSet, id: MemoryId) {
        for event in self.learning.events.values_mut().map(|queued| &mut queued.event) {
            let decisions = event.report.decisions.iter_mut();
            let telling = decisions.filter(|decision| decision.verdict.memories().contains(&id));
            telling.for_each(dreamkeeper_domain::event::Decision::empty);
        }
        let of_it = |held: &&mut Held| held.closed.as_ref().is_some_and(|closed| closed.memory == Some(id));
        for held in self.learning.held.values_mut().filter(of_it) {
            held.empty(&changes.actor, changes.at);
        }
        self.learning.usefulness.remove(&id);
    }

    pub(super) fn cites_erased(&self, messages: impl IntoIterator<Item = MessageId>) -> bool {
        messages.into_iter().any(|id| self.messages.get(&id).is_some_and(|message| message.erased))
    }

    pub(super) fn is_memory_erased(&self, id: MemoryId) -> bool {
        self.memories.get(&id).is_some_and(|record| record.current.status == Status::Erased)
    }
}
