//! Learning events: what is to be learned from, where that stands, and what came of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::candidate::{Candidate, Cause};
use crate::id::{CandidateId, EventId, MemoryId, MessageId, SessionId};
use crate::scope::Scope;

/// Where an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventState {
    /// Waits for its turn, or for the next try.
    Pending,
    /// A worker has it.
    Running,
    /// Done; the report tells what came of it.
    Succeeded,
    /// Given up after [`crate::limits::EVENT_ATTEMPTS_MAX`] tries, or beyond help; can be requeued.
    Failed,
}

impl EventState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Running, Self::Succeeded, Self::Failed];

    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

/// What a decision did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// A new memory.
    Add {
        /// The memory.
        memory: MemoryId,
    },
    /// A new memory in the place of an old one; both are kept.
    Update {
        /// The new memory.
        memory: MemoryId,
        /// The one that it superseded.
        superseded: MemoryId,
    },
    /// A memory was forgotten; it can be restored.
    Delete {
        /// The memory.
        memory: MemoryId,
    },
    /// Known already: the memory rests on one more quote.
    NoOp {
        /// The memory.
        memory: MemoryId,
    },
    /// Held back for a person.
    Quarantine {
        /// The candidate.
        candidate: CandidateId,
    },
    /// Not kept at all.
    Drop,
}

impl Verdict {
    /// The word used in metrics and counts.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Add { .. } => "add",
            Self::Update { .. } => "update",
            Self::Delete { .. } => "delete",
            Self::NoOp { .. } => "no_op",
            Self::Quarantine { .. } => "quarantine",
            Self::Drop => "drop",
        }
    }
}

impl Verdict {
    /// The memories that it made, changed or confirmed.
    pub fn memories(&self) -> Vec<MemoryId> {
        match self {
            Self::Add { memory } | Self::Delete { memory } | Self::NoOp { memory } => vec![*memory],
            Self::Update { memory, superseded } => vec![*memory, *superseded],
            Self::Quarantine { .. } | Self::Drop => Vec::new(),
        }
    }
}

/// What was done with one candidate, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What was done.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The candidate's words; emptied when their source is erased.
    pub text: String,
    /// Why, in a sentence.
    pub reason: String,
    /// Why it was held or dropped.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub causes: BTreeSet<Cause>,
    /// The memories that were looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub neighbours: Vec<MemoryId>,
    /// The messages that it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<MessageId>,
}

impl Decision {
    /// Takes away the words that it tells, because their source was erased.
    pub fn empty(&mut self) {
        self.text.clear();
        // A reason may repeat what it was given for.
        self.reason.clear();
    }
}

/// What came of an event.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LearnReport {
    /// Messages that were read.
    pub turns_read: u32,
    /// Messages that something was learned from.
    pub turns_learned_from: u32,
    /// Messages or sentences that were passed over, by reason.
    pub skipped: BTreeMap<String, u32>,
    /// What was decided, in order.
    pub decisions: Vec<Decision>,
    /// What went wrong without stopping the work: a repaired answer, a model that was down.
    pub warnings: Vec<String>,
    /// Calls of a model.
    pub calls: u32,
    /// Tokens of prompts.
    pub prompt_tokens: u64,
    /// Tokens of answers.
    pub answer_tokens: u64,
    /// What they cost by the configured prices, in millionths of the currency unit.
    pub micro_cost: u64,
}

/// Messages, or outright proposals, to be learned from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LearnEvent {
    /// Its id.
    pub id: EventId,
    /// For whom.
    pub scope: Scope,
    /// The session; events of one session are worked on in order. Absent for proposals.
    pub session: Option<SessionId>,
    /// The messages, in order.
    pub messages: Vec<MessageId>,
    /// Candidates that were proposed outright.
    pub proposals: Vec<Candidate>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Where it stands.
    pub state: EventState,
    /// How often it was tried.
    pub attempts: u32,
    /// Not before this moment.
    pub due_at: Timestamp,
    /// Who works on it, and until when that holds.
    pub lease: Option<Lease>,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
    /// What came of it.
    pub report: LearnReport,
    /// What the last try failed with.
    pub error: Option<String>,
}

impl LearnEvent {
    /// Takes away what it tells in words beside its decisions, because something that was read for it was erased.
    pub fn empty_words(&mut self) {
        self.report.warnings.clear();
        if let Some(error) = &mut self.error {
            ERROR_EMPTIED.clone_into(error);
        }
    }
}

/// A worker's hold on an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The worker: a name that no other worker and no later run of it has.
    pub worker: String,
    /// When the hold ends by itself.
    pub until: Timestamp,
}

/// What stands for an error that may have repeated what was erased.
pub const ERROR_EMPTIED: &str = "it failed; with what may have repeated what was erased since";

/// What a worker says of an event that it holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Settlement {
    /// Done.
    Succeeded(Box<LearnReport>),
    /// To be tried again.
    Retry {
        /// Not before this moment.
        at: Timestamp,
        /// What failed.
        error: String,
        /// Whether it counts as a try. A model that is down, unpaid or wrongly set up is waited for, however
        /// long that takes; after [`crate::limits::EVENT_ATTEMPTS_MAX`] tries that count, an event is given up.
        counts: bool,
    },
    /// Beyond help.
    Failed {
        /// What failed.
        error: String,
    },
    /// Given back untouched, without counting as a try.
    Released,
}

impl Settlement {
    /// Takes away what it tells in words beside its decisions: a warning or an error may repeat a model that repeats
    /// what was erased while it was asked.
    pub fn empty_words(&mut self) {
        match self {
            Self::Succeeded(report) => report.warnings.clear(),
            Self::Retry { error, .. } | Self::Failed { error } => ERROR_EMPTIED.clone_into(error),
            Self::Released => {}
        }
    }
}

/// How full the queue of a space is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueStats {
    /// Events that wait.
    pub pending_count: u64,
    /// Events that a worker has.
    pub running_count: u64,
    /// Events that were given up.
    pub failed_count: u64,
    /// When the oldest that waits was made.
    pub oldest_pending_at: Option<Timestamp>,
    /// The next moment at which one that waits is due.
    pub next_due_at: Option<Timestamp>,
}

/// What models took of a space on one day (UTC).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spending {
    /// Calls.
    pub calls: u64,
    /// Tokens of prompts and answers.
    pub tokens: u64,
    /// Millionths of the currency unit.
    pub micro_cost: u64,
}
