//! Propose: candidates that agents and apps hand in outright, fire and forget.

use std::collections::BTreeSet;
use std::sync::Arc;

use dreamkeeper_domain::candidate::{Candidate, Cause, Proposer};
use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::detail::{Detail, Relation, Slot, When};
use dreamkeeper_domain::event::LearnEvent;
use dreamkeeper_domain::id::{CandidateId, EventId, MessageId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::{Evidence, Kind};
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::time::Interval;

use super::context::{Context, Turn};
use super::enqueue::{blank, queued};
use super::ground::{dated, find, is_supported};
use crate::error::{check_bytes, check_count, check_scope};
use crate::ground::{EvidenceRef, refuse_temporary};
use crate::{Engine, Principal, VerbError};

/// A candidate that somebody hands in.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// What would be remembered.
    pub text: String,
    /// What it is about.
    pub kind: Kind,
    /// For whom.
    pub scope: Scope,
    /// Which property of whom it gives.
    pub slot: Option<Slot>,
    /// People, places and things that it names.
    pub entities: Vec<String>,
    /// How they stand to each other.
    pub relations: Vec<Relation>,
    /// The phrase of time in its quotes that says when.
    pub time: Option<String>,
    /// How much it matters, 0 to 1.
    pub importance: Option<f32>,
    /// Topics.
    pub categories: BTreeSet<String>,
    /// The quotes that it rests on. Without any it waits in quarantine for a person.
    pub evidence: Vec<EvidenceRef>,
}

impl Engine {
    /// Queues candidates; a worker grounds and decides about them like any others.
    ///
    /// # Errors
    /// `Forbidden` without `propose`; `Invalid` for anything over a bound; `Apply` when the queue is full.
    pub async fn propose(
        &self,
        principal: &Principal,
        proposals: Vec<Proposal>,
    ) -> Result<Vec<EventId>, VerbError> {
        principal.require(Permission::Propose)?;
        check_count("candidates", proposals.len(), limits::EVENT_CANDIDATES_MAX)?;
        if proposals.is_empty() {
            return Err(VerbError::invalid("candidates", "there are none: propose at least one"));
        }
        let space = self.space(principal).await?;
        let mut writes = Vec::new();
        for (place, proposal) in proposals.into_iter().enumerate() {
            check(place, &proposal)?;
            let at = self.now();
            let scope = proposal.scope.clone();
            let candidate = self.candidate(principal, &space, (place, proposal)).await?;
            let event = LearnEvent {
                proposals: vec![candidate],
                ..blank(EventId::new(at, self.random()), scope, at)
            };
            writes.push(Write::Enqueue(Box::new(event)));
        }
        let applied = self.apply(principal, &space, writes, |_| Vec::new()).await?;
        self.learning.woken.notify_one();
        Ok(queued(&applied.outcomes))
    }

    async fn candidate(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        (place, proposal): (usize, Proposal),
    ) -> Result<Candidate, VerbError> {
        let ids: Vec<MessageId> = proposal.evidence.iter().map(|reference| reference.message).collect();
        let settings = self.learning.settings(principal.space);
        let context = Context::gather(&**space, &ids, settings, false).await?;
        let sessions = context.turns.iter().map(|turn| turn.message.session);
        refuse_temporary(space, sessions, &format!("candidates[{place}].evidence")).await?;
        let (mut found, mut unfound) = (Vec::new(), Vec::new());
        for reference in &proposal.evidence {
            match find(Some(reference.message), &reference.quote, &context) {
                Some(evidence) => found.push(evidence),
                None => unfound.push((Some(reference.message), reference.quote.clone())),
            }
        }
        let turns: Vec<&Turn> = found.iter().map(|(turn, _)| *turn).collect();
        let at = self.now();
        let detail = Detail {
            when: proposal.time.as_deref().map(|phrase| dated(phrase, &turns)),
            slot: proposal.slot,
            entities: proposal.entities,
            relations: proposal.relations,
            importance: Some(proposal.importance.unwrap_or(0.5)),
            ..Detail::default()
        };
        let floor = turns.iter().map(|turn| turn.message.origin).min();
        Ok(Candidate {
            id: CandidateId::new(at, self.random()),
            scope: proposal.scope,
            kind: proposal.kind,
            text: proposal.text,
            detail,
            validity: Interval::default(),
            expires_at: None,
            categories: proposal.categories,
            origin: floor.map_or(principal.ceiling, |floor| floor.min(principal.ceiling)),
            said_at: turns.iter().map(|turn| turn.message.at).max().unwrap_or(at),
            evidence: found.into_iter().map(|(_, evidence)| evidence).collect(),
            unfound,
            proposer: Proposer::Actor(principal.actor.clone()),
            is_correction: false,
            replaces: None,
        })
    }

    /// What is wrong with a proposal, looked at again when it is decided about: its messages may have been erased
    /// in between.
    pub(crate) async fn proposal_causes(
        &self,
        space: &Arc<dyn SpaceStore>,
        (candidate, settings): (&Candidate, &super::LearnSettings),
    ) -> Result<BTreeSet<Cause>, VerbError> {
        if candidate.evidence.is_empty() && candidate.unfound.is_empty() {
            return Ok([Cause::Proposed].into());
        }
        let ids: Vec<MessageId> = candidate.evidence.iter().map(|evidence| evidence.message).collect();
        let context = Context::gather(&**space, &ids, settings, false).await?;
        let found: Vec<(&Turn, Evidence)> = candidate
            .evidence
            .iter()
            .filter_map(|evidence| find(Some(evidence.message), &evidence.quote, &context))
            .collect();
        let mut causes = BTreeSet::new();
        if found.len() < candidate.evidence.len() || !candidate.unfound.is_empty() {
            causes.insert(Cause::NotSaid);
        }
        let when: Option<&When> = candidate.detail.when.as_ref();
        if !is_supported(&candidate.text, &found, when, &context) {
            causes.insert(Cause::NotInQuote);
        }
        Ok(causes)
    }
}

fn check(place: usize, proposal: &Proposal) -> Result<(), VerbError> {
    let field = |name: &str| format!("candidates[{place}].{name}");
    if proposal.text.trim().is_empty() {
        return Err(VerbError::invalid(field("text"), "is empty: say what is to be remembered"));
    }
    check_bytes(&field("text"), proposal.text.len(), limits::MEMORY_BYTES_MAX)?;
    check_scope(&proposal.scope)?;
    check_count(&field("evidence"), proposal.evidence.len(), limits::MEMORY_EVIDENCE_MAX)?;
    check_count(&field("entities"), proposal.entities.len(), limits::DETAIL_NAMES_MAX)?;
    check_count(&field("relations"), proposal.relations.len(), limits::DETAIL_NAMES_MAX)?;
    check_count(&field("categories"), proposal.categories.len(), limits::MEMORY_CATEGORIES_MAX)?;
    match proposal.importance {
        Some(importance) if !(0.0..=1.0).contains(&importance) => {
            Err(VerbError::invalid(field("importance"), format!("is {importance}: give 0 to 1")))
        }
        _ => Ok(()),
    }
}
