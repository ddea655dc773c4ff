//! Learning events on the wire: what is to be learned from, where that stands, and what came of it.

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::event;
use dreamkeeper_domain::id::{CandidateId, EventId, MemoryId, MessageId, SessionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::moment::Moment;
use crate::scope::Scope;
use crate::words::{Cause, EventState, Verdict};

/// What was done with one candidate, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Decision {
    /// What was done.
    pub verdict: Verdict,
    /// The memory that was added, updated, deleted or confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub memory: Option<MemoryId>,
    /// The memory that an update superseded; it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub superseded: Option<MemoryId>,
    /// The candidate that waits in quarantine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub candidate: Option<CandidateId>,
    /// The candidate's words; empty once their source is erased.
    pub text: String,
    /// Why, in a sentence.
    pub reason: String,
    /// Why it was held or dropped.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub causes: BTreeSet<Cause>,
    /// The memories that were looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub neighbours: Vec<MemoryId>,
    /// The messages that it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub messages: Vec<MessageId>,
}

impl From<event::Decision> for Decision {
    fn from(noun: event::Decision) -> Self {
        let (verdict, memory, superseded, candidate) = match noun.verdict {
            event::Verdict::Add { memory } => (Verdict::Add, Some(memory), None, None),
            event::Verdict::Update { memory, superseded } => {
                (Verdict::Update, Some(memory), Some(superseded), None)
            }
            event::Verdict::Delete { memory } => (Verdict::Delete, Some(memory), None, None),
            event::Verdict::NoOp { memory } => (Verdict::NoOp, Some(memory), None, None),
            event::Verdict::Quarantine { candidate } => (Verdict::Quarantine, None, None, Some(candidate)),
            event::Verdict::Drop => (Verdict::Drop, None, None, None),
        };
        Self {
            verdict,
            memory,
            superseded,
            candidate,
            text: noun.text,
            reason: noun.reason,
            causes: noun.causes.into_iter().map(Into::into).collect(),
            neighbours: noun.neighbours,
            messages: noun.messages,
        }
    }
}

/// A decision in the stream of events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StreamedDecision {
    /// The event that it belongs to.
    #[schema(value_type = String, format = "uuid")]
    pub event: EventId,
    /// The decision.
    #[serde(flatten)]
    pub decision: Decision,
}

/// What came of an event. Events that were read together tell it once, at the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// Messages that were read.
    pub turns_read: u32,
    /// Messages that something was learned from.
    pub turns_learned_from: u32,
    /// Messages or sentences that were passed over, by reason.
    pub skipped: BTreeMap<String, u32>,
    /// What was decided, in order.
    pub decisions: Vec<Decision>,
    /// What went wrong without stopping the work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
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

impl From<event::LearnReport> for Report {
    fn from(noun: event::LearnReport) -> Self {
        Self {
            turns_read: noun.turns_read,
            turns_learned_from: noun.turns_learned_from,
            skipped: noun.skipped,
            decisions: noun.decisions.into_iter().map(Into::into).collect(),
            warnings: noun.warnings,
            calls: noun.calls,
            prompt_tokens: noun.prompt_tokens,
            answer_tokens: noun.answer_tokens,
            micro_cost: noun.micro_cost,
        }
    }
}

/// Messages, or outright proposals, to be learned from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Event {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: EventId,
    /// For whom.
    pub scope: Scope,
    /// The session; absent for proposals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub session: Option<SessionId>,
    /// The messages, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub messages: Vec<MessageId>,
    /// How many candidates were proposed outright. What they say is told by the decisions.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub proposal_count: usize,
    /// Where it stands.
    pub state: EventState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was made.
    pub created_at: Moment,
    /// Not tried before this moment.
    pub due_at: Moment,
    /// Until when its worker has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leased_until: Option<Moment>,
    /// When it was settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<Moment>,
    /// What came of it, once it has succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
    /// What the last try failed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl From<event::LearnEvent> for Event {
    fn from(noun: event::LearnEvent) -> Self {
        let succeeded = noun.state == event::EventState::Succeeded;
        Self {
            id: noun.id,
            scope: noun.scope.into(),
            session: noun.session,
            messages: noun.messages,
            proposal_count: noun.proposals.len(),
            state: noun.state.into(),
            attempts: noun.attempts,
            created_at: Moment(noun.created_at),
            due_at: Moment(noun.due_at),
            leased_until: noun.lease.map(|lease| Moment(lease.until)),
            settled_at: noun.settled_at.map(Moment),
            report: succeeded.then(|| noun.report.into()),
            error: noun.error,
        }
    }
}

/// How full the queue of the space is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueueStats {
    /// Events that wait.
    pub pending_count: u64,
    /// Events that a worker has.
    pub running_count: u64,
    /// Events that were given up.
    pub failed_count: u64,
    /// When the oldest that waits was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_pending_at: Option<Moment>,
    /// The next moment at which one that waits is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_due_at: Option<Moment>,
}

impl From<event::QueueStats> for QueueStats {
    fn from(noun: event::QueueStats) -> Self {
        Self {
            pending_count: noun.pending_count,
            running_count: noun.running_count,
            failed_count: noun.failed_count,
            oldest_pending_at: noun.oldest_pending_at.map(Moment),
            next_due_at: noun.next_due_at.map(Moment),
        }
    }
}
