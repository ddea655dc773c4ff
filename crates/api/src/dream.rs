//! Dreams on the wire: what is dreamt over, what is proposed, and what became of it.

use dreamkeeper_domain::dream;
use dreamkeeper_domain::id::{DreamId, SessionId, StoreId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::moment::Moment;
use crate::scope::Scope;
use crate::words::{Actor, ChangeKind, DreamStatus};

mod change;

pub use change::{Change, ChangeEffect, ChangeMaker, ChangeSummary, ClaimAccount, ClaimFate, Quote, Review};

/// What a dream may touch: a store of topics, the memories of exactly one user, agent, app and run, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DreamTarget {
    /// The store.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub store: Option<StoreId>,
    /// The memories of exactly this user, agent, app and run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
}

impl From<dream::DreamTarget> for DreamTarget {
    fn from(noun: dream::DreamTarget) -> Self {
        Self { store: noun.store, scope: noun.scope.map(Into::into) }
    }
}

impl From<DreamTarget> for dream::DreamTarget {
    fn from(wire: DreamTarget) -> Self {
        Self { store: wire.store, scope: wire.scope.map(Into::into) }
    }
}

/// A dream to be dreamt.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DreamRequest {
    /// What it may touch.
    pub target: DreamTarget,
    /// The sessions to read, at most 100; left out, the latest of the target's user as long as some are new.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub sessions: Vec<SessionId>,
    /// What to look for and how to lay out; for a model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// The model, by its configured name; left out, rules dream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Kinds of changes that are adopted without review; needs `approve`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub auto: Vec<ChangeKind>,
    /// Whether everything that passes the check is adopted at once; needs `approve`.
    pub adopt_all: bool,
    /// At most so many changes, 1 to 1000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes_max: Option<u32>,
}

/// What a dream took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DreamUsage {
    /// Calls of a model.
    pub calls: u32,
    /// Tokens of prompts.
    pub prompt_tokens: u64,
    /// Tokens of answers.
    pub answer_tokens: u64,
    /// What they cost, in millionths of the currency unit.
    pub micro_cost: u64,
    /// Topics and memories that were read.
    pub read_count: u64,
    /// Of these, those that are new or changed since the last dream over the target.
    pub worked_count: u64,
    /// Messages that were read.
    pub message_count: u64,
}

impl From<dream::DreamUsage> for DreamUsage {
    fn from(noun: dream::DreamUsage) -> Self {
        Self {
            calls: noun.calls,
            prompt_tokens: noun.prompt_tokens,
            answer_tokens: noun.answer_tokens,
            micro_cost: noun.micro_cost,
            read_count: noun.read_count,
            worked_count: noun.worked_count,
            message_count: noun.message_count,
        }
    }
}

/// What a finished dream came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum DreamOutcome {
    /// There are changes to review, or they were adopted.
    Proposed,
    /// It read everything, and all is well as it is.
    NothingToDo,
    /// It did nothing, because of this.
    DidNothing {
        /// Why.
        because: String,
    },
    /// It stopped before its end; what it had found by then is proposed.
    Stopped {
        /// Why.
        because: String,
    },
}

impl From<dream::DreamOutcome> for DreamOutcome {
    fn from(noun: dream::DreamOutcome) -> Self {
        match noun {
            dream::DreamOutcome::Proposed => Self::Proposed,
            dream::DreamOutcome::NothingToDo => Self::NothingToDo,
            dream::DreamOutcome::DidNothing { because } => Self::DidNothing { because },
            dream::DreamOutcome::Stopped { because } => Self::Stopped { because },
        }
    }
}

/// Why a dream failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DreamError {
    /// `timeout`, `internal_error`, `input_memory_store_too_large`, `input_memory_store_unavailable`,
    /// `input_session_unavailable` or `memory_store_org_limit_exceeded`.
    #[schema(example = "input_session_unavailable")]
    pub kind: String,
    /// What failed, with which value, and what to do.
    pub message: String,
}

/// That changes were written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Adoption {
    /// Counts from 1 within the dream.
    pub number: u32,
    /// Who.
    pub actor: Actor,
    /// When.
    pub at: Moment,
    /// The numbers of the changes.
    pub changes: Vec<u32>,
    /// When it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rolled_back_at: Option<Moment>,
}

