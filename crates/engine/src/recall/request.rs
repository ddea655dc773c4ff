//! What a recall asks for.

use std::collections::BTreeSet;

use dreamkeeper_domain::filter::Filter;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::receipt::{Asked, Include, Section};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::time::Zone;
use jiff::Timestamp;

use super::signals::is_known;
use crate::VerbError;
use crate::error::{check_bytes, check_scope};

/// Turns that can be shown on each side of a message.
const NEIGHBOURS_MAX: usize = 5;

/// A question, for whom, and what may answer it.
#[derive(Debug, Clone, PartialEq)]
pub struct RecallRequest {
    /// The question, in words.
    pub text: String,
    /// For whom.
    pub scope: Scope,
    /// A further test that memories, pins and messages must pass. State is not tested, nor are the turns
    /// shown around a message: they are context, not hits.
    pub filter: Option<Filter>,
    /// The lowest origin let through (invariant 8). At `User`, turns of the assistant are let through too,
    /// marked as such.
    pub min_origin: Origin,
    /// Answers with what was recorded at that moment; now unless told.
    pub as_of: Option<Timestamp>,
    /// Serves memories that are true at that moment; those true now unless told.
    pub valid_at: Option<Timestamp>,
    /// What is served beside active memories.
    pub include: Include,
    /// The sections that are wanted; all but summaries unless told.
    pub sections: BTreeSet<Section>,
    /// At most this many memories, open questions, passages of topics and messages together, 1 to [`limits::RECALL_LIMIT_MAX`].
    pub limit: usize,
    /// Tokens that the fenced text may take, at most [`limits::RECALL_TOKENS_MAX`].
    pub token_budget: usize,
    /// Switches the cut-off off: the nearest are served however far they are.
    pub all: bool,
    /// The zone in which the question's phrases of time ("last May") are read; UTC unless told.
    pub zone: Option<Zone>,
    /// Turns shown before and after a message, 0 to 5.
    pub neighbours: u32,
    /// Whether the recall leaves a receipt.
    pub receipt: bool,
    /// Ranking signals to leave out, by name, to measure their worth.
    pub without: BTreeSet<String>,
}

impl RecallRequest {
    /// A question with the defaults.
    pub fn new(text: impl Into<String>, scope: Scope) -> Self {
        Self {
            text: text.into(),
            scope,
            filter: None,
            min_origin: Origin::User,
            as_of: None,
            valid_at: None,
            include: Include::default(),
            sections: [
                Section::State,
                Section::Pinned,
                Section::Memories,
                Section::OpenQuestions,
                Section::Topics,
                Section::Conversation,
            ]
            .into(),
            limit: limits::RECALL_LIMIT_DEFAULT,
            token_budget: limits::RECALL_TOKENS_DEFAULT,
            all: false,
            zone: None,
            neighbours: 1,
            receipt: true,
            without: BTreeSet::new(),
        }
    }

    /// What the receipt tells of the question beside its words, scope and lowest origin.
    pub(crate) fn asked(&self) -> Asked {
        Asked {
            as_of: self.as_of,
            valid_at: self.valid_at,
            filter: self.filter.clone(),
            include: self.include,
            sections: self.sections.clone(),
            limit: self.limit,
            token_budget: self.token_budget,
            neighbours: self.neighbours,
            all: self.all,
            zone: self.zone.clone(),
        }
    }

    /// Refuses what cannot be asked.
    pub(crate) fn check(&self) -> Result<(), VerbError> {
        if self.text.trim().is_empty() {
            return Err(VerbError::invalid("text", "is empty: ask something"));
        }
        check_bytes("text", self.text.len(), limits::QUERY_BYTES_MAX)?;
        check_scope(&self.scope)?;
        if let Some(name) = self.without.iter().find(|name| !is_known(name)) {
            return Err(VerbError::invalid("without", format!("`{name}` is no signal: see `explain`")));
        }
        let bounds = [
            ("limit", self.limit, 1, limits::RECALL_LIMIT_MAX),
            ("token_budget", self.token_budget, 1, limits::RECALL_TOKENS_MAX),
            ("neighbours", self.neighbours as usize, 0, NEIGHBOURS_MAX),
        ];
        for (field, value, min, max) in bounds {
            if !(min..=max).contains(&value) {
                return Err(VerbError::invalid(field, format!("{value} is out of range: {min} to {max}")));
            }
        }
        Ok(())
    }
}
