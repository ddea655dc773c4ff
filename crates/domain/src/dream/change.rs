//! Proposed change: one entry of a dream's proposal, with what it would write, why, and what becomes of claims.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::id::{DreamId, MemoryId, MessageId, TopicId};
use crate::memory::Memory;
use crate::origin::Origin;
use crate::topic::ContentHash;
use crate::version::Operation;

/// What sort of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// A new topic.
    Create,
    /// Other words in a topic.
    Edit,
    /// Several topics, claims or memories become one.
    Merge,
    /// A topic becomes several.
    Split,
    /// A topic gets another path.
    Rename,
    /// A newer statement replaces an older one.
    Supersede,
    /// Something is set aside.
    Archive,
    /// A relative date becomes absolute.
    Redate,
    /// The index topic or links are put right.
    Reindex,
}

impl ChangeKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Create,
        Self::Edit,
        Self::Merge,
        Self::Split,
        Self::Rename,
        Self::Supersede,
        Self::Archive,
        Self::Redate,
        Self::Reindex,
    ];

    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Edit => "edit",
            Self::Merge => "merge",
            Self::Split => "split",
            Self::Rename => "rename",
            Self::Supersede => "supersede",
            Self::Archive => "archive",
            Self::Redate => "redate",
            Self::Reindex => "reindex",
        }
    }
}

/// Who proposed a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DreamMaker {
    /// One of the rules that this program carries, by its name.
    Rule(String),
    /// A chat model: what answered, and under which version of the prompt.
    Model {
        /// `provider/model`.
        model: String,
        /// The prompt file's name and version.
        prompt: String,
    },
    /// A person, while reviewing.
    Person(Actor),
}

/// A quote of a session's message that a change rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionQuote {
    /// The message.
    pub message: MessageId,
    /// Its words.
    pub quote: String,
}

/// A topic before a change: what must still be there when it is adopted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicSide {
    /// Where it stands.
    pub path: String,
    /// Its version's number.
    pub number: u32,
    /// The hash of its content.
    pub hash: ContentHash,
    /// Its content.
    pub content: String,
    /// Its origin.
    pub origin: Origin,
}

/// What a change does to one topic: none before is a new one, none after is one that goes away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicEffect {
    /// The topic; given to a new one when the change is proposed.
    pub topic: TopicId,
    /// What it is.
    pub before: Option<TopicSide>,
    /// Path and content that it gets.
    pub after: Option<(String, String)>,
}

/// What a change does to one memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemoryEffect {
    /// The memory.
    pub memory: MemoryId,
    /// The version that must still be there; none for a new one.
    pub expected: Option<u32>,
    /// What is done.
    pub operation: Operation,
    /// The memory before; none for a new one.
    pub before: Option<Box<Memory>>,
    /// The whole memory after it.
    pub after: Box<Memory>,
}

impl Eq for MemoryEffect {}

/// One write of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// On a topic.
    Topic(TopicEffect),
    /// On a memory.
    Memory(MemoryEffect),
}

/// What becomes of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum ClaimFate {
    /// It stays where it is.
    Kept,
    /// It stands elsewhere now.
    Moved {
        /// The path of the topic.
        to: String,
    },
    /// Another claim says the same.
    Merged {
        /// The words of that claim.
        into: String,
    },
    /// A newer one replaces it.
    Superseded {
        /// The words of that claim.
        by: String,
    },
    /// It says the same with another date.
    Redated {
        /// The new words.
        to: String,
    },
    /// It goes away.
    Dropped {
        /// Why.
        reason: String,
    },
    /// It is new.
    Added,
}

/// One claim and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimAccount {
    /// Where it stood (or, when new, stands): a topic's path or a memory's id.
    pub place: String,
    /// Its words.
    pub text: String,
    /// What becomes of it.
    #[serde(flatten)]
    pub fate: ClaimFate,
}

/// Where a change stands in review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "review", rename_all = "snake_case")]
pub enum ChangeReview {
    /// It waits for a decision.
    Waiting,
    /// Somebody, or a policy, let it through; it is not written yet.
    Accepted {
        /// Who.
        actor: Actor,
        /// When.
        at: Timestamp,
    },
    /// Somebody refused it.
    Rejected {
        /// Who.
        actor: Actor,
        /// When.
        at: Timestamp,
        /// Why. Written beside the change's own reason, so that it needs a name of its own.
        #[serde(rename = "rejected_because")]
        reason: Option<String>,
    },
    /// The check refused it; it cannot be accepted.
    SetAside {
        /// Why, a sentence for each rule that it breaks.
        reasons: Vec<String>,
    },
    /// It is written.
    Adopted {
        /// By which adoption of the dream.
        adoption: u32,
    },
    /// It was written and taken back; it can be accepted again.
    RolledBack {
        /// The adoption that was taken back.
        adoption: u32,
    },
}

impl ChangeReview {
    /// The word used on the wire.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Accepted { .. } => "accepted",
            Self::Rejected { .. } => "rejected",
            Self::SetAside { .. } => "set_aside",
            Self::Adopted { .. } => "adopted",
            Self::RolledBack { .. } => "rolled_back",
        }
    }
}

/// One entry of a dream's proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedChange {
    /// The dream.
    pub dream: DreamId,
    /// Counts from 1 within the dream.
    pub number: u32,
    /// What sort.
    pub kind: ChangeKind,
    /// What it does, in a line.
    pub title: String,
    /// Why, in a sentence or more.
    pub reason: String,
    /// Who proposed it.
    pub maker: DreamMaker,
    /// What it writes, in order.
    pub effects: Vec<Effect>,
    /// What becomes of each claim that it touches.
    pub claims: Vec<ClaimAccount>,
    /// The quotes of sessions that it rests on.
    pub evidence: Vec<SessionQuote>,
    /// The lowest origin among its sources.
    pub origin: Origin,
    /// Numbers of changes without which it makes no sense; they are adopted with it or before it.
    pub needs: Vec<u32>,
    /// Where it stands.
    #[serde(flatten)]
    pub review: ChangeReview,
}
