//! What a recall answers.

use dreamkeeper_domain::authority::Matter;
use dreamkeeper_domain::id::{MessageId, ReceiptId, SessionId};
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::Span;
use dreamkeeper_domain::receipt::ScorePart;
use dreamkeeper_domain::state::StateEntry;
use dreamkeeper_domain::summary::Summary;
use dreamkeeper_domain::time::Zone;
use dreamkeeper_domain::topic::TopicHead;
use jiff::Timestamp;

/// How well an item fits, from 0 to 1, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// The calibrated confidence that the item belongs, from 0 to 1.
    pub value: f32,
    /// What each signal added to the raw score, largest first.
    pub parts: Vec<ScorePart>,
}

/// A memory that was recalled.
#[derive(Debug, Clone, PartialEq)]
pub struct RecalledMemory {
    /// The memory, as of the moment asked for.
    pub memory: Memory,
    /// How well it fits; absent for a pin.
    pub score: Option<Score>,
    /// Whether it has expired; served only when asked for.
    pub expired: bool,
    /// What it tells of that memory is no authority on.
    pub matters: Vec<Matter>,
}

/// A turn near a recalled message, so that it can be understood.
#[derive(Debug, Clone, PartialEq)]
pub struct NeighbourTurn {
    /// Its id.
    pub id: MessageId,
    /// Its place in the session.
    pub ordinal: u32,
    /// Whose turn it is.
    pub role: Role,
    /// The speaker's name.
    pub author: Option<String>,
    /// Its words, cut to a bound.
    pub text: String,
}

/// A message that was recalled, by its best passage.
#[derive(Debug, Clone, PartialEq)]
pub struct RecalledMessage {
    /// Its id.
    pub id: MessageId,
    /// The session it is in.
    pub session: SessionId,
    /// The caller's own name for that session.
    pub session_key: Option<String>,
    /// Its place in the session.
    pub ordinal: u32,
    /// The caller's own id.
    pub client_id: Option<String>,
    /// Whose turn it is.
    pub role: Role,
    /// The speaker's name.
    pub author: Option<String>,
    /// Who really authored it.
    pub origin: Origin,
    /// When it was said.
    pub at: Timestamp,
    /// The speaker's zone.
    pub zone: Option<Zone>,
    /// The words that fit, verbatim.
    pub quote: String,
    /// Which bytes of the message's text they are.
    pub span: Span,
    /// How well it fits.
    pub score: Score,
    /// What the quote tells of that memory is no authority on.
    pub matters: Vec<Matter>,
    /// The turns before, in order.
    pub before: Vec<NeighbourTurn>,
    /// The turns after, in order.
    pub after: Vec<NeighbourTurn>,
}

/// What a session was about so far.
#[derive(Debug, Clone, PartialEq)]
pub struct RecalledSummary {
    /// The summary.
    pub summary: Summary,
    /// What it tells of that memory is no authority on.
    pub matters: Vec<Matter>,
}

/// A passage of a topic that was recalled.
#[derive(Debug, Clone, PartialEq)]
pub struct RecalledTopic {
    /// The topic, as of the moment asked for.
    pub head: TopicHead,
    /// The words that fit, verbatim.
    pub quote: String,
    /// Which bytes of the topic's content they are.
    pub span: Span,
    /// How well they fit.
    pub score: Score,
    /// What the quote tells of that memory is no authority on.
    pub matters: Vec<Matter>,
}

/// Nothing cleared the bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Silence {
    /// The best score that did not; `None` where there was nothing to score.
    pub nearest: Option<f32>,
    /// The bar.
    pub bar: f32,
}

/// What belongs to a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Recall {
    /// Under which `why` tells of it later.
    pub receipt: Option<ReceiptId>,
    /// When it was answered.
    pub at: Timestamp,
    /// What the latest sessions were about, the latest first; only for who asks for it.
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
    pub topics: Vec<RecalledTopic>,
    /// What was said, best first.
    pub conversation: Vec<RecalledMessage>,
    /// Set when the cut-off left no memory, open question, topic or message.
    pub silence: Option<Silence>,
    /// Items that cleared the bar and found no room in the limit or the token budget. What is served only
    /// because `all` was asked for is never among them.
    pub omitted_count: usize,
    /// Tokens of `text`.
    pub token_count: usize,
    /// All of it as fenced text for a prompt.
    pub text: String,
}
