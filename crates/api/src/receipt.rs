//! Receipts on the wire: what an earlier recall served, on which quotes, said by whom.

use std::collections::BTreeSet;

use dreamkeeper_domain::id::{MemoryId, MessageId, ReceiptId, SessionId, TopicId};
use dreamkeeper_domain::receipt;
use dreamkeeper_domain::time::Zone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::evidence::{Evidence, Span};
use crate::filter::FilterExpression;
use crate::memory::Memory;
use crate::moment::Moment;
use crate::recall::{Include, ScorePart};
use crate::scope::Scope;
use crate::words::{Actor, Origin, Section};

/// What a recall served, and the served memories as they are now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Why {
    /// What was served then.
    pub receipt: Receipt,
    /// The memories among it, as they are now.
    pub memories_now: Vec<Memory>,
}

/// What one recall served and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: ReceiptId,
    /// When.
    pub at: Moment,
    /// Who asked.
    pub actor: Actor,
    /// The question.
    pub query: String,
    /// For whom.
    pub scope: Scope,
    /// The lowest origin that was let through.
    pub min_origin: Origin,
    /// How the question was narrowed; absent in receipts of programs that did not record it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// What was served, in order.
    pub items: Vec<ServedItem>,
    /// The best score below the cut-off, when nothing cleared it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<f32>,
}

impl From<receipt::Receipt> for Receipt {
    fn from(noun: receipt::Receipt) -> Self {
        Self {
            id: noun.id,
            at: Moment(noun.at),
            actor: noun.actor.into(),
            query: noun.query,
            scope: noun.scope.into(),
            min_origin: noun.min_origin.into(),
            asked: noun.asked.map(|asked| (*asked).into()),
            items: noun.items.into_iter().map(Into::into).collect(),
            nearest: noun.nearest,
        }
    }
}

/// How a question was narrowed, beside its words, its scope and the lowest origin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Asked {
    /// The moment whose records answered; the receipt's own time unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Moment>,
    /// The moment at which memories had to be true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_at: Option<Moment>,
    /// The further test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<FilterExpression>,
    /// What was served beside active memories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<Include>,
    /// The sections that were wanted.
    pub sections: BTreeSet<Section>,
    /// At most this many memories, open questions and messages together.
    pub limit: usize,
    /// Tokens that the fenced text could take.
    pub token_budget: usize,
    /// Turns shown before and after a message.
    pub neighbours: u32,
    /// Whether the cut-off was off.
    pub all: bool,
    /// The zone in which phrases of time were read; UTC unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub zone: Option<Zone>,
}

impl From<receipt::Asked> for Asked {
    fn from(noun: receipt::Asked) -> Self {
        let receipt::Include { superseded, expired, archived, forgotten } = noun.include;
        let include = [
            (superseded, Include::Superseded),
            (expired, Include::Expired),
            (archived, Include::Archived),
            (forgotten, Include::Forgotten),
        ];
        Self {
            as_of: noun.as_of.map(Moment),
            valid_at: noun.valid_at.map(Moment),
            filter: noun.filter.as_ref().map(Into::into),
            include: include.into_iter().filter_map(|(asked, word)| asked.then_some(word)).collect(),
            sections: noun.sections.into_iter().map(Into::into).collect(),
            limit: noun.limit,
            token_budget: noun.token_budget,
            neighbours: noun.neighbours,
            all: noun.all,
            zone: noun.zone,
        }
    }
}

/// One item that was served.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ServedItem {
    /// Where it stood.
    pub section: Section,
    /// What it was.
    pub subject: ServedSubject,
    /// The words that were served; emptied when their source is erased.
    pub quote: String,
    /// Which bytes of the owner's text they are, where they are a part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// Who said or wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said_by: Option<String>,
    /// When it was said or recorded.
    pub said_at: Moment,
    /// Who really authored it.
    pub origin: Origin,
    /// The quotes a memory rested on at that time.
    pub evidence: Vec<Evidence>,
    /// How well it fitted, from 0 to 1; absent for what is served without a question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
    /// The score in parts.
    pub parts: Vec<ScorePart>,
}

impl From<receipt::ServedItem> for ServedItem {
    fn from(noun: receipt::ServedItem) -> Self {
        Self {
            section: noun.section.into(),
            subject: noun.subject.into(),
            quote: noun.quote,
            span: noun.span.map(Into::into),
            said_by: noun.said_by,
            said_at: Moment(noun.said_at),
            origin: noun.origin.into(),
            evidence: noun.evidence.into_iter().map(Into::into).collect(),
            score: noun.score,
            parts: noun.parts.into_iter().map(Into::into).collect(),
        }
    }
}

/// What an item was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServedSubject {
    /// A message.
    #[schema(value_type = String, format = "uuid")]
    Message(MessageId),
    /// One version of a memory.
    Memory {
        /// Which memory.
        #[schema(value_type = String, format = "uuid")]
        id: MemoryId,
        /// Which version.
        version: u32,
    },
    /// One version of a topic.
    Topic {
        /// Which topic.
        #[schema(value_type = String, format = "uuid")]
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
        #[schema(value_type = String, format = "uuid")]
        session: SessionId,
        /// Messages before this place were in it.
        upto: u32,
    },
}

impl From<receipt::ServedSubject> for ServedSubject {
    fn from(noun: receipt::ServedSubject) -> Self {
        match noun {
            receipt::ServedSubject::Message(id) => Self::Message(id),
            receipt::ServedSubject::Memory { id, version } => Self::Memory { id, version },
            receipt::ServedSubject::Topic { id, number } => Self::Topic { id, number },
            receipt::ServedSubject::State { key, version } => Self::State { key, version },
            receipt::ServedSubject::Summary { session, upto } => Self::Summary { session, upto },
        }
    }
}
