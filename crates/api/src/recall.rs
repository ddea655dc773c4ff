//! Recall on the wire: a question, and what belongs to it.

mod answer;

use std::collections::BTreeSet;

use dreamkeeper_domain::time::Zone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::filter::FilterExpression;
use crate::moment::Moment;
use crate::scope::Scope;
use crate::words::{Origin, Section};

pub use answer::{
    NeighbourTurn, Recall, RecalledMemory, RecalledMessage, RecalledSummary, RecalledTopic, Score, ScorePart,
    Silence,
};

/// A question, for whom, and what may answer it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecallRequest {
    /// The question, in words.
    #[schema(example = "What can Ana not eat?")]
    pub query: String,
    /// For whom.
    #[serde(default)]
    pub scope: Scope,
    /// A further test that memories, pins and messages must pass. State is not tested, nor are the turns
    /// shown around a message: they are context, not hits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<FilterExpression>,
    /// The lowest origin let through; `user` unless told, with turns of the assistant marked as such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_origin: Option<Origin>,
    /// Answers with what was recorded at that moment; now unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Moment>,
    /// Serves memories that are true at that moment; now unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_at: Option<Moment>,
    /// What is served beside active memories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<Include>,
    /// The sections that are wanted; all but `summaries` unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sections: Option<BTreeSet<Section>>,
    /// At most this many memories, open questions and messages together, 1 to 200; 10 unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
    /// Tokens that `text` may take, up to 100000; 2000 unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_budget: Option<usize>,
    /// Switches the cut-off off: the nearest are served however far they are.
    #[serde(default)]
    pub all: bool,
    /// The zone in which the question's phrases of time are read; UTC unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub zone: Option<Zone>,
    /// Turns shown before and after a message, 0 to 5; 1 unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub neighbours: Option<u32>,
    /// Whether scores come in parts.
    #[serde(default)]
    pub explain: bool,
    /// Whether the recall leaves a receipt; it does unless told.
    #[serde(default = "yes")]
    pub receipt: bool,
    /// Ranking signals to leave out, by name, to measure their worth.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub without: BTreeSet<String>,
}

fn yes() -> bool {
    true
}

impl RecallRequest {
    /// A question with the defaults.
    pub fn new(query: impl Into<String>, scope: Scope) -> Self {
        Self {
            query: query.into(),
            scope,
            filter: None,
            min_origin: None,
            as_of: None,
            valid_at: None,
            include: Vec::new(),
            sections: None,
            limit: None,
            token_budget: None,
            all: false,
            zone: None,
            neighbours: None,
            explain: false,
            receipt: true,
            without: BTreeSet::new(),
        }
    }
}

/// Memories that are served only when asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Include {
    /// Replaced ones.
    Superseded,
    /// Expired ones.
    Expired,
    /// Ones that were set aside.
    Archived,
    /// Forgotten ones.
    Forgotten,
}
