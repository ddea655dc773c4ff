//! Learning on the wire: when messages are learned from, what was queued, what a session was about, who stands
//! to whom, and what somebody says of a memory.

use dreamkeeper_domain::candidate;
use dreamkeeper_domain::id::{EventId, MemoryId, MessageId, SessionId};
use dreamkeeper_domain::{summary, usefulness};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::candidate::Proposer;
use crate::detail::Relation;
use crate::event::Event;
use crate::memory::Memory;
use crate::moment::Moment;
use crate::scope::Scope;
use crate::words::{Feedback, Origin};

/// Whether appended messages are learned from, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Learn {
    /// Never by themselves; the session can be learned from later by name.
    Off,
    /// By a worker, after the append was acknowledged.
    Later,
    /// Before the append is answered.
    Now,
}

/// Which messages of a session to learn from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LearnRequest {
    /// From this place on; from the first unless told.
    pub from: u32,
    /// Whether to answer when it is done, with what came of it.
    pub wait: bool,
}

/// Learning events that were queued.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Queued {
    /// Their ids, in order.
    #[schema(value_type = Vec<String>)]
    pub events: Vec<EventId>,
    /// The events as they stand, when it was waited for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub learned: Vec<Event>,
}

/// What somebody says of a memory that was served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedbackRequest {
    /// What it was.
    pub feedback: Feedback,
}

/// How a memory has fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Usefulness {
    /// The memory.
    #[schema(value_type = String, format = "uuid")]
    pub memory: MemoryId,
    /// How often a recall served it.
    pub served_count: u64,
    /// How often it was said to be used.
    pub used_count: u64,
    /// How often it was praised.
    pub helpful_count: u64,
    /// How often it did not belong.
    pub irrelevant_count: u64,
    /// How often it was called wrong.
    pub wrong_count: u64,
    /// When it was served last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served_at: Option<Moment>,
}

impl From<usefulness::Usefulness> for Usefulness {
    fn from(noun: usefulness::Usefulness) -> Self {
        Self {
            memory: noun.memory,
            served_count: noun.served_count,
            used_count: noun.used_count,
            helpful_count: noun.helpful_count,
            irrelevant_count: noun.irrelevant_count,
            wrong_count: noun.wrong_count,
            served_at: noun.served_at.map(Moment),
        }
    }
}

/// The running summary of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Summary {
    /// The session.
    #[schema(value_type = String, format = "uuid")]
    pub session: SessionId,
    /// For whom.
    pub scope: Scope,
    /// The words.
    pub text: String,
    /// The messages that it was made from.
    #[schema(value_type = Vec<String>)]
    pub messages: Vec<MessageId>,
    /// Messages before this place are in it.
    pub upto: u32,
    /// The lowest origin among them.
    pub origin: Origin,
    /// Who made it.
    pub made_by: Proposer,
    /// When.
    pub made_at: Moment,
}

impl From<summary::Summary> for Summary {
    fn from(noun: summary::Summary) -> Self {
        let made_by: candidate::Proposer = noun.proposer;
        Self {
            session: noun.session,
            scope: noun.scope.into(),
            text: noun.text,
            messages: noun.messages,
            upto: noun.upto,
            origin: noun.origin.into(),
            made_by: made_by.into(),
            made_at: Moment(noun.made_at),
        }
    }
}

/// A relation with the memory that tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Edge {
    /// Who stands how to whom.
    pub relation: Relation,
    /// The memory, with its evidence and validity.
    pub memory: Memory,
}

/// A name that memories are found by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Name {
    /// In lower case.
    pub name: String,
    /// How many active memories name it.
    pub memory_count: u64,
}

impl From<(String, u64)> for Name {
    fn from((name, memory_count): (String, u64)) -> Self {
        Self { name, memory_count }
    }
}
