//! Dream: an offline run over a target and sessions that yields proposed changes, and its schedule.

mod change;
mod schedule;
mod sources;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::id::{DreamId, SessionId, StoreId};
use crate::scope::Scope;
use crate::topic::ContentHash;

pub use change::{
    ChangeKind, ChangeReview, ClaimAccount, ClaimFate, DreamMaker, Effect, MemoryEffect, ProposedChange,
    SessionQuote, TopicEffect, TopicSide,
};
pub use schedule::{DreamRule, DreamSchedule, ScheduleState};

/// What a dream may touch: a store of topics, the memories of a scope, or both.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DreamTarget {
    /// The store.
    pub store: Option<StoreId>,
    /// The memories whose user, agent, app and run are exactly this scope's.
    pub scope: Option<Scope>,
}

impl DreamTarget {
    /// The target as one text, equal for equal targets: what holds and schedules are found by.
    pub fn key(&self) -> String {
        let id = |id: &Option<String>| id.as_ref().map_or("-".to_owned(), |id| format!("+{}{id}", id.len()));
        let scope = self.scope.as_ref().map_or(String::new(), |scope| {
            [&scope.user, &scope.agent, &scope.app, &scope.run].map(id).join("|")
        });
        format!("{}/{scope}", self.store.map_or(String::new(), |store| store.to_string()))
    }
}

/// Where a dream stands; the last three are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DreamStatus {
    /// Waits for its turn.
    Pending,
    /// A worker dreams it.
    Running,
    /// Its proposal, which may be empty, is whole.
    Completed,
    /// It could not be finished; the error says why.
    Failed,
    /// Somebody stopped it.
    Canceled,
}

impl DreamStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [Self::Pending, Self::Running, Self::Completed, Self::Failed, Self::Canceled];

    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }

    /// Whether nothing more will happen to it by itself.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Canceled)
    }
}

/// What becomes of what a dream proposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DreamOutput {
    /// It waits for review.
    Propose,
    /// A clone of the store with every change that passed the check; the store itself stays.
    CreateNew,
    /// Every change that passed the check is adopted at once.
    UpdateExisting,
}

/// How much a dream may take; what stops it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DreamBudget {
    /// Tokens of prompts and answers together.
    pub tokens_max: u64,
    /// Seconds.
    pub seconds_max: u64,
    /// Millionths of the currency unit of the configured prices.
    pub micro_cost_max: u64,
    /// Changes that it may propose.
    pub changes_max: u32,
}

/// What a dream took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
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
    /// Of these, those that were worked on because they, or what they touch, changed since the last dream.
    pub worked_count: u64,
    /// Messages of sessions that were read.
    pub message_count: u64,
}

/// Why a dream failed; the words that the wire of Anthropic's dreams knows, and ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DreamFailure {
    /// The time of its budget is over.
    Timeout,
    /// Something of ours went wrong.
    InternalError,
    /// No further store can be made.
    MemoryStoreOrgLimitExceeded,
    /// The store is larger than a dream reads.
    InputMemoryStoreTooLarge,
    /// The store was archived or deleted meanwhile.
    InputMemoryStoreUnavailable,
    /// A session was erased meanwhile.
    InputSessionUnavailable,
}

impl DreamFailure {
    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::InternalError => "internal_error",
            Self::MemoryStoreOrgLimitExceeded => "memory_store_org_limit_exceeded",
            Self::InputMemoryStoreTooLarge => "input_memory_store_too_large",
            Self::InputMemoryStoreUnavailable => "input_memory_store_unavailable",
            Self::InputSessionUnavailable => "input_session_unavailable",
        }
    }
}

/// What a finished dream came to, in one word and a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum DreamOutcome {
    /// There are changes to review, or to adopt.
    Proposed,
    /// It read everything, and all is well as it is.
    NothingToDo,
    /// It did nothing, because of this.
    DidNothing {
        /// Why, in a sentence.
        because: String,
    },
    /// It stopped before its end, because of this; what it had found by then is proposed.
    Stopped {
        /// Why, in a sentence.
        because: String,
    },
}

/// The failure of a dream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DreamError {
    /// Which sort.
    pub kind: DreamFailure,
    /// What failed, with which value, and what to do.
    pub message: String,
}

/// That accepted changes were written, in one ChangeSet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adoption {
    /// Counts from 1 within the dream: changes may be adopted, rolled back and adopted again.
    pub number: u32,
    /// Who.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// The numbers of the changes.
    pub changes: Vec<u32>,
    /// Who took it back, and when.
    pub rolled_back: Option<(Actor, Timestamp)>,
}

/// An offline run over a target and sessions. Its changes are records beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dream {
    /// Its id.
    pub id: DreamId,
    /// Counts from 1 and grows with every change of the record.
    pub version: u32,
    /// What it may touch.
    pub target: DreamTarget,
    /// The sessions that it reads, sorted.
    pub sessions: Vec<SessionId>,
    /// What to look for and how to lay out; for a model.
    pub instructions: Option<String>,
    /// The model that was asked for, by the caller's name; none for rules.
    pub model: Option<String>,
    /// What becomes of what it proposes.
    pub output: DreamOutput,
    /// The store that it wrote to: a clone or the target.
    pub output_store: Option<StoreId>,
    /// Kinds of changes that are adopted without review.
    pub auto: Vec<ChangeKind>,
    /// How much it may take.
    pub budget: DreamBudget,
    /// Who asked for it.
    pub actor: Actor,
    /// The schedule that asked for it.
    pub schedule: Option<String>,
    /// Where it stands.
    pub status: DreamStatus,
    /// Whether no other dream may begin that holds the same target.
    pub holds_target: bool,
    /// Which worker has it, and until when.
    pub lease: Option<(String, Timestamp)>,
    /// How often it was begun.
    pub attempts: u32,
    /// The moment that its snapshot is of.
    pub snapshot_at: Option<Timestamp>,
    /// What the snapshot held, as one hash: the next dream that finds the same has nothing to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<ContentHash>,
    /// What it took.
    pub usage: DreamUsage,
    /// What it came to.
    pub outcome: Option<DreamOutcome>,
    /// Why it failed.
    pub error: Option<DreamError>,
    /// What it read, found, set aside and why, for people; Markdown.
    pub diary: String,
    /// What was written of it, oldest first.
    pub adoptions: Vec<Adoption>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was begun.
    pub started_at: Option<Timestamp>,
    /// When it came to a final status.
    pub ended_at: Option<Timestamp>,
    /// Since when it is out of the list.
    pub archived_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_that_differ_have_keys_that_differ() {
        let of = |scope: Option<Scope>| DreamTarget { store: None, scope }.key();
        let scope =
            |user: &str, agent: Option<&str>| Scope { agent: agent.map(str::to_owned), ..Scope::user(user) };
        let keys = [
            of(None),
            of(Some(Scope::default())),
            of(Some(scope("a", None))),
            of(Some(scope("a|+1b", None))),
            of(Some(scope("a", Some("b")))),
        ];
        assert_eq!(keys.iter().collect::<std::collections::BTreeSet<_>>().len(), keys.len(), "{keys:?}");
    }
}