impl From<dream::Adoption> for Adoption {
    fn from(noun: dream::Adoption) -> Self {
        Self {
            number: noun.number,
            actor: noun.actor.into(),
            at: Moment(noun.at),
            changes: noun.changes,
            rolled_back_at: noun.rolled_back.map(|(_, at)| Moment(at)),
        }
    }
}

/// An offline run that proposes changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Dream {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: DreamId,
    /// What it may touch.
    pub target: DreamTarget,
    /// The sessions that it read.
    #[schema(value_type = Vec<String>)]
    pub sessions: Vec<SessionId>,
    /// What a model was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// The model; absent for rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Where it stands.
    pub status: DreamStatus,
    /// What it came to.
    #[serde(flatten)]
    pub outcome: Option<DreamOutcome>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<DreamError>,
    /// What it took.
    pub usage: DreamUsage,
    /// What it read, found and set aside, for people.
    pub diary: String,
    /// What was written of it, oldest first.
    pub adoptions: Vec<Adoption>,
    /// Who asked for it.
    pub actor: Actor,
    /// When.
    pub created_at: Moment,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Moment>,
    /// Since when it is out of the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Moment>,
}

impl From<dream::Dream> for Dream {
    fn from(noun: dream::Dream) -> Self {
        let told = |error: dream::DreamError| DreamError {
            kind: error.kind.as_str().to_owned(),
            message: error.message,
        };
        Self {
            id: noun.id,
            target: noun.target.into(),
            sessions: noun.sessions,
            instructions: noun.instructions,
            model: noun.model,
            status: noun.status.into(),
            outcome: noun.outcome.map(Into::into),
            error: noun.error.map(told),
            usage: noun.usage.into(),
            diary: noun.diary,
            adoptions: noun.adoptions.into_iter().map(Into::into).collect(),
            actor: noun.actor.into(),
            created_at: Moment(noun.created_at),
            ended_at: noun.ended_at.map(Moment),
            archived_at: noun.archived_at.map(Moment),
        }
    }
}

/// Changes to accept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptChangesRequest {
    /// Their numbers.
    pub changes: Vec<u32>,
}

/// Changes to refuse.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectChangesRequest {
    /// Their numbers.
    pub changes: Vec<u32>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Other words for a topic of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditChangeRequest {
    /// The path at which the change writes.
    #[schema(example = "/kitchen.md")]
    pub path: String,
    /// The whole content that the topic gets instead.
    pub content: String,
}

/// What to adopt: the accepted changes unless told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AdoptRequest {
    /// These; they count as accepted by the caller.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<u32>,
    /// All that nobody rejected; they count as accepted by the caller.
    pub all: bool,
}

/// A change that was not written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RefusedChange {
    /// Its number.
    pub number: u32,
    /// Why.
    pub reason: String,
}

/// What an adoption did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Adopted {
    /// The dream after it.
    pub dream: Dream,
    /// Numbers of the changes that were written, in one step.
    pub changes: Vec<u32>,
    /// Those that were not, because what they rest on changed since.
    pub refused: Vec<RefusedChange>,
}

/// What to do where something was changed after the adoption.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnCollision {
    /// Write nothing, and show it.
    #[default]
    Refuse,
    /// Leave what was written later, roll the rest back.
    KeepLater,
    /// Bring back what stood before; later versions stay in the history.
    RestoreEarlier,
}

/// An adoption to take back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RollbackRequest {
    /// Its number; the latest that stands unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adoption: Option<u32>,
    /// What to do where something was changed since.
    pub on_collision: OnCollision,
}

/// Something that was changed after the adoption where the rollback would change it too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Collision {
    /// The topic's path, or the memory's id.
    pub place: String,
    /// What stood there before the adoption; absent where nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What the adoption made of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopted: Option<String>,
    /// What stands there now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
}

/// What a rollback did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RolledBack {
    /// The dream after it.
    pub dream: Dream,
    /// Whether it was done; when not, nothing was written.
    pub done: bool,
    /// How many topics and memories were brought back.
    pub restored_count: usize,
    /// Where later changes met it.
    pub collisions: Vec<Collision>,
}

/// A dream with what it proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DreamChanges {
    /// The dream.
    pub dream: Dream,
    /// Its changes, by number, without whole contents.
    pub changes: Vec<ChangeSummary>,
}
