//! Dream: an offline run over notes and memories that proposes changes, which people review, adopt and roll back.
//!
//! Four steps, each a module, none able to do the next one's work: `gather` reads a snapshot, `propose` makes drafts of
//! it, `check` says by code which may stand, `adopt` writes what was accepted; `rollback` takes that back.

mod account;
mod adopt;
mod check;
mod diary;
mod fingerprint;
mod gather;
mod land;
mod propose;
mod read;
mod review;
mod rollback;
mod run;

use dreamkeeper_domain::dream::{
    ChangeKind, Dream, DreamBudget, DreamOutput, DreamStatus, DreamTarget, DreamUsage,
};
use dreamkeeper_domain::id::{DreamId, SessionId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits;

use crate::error::{check_count, check_scope};
use crate::{Engine, Principal, VerbError};

pub use adopt::{Adopted, Refused, WhichChanges};
pub use read::{ChangeView, DreamView};
pub use rollback::{Collision, OnCollision, RolledBack};

/// A dream to be dreamt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDream {
    /// What it may touch.
    pub target: DreamTarget,
    /// The sessions to read; none for the latest of the target's user, as long as there are new ones.
    pub sessions: Vec<SessionId>,
    /// What to look for and how to lay out; for a model.
    pub instructions: Option<String>,
    /// The model, by its configured name; none for rules.
    pub model: Option<String>,
    /// What becomes of what it proposes.
    pub output: DreamOutput,
    /// Kinds of changes that are adopted without review.
    pub auto: Vec<ChangeKind>,
    /// How much it may take.
    pub budget: DreamBudget,
}

impl NewDream {
    /// A dream by rules over a target, whose changes wait for review.
    pub fn over(target: DreamTarget) -> Self {
        Self {
            target,
            sessions: Vec::new(),
            instructions: None,
            model: None,
            output: DreamOutput::Propose,
            auto: Vec::new(),
            budget: budget_default(),
        }
    }
}

/// What a dream may take unless told.
pub fn budget_default() -> DreamBudget {
    DreamBudget {
        tokens_max: limits::DREAM_TOKENS_DEFAULT,
        seconds_max: limits::DREAM_SECONDS_DEFAULT,
        micro_cost_max: 0,
        changes_max: limits::DREAM_CHANGES_MAX,
    }
}

impl Engine {
    /// Dreams: reads the target, proposes changes, checks them; writes nothing but the dream and its proposal, unless
    /// the caller, who must hold `approve`, asks for some kinds or all to be adopted at once.
    ///
    /// # Errors
    /// `Forbidden` without `propose` (or `approve`, see above); `Invalid` for a request that cannot be dreamt;
    /// `Apply(TargetHeld)` while another dream holds the target; `Port` when the store fails.
    pub async fn dream(&self, principal: &Principal, new: NewDream) -> Result<Dream, VerbError> {
        principal.require(Permission::Propose)?;
        if new.output == DreamOutput::UpdateExisting || !new.auto.is_empty() {
            principal.require(Permission::Approve)?;
        }
        check_new(&new)?;
        let at = self.now();
        let dream = Dream {
            id: DreamId::new(at, self.random()),
            version: 1,
            target: new.target,
            sessions: new.sessions,
            instructions: new.instructions,
            model: new.model,
            output: new.output,
            output_store: None,
            auto: new.auto,
            budget: new.budget,
            actor: principal.actor.clone(),
            schedule: None,
            status: DreamStatus::Running,
            holds_target: true,
            lease: None,
            attempts: 1,
            snapshot_at: None,
            seen: None,
            usage: DreamUsage::default(),
            outcome: None,
            error: None,
            diary: String::new(),
            adoptions: Vec::new(),
            created_at: at,
            started_at: Some(at),
            ended_at: None,
            archived_at: None,
        };
        self.run_dream(principal, dream).await
    }
}

fn check_new(new: &NewDream) -> Result<(), VerbError> {
    if new.target.store.is_none() && new.target.scope.is_none() {
        return Err(VerbError::invalid("target", "names nothing: give a store, a scope, or both"));
    }
    if let Some(scope) = &new.target.scope {
        check_scope(scope)?;
    }
    check_count("sessions", new.sessions.len(), limits::DREAM_SESSIONS_MAX)?;
    let count = new.instructions.as_deref().map_or(0, |text| text.chars().count());
    if count > limits::DREAM_INSTRUCTIONS_CHARS_MAX {
        let max = limits::DREAM_INSTRUCTIONS_CHARS_MAX;
        return Err(VerbError::invalid(
            "instructions",
            format!("{count} characters, at most {max} are allowed"),
        ));
    }
    if let Some(model) = &new.model {
        let problem = format!("`{model}` is not set up for dreams here: leave it out to dream by rules");
        return Err(VerbError::invalid("model", problem));
    }
    if new.output == DreamOutput::CreateNew {
        return Err(VerbError::invalid("output", "`create_new` is not there yet: let it propose, and adopt"));
    }
    if !(1..=limits::DREAM_CHANGES_MAX).contains(&new.budget.changes_max) {
        let max = limits::DREAM_CHANGES_MAX;
        return Err(VerbError::invalid("budget.changes_max", format!("give 1 to {max}")));
    }
    Ok(())
}
