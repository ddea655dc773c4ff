//! Version: one state of a memory or of a state key, with who made it and why.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::actor::Actor;

/// What a change did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// The first version.
    Create,
    /// New content or properties.
    Update,
    /// Replaced by a newer record.
    Supersede,
    /// Set aside.
    Archive,
    /// Hidden by someone's wish.
    Forget,
    /// Brought back.
    Restore,
    /// A state key was removed.
    Remove,
    /// Content destroyed for good, in every version.
    Erase,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 8] = [
        Self::Create,
        Self::Update,
        Self::Supersede,
        Self::Archive,
        Self::Forget,
        Self::Restore,
        Self::Remove,
        Self::Erase,
    ];

    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Supersede => "supersede",
            Self::Archive => "archive",
            Self::Forget => "forget",
            Self::Restore => "restore",
            Self::Remove => "remove",
            Self::Erase => "erase",
        }
    }
}

/// One state of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// Counts from 1.
    pub number: u32,
    /// What the change did.
    pub operation: Operation,
    /// The whole record after the change, as JSON; `None` once erased.
    pub content: Option<Value>,
    /// Who made the change.
    pub actor: Actor,
    /// When it was recorded.
    pub at: Timestamp,
    /// Why, when the actor said so.
    pub reason: Option<String>,
}
