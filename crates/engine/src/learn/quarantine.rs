//! Quarantine: what is held back is shown to a person, who lets it through or refuses it.

use dreamkeeper_domain::candidate::{Candidate, Closing, Held, HeldStatus, Proposer};
use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::event::Verdict;
use dreamkeeper_domain::id::{CandidateId, MemoryId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::ports::{HeldQuery, Page};

use super::run::Run;
use crate::error::{check_count, check_reason, check_scope};
use crate::{Engine, Principal, VerbError};

impl Engine {
    /// Held candidates under a scope, newest first.
    ///
    /// # Errors
    /// `Forbidden` without `approve`: what is held may be a secret.
    pub async fn list_held(&self, principal: &Principal, query: HeldQuery) -> Result<Page<Held>, VerbError> {
        principal.require(Permission::Approve)?;
        check_scope(&query.scope)?;
        check_count("limit", query.limit, limits::PAGE_COUNT_MAX)?;
        Ok(self.space(principal).await?.list_held(&query).await?)
    }

    /// One held candidate.
    ///
    /// # Errors
    /// `Forbidden` without `approve`; `NotFound`.
    pub async fn held(&self, principal: &Principal, id: CandidateId) -> Result<Held, VerbError> {
        principal.require(Permission::Approve)?;
        let found = self.space(principal).await?.held(&[id]).await?.pop();
        found.ok_or_else(|| VerbError::not_found("held candidate", id))
    }

    /// Lets a held candidate through: it is decided about as if nothing had held it. With `raise` it stands under the
    /// principal's own origin from here on, because a person vouches for it (invariant 2).
    ///
    /// # Errors
    /// `Forbidden` without `approve`; `NotFound`; `Apply` when it was closed already; `Invalid` when it takes back
    /// what a higher origin said and is not raised.
    pub async fn release(
        &self,
        principal: &Principal,
        id: CandidateId,
        (raise, reason): (bool, Option<String>),
    ) -> Result<Memory, VerbError> {
        check_reason(reason.as_ref())?;
        let held = self.held(principal, id).await?;
        let mut candidate: Candidate = held.candidate;
        candidate.proposer = Proposer::Actor(principal.actor.clone());
        if raise {
            candidate.origin = candidate.origin.max(principal.ceiling);
        }
        let space = self.space(principal).await?;
        let settings = self.learning.settings(principal.space);
        let run = Run { engine: self, id: principal.space, space: &space, settings };
        let _deciding = self.learning.locks.hold(principal.space, &candidate.scope).await;
        let (verdict, changes) = run.decide_released(candidate).await?;
        let memory = match verdict {
            Verdict::Add { memory } | Verdict::Update { memory, .. } | Verdict::NoOp { memory } => memory,
            Verdict::Delete { .. } | Verdict::Quarantine { .. } | Verdict::Drop => {
                let problem = "it takes back what a higher origin said: raise its origin, or reject it";
                return Err(VerbError::invalid("raise", problem));
            }
        };
        let close = self.closing(principal, (id, HeldStatus::Released), reason, Some(memory));
        self.commit_with(principal, &space, changes, vec![close]).await?;
        let found = space.memories(&[memory], None).await?.pop();
        found.ok_or_else(|| VerbError::not_found("memory", memory))
    }

    /// Refuses a held candidate; it stays listed as rejected.
    ///
    /// # Errors
    /// `Forbidden` without `approve`; `NotFound`; `Apply` when it was closed already.
    pub async fn reject(
        &self,
        principal: &Principal,
        id: CandidateId,
        reason: Option<String>,
    ) -> Result<(), VerbError> {
        check_reason(reason.as_ref())?;
        self.held(principal, id).await?;
        let space = self.space(principal).await?;
        let close = self.closing(principal, (id, HeldStatus::Rejected), reason, None);
        self.apply(principal, &space, vec![close], |_| Vec::new()).await?;
        Ok(())
    }

    fn closing(
        &self,
        principal: &Principal,
        (id, status): (CandidateId, HeldStatus),
        reason: Option<String>,
        memory: Option<MemoryId>,
    ) -> Write {
        let closing = Closing { actor: principal.actor.clone(), at: self.now(), reason, memory };
        Write::CloseHeld { id, status, closing }
    }
}
