//! Usefulness: how often a memory was served, used and praised; for ranking and for what is kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::MemoryId;

/// What somebody says of a memory that was served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feedback {
    /// It went into an answer.
    Used,
    /// It helped.
    Helpful,
    /// It did not belong there.
    Irrelevant,
    /// It is not so.
    Wrong,
}

impl Feedback {
    /// Every sort.
    pub const ALL: [Self; 4] = [Self::Used, Self::Helpful, Self::Irrelevant, Self::Wrong];

    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Helpful => "helpful",
            Self::Irrelevant => "irrelevant",
            Self::Wrong => "wrong",
        }
    }
}

/// How a memory has fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usefulness {
    /// The memory.
    pub memory: MemoryId,
    /// How often a recall served it.
    pub served_count: u64,
    /// How often it was said to be used.
    pub used_count: u64,
    /// How often it was praised.
    pub helpful_count: u64,
    /// How often it did not belong.
    pub irrelevant_count: u64,
    /// How often it was called wrong.
    pub wrong_count: u64,
    /// When it was served last.
    pub served_at: Option<Timestamp>,
}
