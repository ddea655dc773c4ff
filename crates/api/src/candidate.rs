//! Candidates on the wire: what is proposed for remembering, and what waits in quarantine for a person.

use std::collections::BTreeSet;

use dreamkeeper_domain::candidate;
use dreamkeeper_domain::id::{CandidateId, EventId, MemoryId, MessageId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::detail::{Detail, Relation, Slot};
use crate::evidence::{Evidence, EvidenceRef};
use crate::memory::Interval;
use crate::moment::Moment;
use crate::scope::Scope;
use crate::words::{Actor, Cause, HeldStatus, Kind, Origin};

/// A candidate to hand in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCandidate {
    /// What would be remembered, in one or a few sentences.
    #[schema(example = "Ana moved to Porto.")]
    pub text: String,
    /// What it is about; a fact unless told.
    #[serde(default = "fact")]
    pub kind: Kind,
    /// For whom.
    #[serde(default)]
    pub scope: Scope,
    /// The quotes that it rests on. Without any it waits in quarantine for a person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceRef>,
    /// Which property of whom it gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<Slot>,
    /// People, places and things that it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<String>,
    /// How they stand to each other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
    /// The phrase of time in its quotes that says when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "last May")]
    pub time: Option<String>,
    /// How much it matters, 0 to 1; 0.5 unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub importance: Option<f32>,
    /// Topics it would be filed under.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub categories: BTreeSet<String>,
}

fn fact() -> Kind {
    Kind::Fact
}

/// Candidates to hand in, fire and forget.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeRequest {
    /// The candidates; at least one.
    pub candidates: Vec<NewCandidate>,
}

/// Candidates that were handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Proposed {
    /// The learning event of each, in order: it tells what became of the candidate.
    #[schema(value_type = Vec<String>)]
    pub events: Vec<EventId>,
}

/// Who proposed a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Proposer {
    /// The rules that the program carries.
    Rules,
    /// A chat model.
    Model {
        /// `provider/model`.
        model: String,
        /// The prompt's name and version.
        prompt: String,
    },
    /// An app, an agent or a person, outright.
    Actor(Actor),
}

impl From<candidate::Proposer> for Proposer {
    fn from(noun: candidate::Proposer) -> Self {
        match noun {
            candidate::Proposer::Rules => Self::Rules,
            candidate::Proposer::Model { model, prompt } => Self::Model { model, prompt },
            candidate::Proposer::Actor(actor) => Self::Actor(actor.into()),
        }
    }
}

/// A quote that was claimed and not found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Unfound {
    /// The message it was claimed of, where one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub message: Option<MessageId>,
    /// The words.
    pub quote: String,
}

/// Proposed for remembering, with the quotes it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Candidate {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: CandidateId,
    /// For whom it would stand.
    pub scope: Scope,
    /// What it is about.
    pub kind: Kind,
    /// What would be remembered; empty once its source is erased.
    pub text: String,
    /// The same in parts.
    #[serde(default, skip_serializing_if = "Detail::is_empty")]
    pub detail: Detail,
    /// When what it says is true.
    pub validity: Interval,
    /// From when on it would no longer be served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Moment>,
    /// Topics it would be filed under.
    pub categories: BTreeSet<String>,
    /// The quotes that were found in their messages.
    pub evidence: Vec<Evidence>,
    /// The quotes that were not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unfound: Vec<Unfound>,
    /// The lowest origin among its sources.
    pub origin: Origin,
    /// Who proposed it.
    pub proposer: Proposer,
    /// When the latest of its quotes was said.
    pub said_at: Moment,
    /// Whether it says that an earlier value does not hold any more.
    pub is_correction: bool,
    /// That value, where it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
}

impl From<candidate::Candidate> for Candidate {
    fn from(noun: candidate::Candidate) -> Self {
        let unfound = noun.unfound.into_iter().map(|(message, quote)| Unfound { message, quote });
        Self {
            id: noun.id,
            scope: noun.scope.into(),
            kind: noun.kind.into(),
            text: noun.text,
            detail: noun.detail.into(),
            validity: noun.validity.into(),
            expires_at: noun.expires_at.map(Moment),
            categories: noun.categories,
            evidence: noun.evidence.into_iter().map(Into::into).collect(),
            unfound: unfound.collect(),
            origin: noun.origin.into(),
            proposer: noun.proposer.into(),
            said_at: Moment(noun.said_at),
            is_correction: noun.is_correction,
            replaces: noun.replaces,
        }
    }
}

/// How a held candidate was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Closing {
    /// Who closed it.
    pub actor: Actor,
    /// When.
    pub at: Moment,
    /// Why, when they said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The memory that came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub memory: Option<MemoryId>,
}

impl From<candidate::Closing> for Closing {
    fn from(noun: candidate::Closing) -> Self {
        Self { actor: noun.actor.into(), at: Moment(noun.at), reason: noun.reason, memory: noun.memory }
    }
}

/// A candidate in quarantine. Nothing of it is indexed or recalled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Held {
    /// The candidate.
    pub candidate: Candidate,
    /// The learning event that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub event: Option<EventId>,
    /// Why it is held.
    pub causes: BTreeSet<Cause>,
    /// Where it stands.
    pub status: HeldStatus,
    /// When it was held.
    pub held_at: Moment,
    /// Who let it through or refused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closing>,
}

impl From<candidate::Held> for Held {
    fn from(noun: candidate::Held) -> Self {
        Self {
            candidate: noun.candidate.into(),
            event: noun.event,
            causes: noun.causes.into_iter().map(Into::into).collect(),
            status: noun.status.into(),
            held_at: Moment(noun.held_at),
            closed: noun.closed.map(Into::into),
        }
    }
}

/// A held candidate to let through.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReleaseRequest {
    /// Vouches for it: it stands under the caller's own origin from here on, not its source's.
    pub raise: bool,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A held candidate to refuse.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RejectRequest {
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
