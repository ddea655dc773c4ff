//! Candidate: what was proposed for remembering, and what is held back of it for a person to see.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::detail::Detail;
use crate::id::{CandidateId, EventId, MemoryId, MessageId};
use crate::memory::{Evidence, Kind};
use crate::origin::Origin;
use crate::scope::Scope;
use crate::time::Interval;

/// Who proposed a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proposer {
    /// The rules that this program carries.
    Rules,
    /// A chat model: what answered, and under which version of the prompt.
    Model {
        /// `provider/model`.
        model: String,
        /// The prompt file's name and version.
        prompt: String,
    },
    /// An app or agent, outright.
    Actor(Actor),
}

/// Proposed for remembering, with the quotes it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Its id.
    pub id: CandidateId,
    /// For whom it would stand.
    pub scope: Scope,
    /// What it is about.
    pub kind: Kind,
    /// What would be remembered.
    pub text: String,
    /// The same in parts.
    pub detail: Detail,
    /// When what it says is true.
    pub validity: Interval,
    /// From when on it would no longer be served.
    pub expires_at: Option<Timestamp>,
    /// Topics it would be filed under.
    pub categories: BTreeSet<String>,
    /// The quotes that were found in their messages.
    pub evidence: Vec<Evidence>,
    /// The quotes that were claimed and not found, with the message they were claimed of.
    pub unfound: Vec<(Option<MessageId>, String)>,
    /// The lowest origin among its sources.
    pub origin: Origin,
    /// Who proposed it.
    pub proposer: Proposer,
    /// When the latest of its quotes was said.
    pub said_at: Timestamp,
    /// Whether it says that an earlier value does not hold any more.
    pub is_correction: bool,
    /// The value that it says does not hold any more, where it names one.
    pub replaces: Option<String>,
}

/// Why a candidate is not remembered without a person's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A quote is not in its message, or there is none.
    NotSaid,
    /// A name, number or date in it is in none of its quotes and does not follow from them.
    NotInQuote,
    /// It rests on a tool's or an outsider's words.
    LowOrigin,
    /// It tells an assistant what to do, and no person of authority said it.
    InstructionShaped,
    /// A password, key or token.
    Secret,
    /// A card or bank account number.
    Payment,
    /// An identity document's number.
    Identity,
    /// Characters that a reader does not see.
    HiddenText,
    /// Text that we served ourselves.
    Served,
    /// An exclude rule of the space, or none of its include rules.
    Excluded,
    /// It takes back what a higher origin said.
    Contradiction,
    /// It was proposed by a key that may only propose.
    Proposed,
    /// Its scope is at its quota.
    OverQuota,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 13] = [
        Self::NotSaid,
        Self::NotInQuote,
        Self::LowOrigin,
        Self::InstructionShaped,
        Self::Secret,
        Self::Payment,
        Self::Identity,
        Self::HiddenText,
        Self::Served,
        Self::Excluded,
        Self::Contradiction,
        Self::Proposed,
        Self::OverQuota,
    ];

    /// The word used on the wire and in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSaid => "not_said",
            Self::NotInQuote => "not_in_quote",
            Self::LowOrigin => "low_origin",
            Self::InstructionShaped => "instruction_shaped",
            Self::Secret => "secret",
            Self::Payment => "payment",
            Self::Identity => "identity",
            Self::HiddenText => "hidden_text",
            Self::Served => "served",
            Self::Excluded => "excluded",
            Self::Contradiction => "contradiction",
            Self::Proposed => "proposed",
            Self::OverQuota => "over_quota",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a held candidate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldStatus {
    /// Waits for a person.
    Waiting,
    /// A person let it through.
    Released,
    /// A person refused it.
    Rejected,
}

impl HeldStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Released, Self::Rejected];

    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Released => "released",
            Self::Rejected => "rejected",
        }
    }
}

/// A candidate in quarantine. Nothing of it is indexed or recalled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// The candidate.
    pub candidate: Candidate,
    /// The event that it came from.
    pub event: Option<EventId>,
    /// Why it is held, each cause once.
    pub causes: BTreeSet<Cause>,
    /// Where it stands.
    pub status: HeldStatus,
    /// When it was held.
    pub held_at: Timestamp,
    /// Who let it through or refused it, when, and why.
    pub closed: Option<Closing>,
}

/// How a held candidate was closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Closing {
    /// Who.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
    /// Why, when they said so.
    pub reason: Option<String>,
    /// The memory that came of it.
    pub memory: Option<MemoryId>,
}

impl Candidate {
    /// The messages that it quotes, or was claimed to quote.
    pub fn messages(&self) -> BTreeSet<MessageId> {
        let found = self.evidence.iter().map(|evidence| evidence.message);
        found.chain(self.unfound.iter().filter_map(|(message, _)| *message)).collect()
    }

    /// Takes away everything that it says; for whom it would have stood and who proposed it stay.
    pub fn empty(&mut self) {
        self.text.clear();
        self.detail = Detail::default();
        self.validity = Interval::default();
        self.expires_at = None;
        self.categories.clear();
        self.evidence.clear();
        self.unfound.clear();
        self.replaces = None;
    }
}

impl Held {
    /// Takes away everything that it says, because its source was erased; one that waits is refused with it.
    pub fn empty(&mut self, actor: &Actor, at: Timestamp) {
        self.candidate.empty();
        match &mut self.closed {
            // A reason may repeat what it was given for.
            Some(closed) => closed.reason = None,
            None => {
                self.status = HeldStatus::Rejected;
                self.closed = Some(Closing { actor: actor.clone(), at, reason: None, memory: None });
            }
        }
    }
}
