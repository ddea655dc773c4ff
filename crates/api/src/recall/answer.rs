//! What a recall answers.

use dreamkeeper_domain::id::{MessageId, ReceiptId, SessionId};
use dreamkeeper_domain::receipt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::evidence::Span;
use crate::learn::Summary;
use crate::memory::Memory;
use crate::moment::Moment;
use crate::state::StateEntry;
use crate::topic::Topic;
use crate::words::{Matter, Origin, Role};

/// What belongs to a question, in sections.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Recall {
    /// Ask `/dk/v1/receipts/{id}` for it later to learn what was served and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub receipt: Option<ReceiptId>,
    /// When it was answered.
    pub at: Moment,
    /// What the latest sessions were about, the latest first; only where `sections` names it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub summaries: Vec<RecalledSummary>,
    /// Explicit state, verbatim.
    pub state: Vec<StateEntry>,
    /// Pinned memories.
    pub pinned: Vec<RecalledMemory>,
    /// Memories that fit, best first.
    pub memories: Vec<RecalledMemory>,
    /// Open questions that fit, best first.
    pub open_questions: Vec<RecalledMemory>,
    /// Passages of topics that fit, best first.
    #[serde(default)]
    pub topics: Vec<RecalledTopic>,
    /// What was said, best first.
    pub conversation: Vec<RecalledMessage>,
    /// Set when nothing cleared the bar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silence: Option<Silence>,
    /// Items that cleared the bar and found no room in the limit or the token budget. What is served only
    /// because `all` was asked for is never among them.
    pub omitted_count: usize,
    /// Tokens of `text`.
    pub token_count: usize,
    /// All of it as fenced text for a prompt.
    pub text: String,
}

/// What a session was about so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RecalledSummary {
    /// The summary.
    pub summary: Summary,
    /// `false` where it tells of an amount, an identity or a permission: ask the system of record before acting on
    /// it. Absent elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authoritative: Option<bool>,
    /// Of which of them it tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tells_of: Vec<Matter>,
}

/// Nothing cleared the bar.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Silence {
    /// The best score that did not; absent where there was nothing to score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<f32>,
    /// The bar.
    pub bar: f32,
}

/// How well an item fits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Score {
    /// The confidence that the item belongs, from 0 to 1.
    pub value: f32,
    /// What each signal added, largest first; only with `explain`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ScorePart>,
}

/// One part of a score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ScorePart {
    /// The signal.
    pub signal: String,
    /// What it added to the raw score.
    pub value: f32,
}

impl From<receipt::ScorePart> for ScorePart {
    fn from(noun: receipt::ScorePart) -> Self {
        Self { signal: noun.signal, value: noun.value }
    }
}

/// A memory that was recalled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RecalledMemory {
    /// The memory, as of the moment asked for.
    pub memory: Memory,
    /// How well it fits; absent for a pin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    /// Whether it has expired.
    pub expired: bool,
    /// `false` where it tells of an amount, an identity or a permission: ask the system of record before acting on
    /// it. Absent elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authoritative: Option<bool>,
    /// Of which of them it tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tells_of: Vec<Matter>,
}

/// A passage of a topic that was recalled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RecalledTopic {
    /// The topic, as of the moment asked for, without its content.
    pub topic: Topic,
    /// The words that fit, verbatim.
    pub quote: String,
    /// Which bytes of the topic's content they are.
    pub span: Span,
    /// How well they fit.
    pub score: Score,
    /// `false` where it tells of an amount, an identity or a permission: ask the system of record before acting on
    /// it. Absent elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authoritative: Option<bool>,
    /// Of which of them it tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tells_of: Vec<Matter>,
}

/// A message that was recalled, by its best passage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RecalledMessage {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: MessageId,
    /// The session it is in.
    #[schema(value_type = String, format = "uuid")]
    pub session: SessionId,
    /// The caller's own name for that session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_key: Option<String>,
    /// Its place in the session.
    pub ordinal: u32,
    /// The caller's own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Whose turn it is.
    pub role: Role,
    /// The speaker's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Who really authored it.
    pub origin: Origin,
    /// When it was said.
    pub at: Moment,
    /// The speaker's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The words that fit, verbatim.
    pub quote: String,
    /// Which bytes of the message's text they are.
    pub span: Span,
    /// How well it fits.
    pub score: Score,
    /// `false` where it tells of an amount, an identity or a permission: ask the system of record before acting on
    /// it. Absent elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authoritative: Option<bool>,
    /// Of which of them it tells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tells_of: Vec<Matter>,
    /// The turns before, in order.
    pub before: Vec<NeighbourTurn>,
    /// The turns after, in order.
    pub after: Vec<NeighbourTurn>,
}

/// A turn near a recalled message, so that it can be understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NeighbourTurn {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: MessageId,
    /// Its place in the session.
    pub ordinal: u32,
    /// Whose turn it is.
    pub role: Role,
    /// The speaker's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Its words, cut to a bound.
    pub text: String,
}
