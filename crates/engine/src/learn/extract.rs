//! Extract: what is proposed for remembering in a run of messages, by rules or by a model.
//!
//! Whoever proposes, the drafts look alike; grounding, dating and deciding do not know who made them.

pub(crate) mod model;
pub(crate) mod rules;

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::candidate::Proposer;
use dreamkeeper_domain::detail::{Relation, Slot};
use dreamkeeper_domain::id::MessageId;
use dreamkeeper_domain::memory::Kind;

use super::decide::Wish;

/// A quote as it was claimed, not yet found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claimed {
    pub(crate) message: Option<MessageId>,
    pub(crate) quote: String,
}

/// What somebody proposes, before anything of it was checked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Draft {
    pub(crate) kind: Kind,
    pub(crate) text: String,
    pub(crate) slot: Option<Slot>,
    pub(crate) entities: Vec<String>,
    pub(crate) relations: Vec<Relation>,
    /// The phrase of time that belongs to it, as it was said.
    pub(crate) time: Option<String>,
    pub(crate) importance: f32,
    pub(crate) categories: BTreeSet<String>,
    pub(crate) quotes: Vec<Claimed>,
    pub(crate) is_correction: bool,
    pub(crate) replaces: Option<String>,
    pub(crate) wish: Option<Wish>,
    pub(crate) proposer: Proposer,
}

/// What the speaker wants forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ForgetWish {
    /// In their words: "my address".
    pub(crate) what: String,
    /// Where they said it.
    pub(crate) message: MessageId,
}

/// What was found in a run of messages.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Extracted {
    pub(crate) drafts: Vec<Draft>,
    pub(crate) forget: Vec<ForgetWish>,
    /// Messages or sentences that were passed over, by reason.
    pub(crate) skipped: BTreeMap<String, u32>,
    pub(crate) warnings: Vec<String>,
    pub(crate) usage: Usage,
}

/// What a model took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) calls: u32,
    pub(crate) prompt_tokens: u64,
    pub(crate) answer_tokens: u64,
}

impl Usage {
    pub(crate) fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.prompt_tokens += other.prompt_tokens;
        self.answer_tokens += other.answer_tokens;
    }
}

impl Extracted {
    pub(crate) fn skip(&mut self, reason: &str) {
        *self.skipped.entry(reason.to_owned()).or_default() += 1;
    }
}
