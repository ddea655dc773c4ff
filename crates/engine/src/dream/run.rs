//! Run: the steps of one dream in their order, and what is recorded of it.

use std::sync::Arc;

use dreamkeeper_domain::changeset::{Applied, ChangeSet, Expected, Outcome, Write};
use dreamkeeper_domain::dream::{
    ChangeReview, Dream, DreamError, DreamFailure, DreamOutcome, DreamOutput, DreamStatus, ProposedChange,
};
use dreamkeeper_domain::id::TopicId;
use dreamkeeper_domain::ports::{Entropy, PortError, PortErrorKind, SpaceStore};
use jiff::Timestamp;

use super::check::{Ground, check};
use super::diary::{self, Told};
use super::gather::{self, Gathered, Unread};
use super::propose::{dates, propose};
use super::{WhichChanges, gather::Look};
use crate::maintain::MaintainPolicy;
use crate::{Engine, Principal, VerbError};

/// What proposing and checking came to.
struct Found {
    changes: Vec<ProposedChange>,
    /// Changes over the budget, which are not proposed.
    left_out_count: usize,
}

impl Engine {
    /// Runs a dream that is not recorded yet, to its end.
    pub(super) async fn run_dream(
        &self,
        principal: &Principal,
        mut dream: Dream,
    ) -> Result<Dream, VerbError> {
        let space = self.space(principal).await?;
        let asked = std::mem::take(&mut dream.sessions);
        dream.sessions.clone_from(&asked);
        self.put_dream(principal, &space, (&mut dream, Expected::Absent), Vec::new()).await?;
        let expected = Expected::Version(dream.version);
        let at = self.now();
        dream.snapshot_at = Some(at);
        let changes = match self.dream_through(principal, &space, &mut dream, at).await {
            Ok(changes) => changes,
            Err(Unread::Failed(kind, message)) => {
                self.fail(&mut dream, kind, message);
                Vec::new()
            }
            Err(Unread::Verb(error)) => {
                self.fail(&mut dream, DreamFailure::InternalError, error.to_string());
                self.put_dream(principal, &space, (&mut dream, expected), Vec::new()).await?;
                return Err(error);
            }
        };
        self.put_dream(principal, &space, (&mut dream, expected), changes).await?;
        self.adopt_by_policy(principal, dream).await
    }

    async fn dream_through(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        dream: &mut Dream,
        at: Timestamp,
    ) -> Result<Vec<ProposedChange>, Unread> {
        let settings = self.learning.settings(principal.space);
        let look = gather::look(&**space, dream, &dream.sessions, at).await?;
        dream.seen = Some(look.seen);
        dream.usage.read_count = look.count();
        dream.sessions = look.sessions.iter().map(|session| session.id).collect();
        if look.is_known() {
            self.nothing_new(dream, &look);
            return Ok(Vec::new());
        }
        let gathered = look.read(&**space, dream, &settings.zone).await?;
        dream.usage.worked_count = (gathered.changed.len() + gathered.memories.len()) as u64;
        dream.usage.message_count = gathered.turns.len() as u64;
        let (policy, entropy) = (self.maintenance.clone(), self.parts.entropy.clone());
        let (id, count_max) = (dream.id, dream.budget.changes_max as usize);
        // Rules over a large store take seconds: they must not hold up the runtime.
        let task = tokio::task::spawn_blocking(move || {
            let found = find(&gathered, (id, &policy), (&*entropy, at), count_max);
            (gathered, found)
        });
        let (gathered, found) = task.await.map_err(|error| {
            PortError::new(PortErrorKind::Internal, "the rules of a dream ended unexpectedly")
                .caused_by(error)
        })?;
        let outcome = if found.left_out_count > 0 {
            let because =
                format!("the budget is {count_max} changes; {} more were found", found.left_out_count);
            DreamOutcome::Stopped { because }
        } else if found.changes.iter().any(|change| change.review == ChangeReview::Waiting) {
            DreamOutcome::Proposed
        } else {
            DreamOutcome::NothingToDo
        };
        let told = Told { outcome: &outcome, waiting_count: gathered.waiting_count };
        dream.diary = diary::write(dream, &found.changes, &told);
        self.complete(dream, outcome);
        Ok(found.changes)
    }

