//! A record found by its bare id.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::memory::Memory;
use crate::message::Message;
use crate::session::Session;

/// The memory, message or session with an id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// A memory.
    Memory(Box<Memory>),
    /// A message.
    Message(Box<Message>),
    /// A session.
    Session(Box<Session>),
}
