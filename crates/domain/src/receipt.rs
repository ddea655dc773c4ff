//! Receipt: what one recall served and why, for later questions.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::filter::Filter;
use crate::id::{MemoryId, MessageId, ReceiptId, SessionId, TopicId};
use crate::memory::Evidence;
use crate::origin::Origin;
use crate::passage::Span;
use crate::scope::Scope;
use crate::time::Zone;

/// The section of an answer that an item stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// What the latest sessions were about; only for who asks for it.
    Summaries,
    /// Explicit state.
    State,
    /// Pinned memories.
    Pinned,
    /// Memories that fit the query.
    Memories,
    /// Questions that are not settled.
    OpenQuestions,
    /// Passages of topics that fit the query.
    Topics,
    /// What was said.
    Conversation,
}

impl Section {
    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Summaries => "summaries",
            Self::State => "state",
            Self::Pinned => "pinned",
            Self::Memories => "memories",
            Self::OpenQuestions => "open_questions",
            Self::Topics => "topics",
            Self::Conversation => "conversation",
        }
    }
}

/// One part of a score: a signal's name and what it added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScorePart {
    /// The signal.
    pub signal: String,
    /// What it added to the score.
    pub value: f32,
}

/// One item that was served.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServedItem {
    /// Where it stood.
    pub section: Section,
    /// What it was.
    pub subject: ServedSubject,
    /// The words that were served; emptied when their source is erased.
    pub quote: String,
    /// Which bytes of the owner's text they are, where they are a part of it.
    pub span: Option<Span>,
    /// Who said it: a speaker's name, or who wrote the memory.
    pub said_by: Option<String>,
    /// When it was said or recorded.
    pub said_at: Timestamp,
    /// Who really authored it.
    pub origin: Origin,
    /// The quotes a memory rested on at that time.
    pub evidence: Vec<Evidence>,
    /// How well it fitted, from 0 to 1; absent for what is served without a question.
    pub score: Option<f32>,
    /// The score in parts.
    pub parts: Vec<ScorePart>,
}

/// What an item was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServedSubject {
    /// A message.
    Message(MessageId),
    /// One version of a memory.
    Memory {
        /// Which memory.
        id: MemoryId,
        /// Which version.
        version: u32,
    },
    /// One version of a topic.
    Topic {
        /// Which topic.
        id: TopicId,
        /// The number of its version.
        number: u32,
    },
    /// One version of a state key.
    State {
        /// The key.
        key: String,
        /// Which version.
        version: u32,
    },
    /// The summary of a session, as it stood.
    Summary {
        /// The session.
        session: SessionId,
        /// Messages before this ordinal were in it.
        upto: u32,
    },
}

/// Memories that are served only when asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Include {
    /// Replaced ones.
    pub superseded: bool,
    /// Expired ones.
    pub expired: bool,
    /// Ones that were set aside.
    pub archived: bool,
    /// Forgotten ones.
    pub forgotten: bool,
}

/// How a question was narrowed, beside its words, its scope and the lowest origin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// The moment whose records answered; the receipt's own time unless told.
    pub as_of: Option<Timestamp>,
    /// The moment at which memories had to be true.
    pub valid_at: Option<Timestamp>,
    /// The further test.
    pub filter: Option<Filter>,
    /// What was served beside active memories.
    pub include: Include,
    /// The sections that were wanted.
    pub sections: BTreeSet<Section>,
    /// At most this many items.
    pub limit: usize,
    /// Tokens that the fenced text could take.
    pub token_budget: usize,
    /// Turns shown before and after a message.
    pub neighbours: u32,
    /// Whether the cut-off was off.
    pub all: bool,
    /// The zone in which phrases of time were read.
    pub zone: Option<Zone>,
}

/// What one recall served and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// Its id.
    pub id: ReceiptId,
    /// When.
    pub at: Timestamp,
    /// Who asked.
    pub actor: Actor,
    /// The query's text.
    pub query: String,
    /// For whom.
    pub scope: Scope,
    /// The lowest origin that was let through.
    pub min_origin: Origin,
    /// How the question was narrowed; absent in receipts of programs that did not record it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Box<Asked>>,
    /// What was served, in order.
    pub items: Vec<ServedItem>,
    /// The best score below the cut-off, when nothing cleared it.
    pub nearest: Option<f32>,
}