    fn nothing_new(&self, dream: &mut Dream, look: &Look) {
        let last = look.last.as_ref().map(|last| last.id.to_string()).unwrap_or_default();
        let because = format!("nothing changed since dream {last}, and no session is new");
        dream.diary = format!("It looked at {} topics and memories; {because}.\n", look.count());
        self.complete(dream, DreamOutcome::DidNothing { because });
    }

    fn complete(&self, dream: &mut Dream, outcome: DreamOutcome) {
        dream.status = DreamStatus::Completed;
        dream.outcome = Some(outcome);
        dream.ended_at = Some(self.now());
        (dream.holds_target, dream.lease) = (false, None);
    }

    fn fail(&self, dream: &mut Dream, kind: DreamFailure, message: String) {
        dream.status = DreamStatus::Failed;
        dream.diary = format!("It failed: {message}\n");
        dream.error = Some(DreamError { kind, message });
        dream.ended_at = Some(self.now());
        (dream.holds_target, dream.lease) = (false, None);
    }

    /// Writes the record with changes that it proposes; the record learns its new version.
    pub(super) async fn put_dream(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        (dream, expected): (&mut Dream, Expected),
        changes: Vec<ProposedChange>,
    ) -> Result<(), VerbError> {
        let mut writes = vec![Write::PutDream { dream: Box::new(dream.clone()), expected }];
        if !changes.is_empty() {
            writes.push(Write::PutProposedChanges { dream: dream.id, changes });
        }
        let set = ChangeSet { idempotency: None, actor: principal.actor.clone(), at: self.now(), writes };
        let applied = self.apply_and_follow(principal, space, set, |_: &Applied| Vec::new()).await?;
        if let Some(Outcome::Versioned { version }) = applied.outcomes.first() {
            dream.version = *version;
        }
        Ok(())
    }

    /// What the caller, who held `approve`, wanted adopted without review.
    async fn adopt_by_policy(&self, principal: &Principal, dream: Dream) -> Result<Dream, VerbError> {
        let which = match dream.output {
            DreamOutput::UpdateExisting => WhichChanges::Remaining,
            DreamOutput::Propose if !dream.auto.is_empty() => WhichChanges::Kinds(dream.auto.clone()),
            DreamOutput::Propose | DreamOutput::CreateNew => return Ok(dream),
        };
        match self.adopt_dream(principal, dream.id, which).await {
            Ok(adopted) => Ok(adopted.dream),
            // Nothing of those kinds was found.
            Err(VerbError::Invalid { .. }) => Ok(dream),
            Err(error) => Err(error),
        }
    }
}

fn find(
    gathered: &Gathered,
    (dream, policy): (dreamkeeper_domain::id::DreamId, &MaintainPolicy),
    (entropy, at): (&dyn Entropy, Timestamp),
    count_max: usize,
) -> Found {
    let mut fresh = || {
        let mut random = [0; 10];
        entropy.fill(&mut random);
        TopicId::new(at, random)
    };
    let mut changes = propose(gathered, (dream, policy), &mut fresh);
    let left_out_count = changes.len().saturating_sub(count_max);
    changes.truncate(count_max);
    let store = gathered.store.as_ref().map(|store| store.id);
    let mut ground = Ground::new(store, &gathered.topics, &gathered.memories);
    ground.dates = Some(dates::anchored(gathered, &changes));
    for (place, change) in changes.iter_mut().enumerate() {
        change.number = place as u32 + 1;
        let reasons = check(change, &ground);
        if !reasons.is_empty() {
            change.review = ChangeReview::SetAside { reasons };
        }
    }
    Found { changes, left_out_count }
}
