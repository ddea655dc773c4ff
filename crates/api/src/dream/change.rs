//! A proposed change on the wire: what it writes, as a diff, and what becomes of each claim.

use dreamkeeper_domain::dream;
use dreamkeeper_domain::id::{DreamId, MemoryId, MessageId, TopicId};
use dreamkeeper_topics::unified;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::moment::Moment;
use crate::words::{Actor, ChangeKind, Operation, Origin};

/// Who proposed a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeMaker {
    /// A rule of the program, by its name.
    Rule(String),
    /// A chat model.
    Model {
        /// `provider/model`.
        model: String,
        /// The prompt's name and version.
        prompt: String,
    },
    /// A person, while reviewing.
    Person(Actor),
}

impl From<dream::DreamMaker> for ChangeMaker {
    fn from(noun: dream::DreamMaker) -> Self {
        match noun {
            dream::DreamMaker::Rule(rule) => Self::Rule(rule),
            dream::DreamMaker::Model { model, prompt } => Self::Model { model, prompt },
            dream::DreamMaker::Person(actor) => Self::Person(actor.into()),
        }
    }
}

/// Where a change stands in review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "review", rename_all = "snake_case")]
pub enum Review {
    /// It waits for a decision.
    Waiting,
    /// Somebody let it through; it is not written yet.
    Accepted {
        /// Who.
        actor: Actor,
        /// When.
        at: Moment,
    },
    /// Somebody refused it.
    Rejected {
        /// Who.
        actor: Actor,
        /// When.
        at: Moment,
        /// Why. Told beside the change's own reason, so that it needs a name of its own.
        #[serde(default, rename = "rejected_because", skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// The check refused it.
    SetAside {
        /// The rules that it breaks.
        reasons: Vec<String>,
    },
    /// It is written.
    Adopted {
        /// By which adoption.
        adoption: u32,
    },
    /// It was written and taken back.
    RolledBack {
        /// The adoption that was taken back.
        adoption: u32,
    },
}

impl From<dream::ChangeReview> for Review {
    fn from(noun: dream::ChangeReview) -> Self {
        match noun {
            dream::ChangeReview::Waiting => Self::Waiting,
            dream::ChangeReview::Accepted { actor, at } => {
                Self::Accepted { actor: actor.into(), at: Moment(at) }
            }
            dream::ChangeReview::Rejected { actor, at, reason } => {
                Self::Rejected { actor: actor.into(), at: Moment(at), reason }
            }
            dream::ChangeReview::SetAside { reasons } => Self::SetAside { reasons },
            dream::ChangeReview::Adopted { adoption } => Self::Adopted { adoption },
            dream::ChangeReview::RolledBack { adoption } => Self::RolledBack { adoption },
        }
    }
}

/// What becomes of a claim that does not stay where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum ClaimFate {
    /// It stays.
    Kept,
    /// It stands elsewhere.
    Moved {
        /// Where.
        to: String,
    },
    /// Another claim says the same.
    Merged {
        /// The words of that one.
        into: String,
    },
    /// A newer one replaces it.
    Superseded {
        /// The words of that one.
        by: String,
    },
    /// It says the same with a date.
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

impl From<dream::ClaimFate> for ClaimFate {
    fn from(noun: dream::ClaimFate) -> Self {
        match noun {
            dream::ClaimFate::Kept => Self::Kept,
            dream::ClaimFate::Moved { to } => Self::Moved { to },
            dream::ClaimFate::Merged { into } => Self::Merged { into },
            dream::ClaimFate::Superseded { by } => Self::Superseded { by },
            dream::ClaimFate::Redated { to } => Self::Redated { to },
            dream::ClaimFate::Dropped { reason } => Self::Dropped { reason },
            dream::ClaimFate::Added => Self::Added,
        }
    }
}

/// One claim and what becomes of it. Claims that are not told of stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClaimAccount {
    /// A topic's path or a memory's id.
    pub place: String,
    /// Its words.
    pub text: String,
    /// What becomes of it.
    #[serde(flatten)]
    pub fate: ClaimFate,
}

impl From<dream::ClaimAccount> for ClaimAccount {
    fn from(noun: dream::ClaimAccount) -> Self {
        Self { place: noun.place, text: noun.text, fate: noun.fate.into() }
    }
}

