//! Versions on the wire: every state that a memory or a state key had.

use dreamkeeper_domain::version;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::memory::Memory;
use crate::moment::Moment;
use crate::words::{Actor, Operation};

/// One state of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Version {
    /// Counts from 1.
    pub number: u32,
    /// What the change did.
    pub operation: Operation,
    /// The whole record after the change; absent once erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Value>,
    /// Who made the change.
    pub actor: Actor,
    /// When it was recorded.
    pub at: Moment,
    /// Why, when the actor said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl From<version::Version> for Version {
    fn from(noun: version::Version) -> Self {
        Self {
            number: noun.number,
            operation: noun.operation.into(),
            content: noun.content,
            actor: noun.actor.into(),
            at: Moment(noun.at),
            reason: noun.reason,
        }
    }
}

/// A memory with every version of it, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MemoryHistory {
    /// The memory as it is now.
    pub memory: Memory,
    /// Its versions.
    pub versions: Vec<Version>,
}
