//! Erase on the wire: what is destroyed for good.

use dreamkeeper_domain::id::{MemoryId, MessageId, SessionId, StoreId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::scope::Scope;

/// What is to be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EraseTarget {
    /// One memory, in every version.
    #[schema(value_type = String, format = "uuid")]
    Memory(MemoryId),
    /// One message.
    #[schema(value_type = String, format = "uuid")]
    Message(MessageId),
    /// Every message of a session.
    #[schema(value_type = String, format = "uuid")]
    Session(SessionId),
    /// A store of topics with all that is in it, also one that is deleted already.
    #[schema(value_type = String, format = "uuid")]
    TopicStore(StoreId),
    /// Everything under a scope that names a user, agent, app or run.
    Scope(Scope),
}

/// Content to destroy for good, from every version, index, quote and receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseRequest {
    /// What.
    pub target: EraseTarget,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What was erased.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Erased {
    /// Memories.
    pub memory_count: u64,
    /// Messages.
    pub message_count: u64,
    /// State keys.
    pub state_count: u64,
    /// Stores of topics.
    #[serde(default)]
    pub store_count: u64,
}