/// A quote that a change rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quote {
    /// The message.
    #[schema(value_type = String, format = "uuid")]
    pub message: MessageId,
    /// Its words; empty once erased.
    pub quote: String,
}

/// One record that a change writes, or relies on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChangeEffect {
    /// The topic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub topic: Option<TopicId>,
    /// The memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub memory: Option<MemoryId>,
    /// What is done with a memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<Operation>,
    /// Whether it is only relied on: it must still be as it is, and is not written.
    pub is_relied_on: bool,
    /// Where a topic stands; absent for a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_before: Option<String>,
    /// Where it stands afterwards; absent where it goes away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_after: Option<String>,
    /// What it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it says afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The difference in the unified form.
    pub diff: String,
}

impl From<&dream::Effect> for ChangeEffect {
    fn from(noun: &dream::Effect) -> Self {
        match noun {
            dream::Effect::Topic(effect) => {
                let before = effect.before.as_ref();
                let path_before = before.map(|side| side.path.clone());
                let path_after = effect.after.as_ref().map(|(path, _)| path.clone());
                let old = before.map_or("", |side| side.content.as_str());
                let new = effect.after.as_ref().map_or("", |(_, content)| content.as_str());
                let names = (
                    path_before.as_deref().unwrap_or("/dev/null"),
                    path_after.as_deref().unwrap_or("/dev/null"),
                );
                Self {
                    topic: Some(effect.topic),
                    memory: None,
                    operation: None,
                    is_relied_on: path_before == path_after && old == new,
                    diff: unified(old, new, names),
                    before: before.map(|side| side.content.clone()),
                    after: effect.after.as_ref().map(|(_, content)| content.clone()),
                    path_before,
                    path_after,
                }
            }
            dream::Effect::Memory(effect) => {
                let before = effect.before.as_ref().map(|memory| memory.text.clone());
                let after = effect.after.text.clone();
                let name = effect.memory.to_string();
                Self {
                    topic: None,
                    memory: Some(effect.memory),
                    operation: Some(effect.operation.into()),
                    is_relied_on: effect.before.as_ref().is_some_and(|before| *before == effect.after),
                    path_before: None,
                    path_after: None,
                    diff: unified(
                        &format!("{}\n", before.as_deref().unwrap_or_default()),
                        &format!("{after}\n"),
                        (&name, &name),
                    ),
                    before,
                    after: Some(after),
                }
            }
        }
    }
}

/// A proposed change without whole contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChangeSummary {
    /// Counts from 1 within the dream.
    pub number: u32,
    /// What sort.
    pub kind: ChangeKind,
    /// What it does, in a line.
    pub title: String,
    /// Why.
    pub reason: String,
    /// Who proposed it.
    pub maker: ChangeMaker,
    /// The lowest origin among its sources.
    pub origin: Origin,
    /// Changes without which it makes no sense.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<u32>,
    /// Where it stands in review.
    #[serde(flatten)]
    pub review: Review,
}

impl From<&dream::ProposedChange> for ChangeSummary {
    fn from(noun: &dream::ProposedChange) -> Self {
        Self {
            number: noun.number,
            kind: noun.kind.into(),
            title: noun.title.clone(),
            reason: noun.reason.clone(),
            maker: noun.maker.clone().into(),
            origin: noun.origin.into(),
            needs: noun.needs.clone(),
            review: noun.review.clone().into(),
        }
    }
}

/// A proposed change, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// The dream.
    #[schema(value_type = String, format = "uuid")]
    pub dream: DreamId,
    /// All but what it writes.
    #[serde(flatten)]
    pub summary: ChangeSummary,
    /// What it writes and relies on.
    pub effects: Vec<ChangeEffect>,
    /// What becomes of claims.
    pub claims: Vec<ClaimAccount>,
    /// The quotes that it rests on.
    pub evidence: Vec<Quote>,
}

impl From<dream::ProposedChange> for Change {
    fn from(noun: dream::ProposedChange) -> Self {
        let quotes =
            noun.evidence.iter().map(|quote| Quote { message: quote.message, quote: quote.quote.clone() });
        Self {
            dream: noun.dream,
            summary: ChangeSummary::from(&noun),
            effects: noun.effects.iter().map(Into::into).collect(),
            evidence: quotes.collect(),
            claims: noun.claims.into_iter().map(Into::into).collect(),
        }
    }
}
