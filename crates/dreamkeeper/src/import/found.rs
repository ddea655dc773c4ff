//! What an import reads, whatever the source: turns, memories, state, and what it leaves out.

use std::fmt;
use std::sync::Arc;

use dreamkeeper_api::memory::NewMemory;
use dreamkeeper_api::message::{NewMessage, Part};
use dreamkeeper_api::moment::SaidAt;
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::words::{Origin, Role, Status};
use jiff::Timestamp;
use serde_json::Value;

use super::transcript::QuoteLine;

/// Where in a source something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The file.
    pub(crate) file: Arc<str>,
    /// What is counted: lines, conversations.
    pub(crate) unit: &'static str,
    /// Its number, from 1.
    pub(crate) number: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {} {}", self.file, self.unit, self.number)
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Found {
    /// A message.
    Turn(Box<Turn>),
    /// A memory.
    Memory(Box<ImportedMemory>),
    /// A state value.
    State(Box<ImportedState>),
    /// Left out on purpose, counted by reason.
    Skipped(&'static str),
    /// It cannot be read.
    Bad(String),
}

/// A message with the session it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Turn {
    /// The session's key.
    pub(crate) session: String,
    /// For whom, by user, agent, app and run; its labels stand on the message.
    pub(crate) scope: Scope,
    /// The message; its id is the source's own, unique in the session.
    pub(crate) message: NewMessage,
}

/// What an application's export tells of a message.
pub(crate) struct Exported {
    /// The session's key.
    pub(crate) session: String,
    /// The source's own id.
    pub(crate) id: String,
    pub(crate) role: Role,
    /// Lower than the role's where it is known.
    pub(crate) origin: Option<Origin>,
    pub(crate) parts: Vec<Part>,
    pub(crate) at: Timestamp,
    pub(crate) labels: Vec<String>,
}

impl From<Exported> for Found {
    fn from(exported: Exported) -> Self {
        let message = NewMessage {
            id: Some(exported.id),
            role: exported.role,
            author: None,
            origin: exported.origin,
            text: None,
            parts: Some(exported.parts),
            at: Some(SaidAt::from(exported.at)),
            zone: None,
            labels: exported.labels,
        };
        Self::Turn(Box::new(Turn { session: exported.session, scope: Scope::default(), message }))
    }
}

/// A memory with the id it had where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ImportedMemory {
    /// Under which a second import recognises it.
    pub(crate) source_id: String,
    /// The memory.
    pub(crate) memory: NewMemory,
    /// Where it stood.
    pub(crate) status: Status,
    /// The source id of the memory that it replaced.
    pub(crate) supersedes: Option<String>,
    /// The quotes it rests on.
    pub(crate) evidence: Vec<QuoteLine>,
}

/// A state value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ImportedState {
    pub(crate) key: String,
    pub(crate) scope: Scope,
    pub(crate) value: Value,
}

/// A thing that was found, with its place.
pub(crate) type Located = (Place, Found);
