//! Actor: who made a change, as every version records it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Who made a change.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// What kind of party.
    pub kind: ActorKind,
    /// Its name: a key's id, a person's name, a job's name.
    pub name: String,
}

/// What kind of party made a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// Who runs the server, through its command line.
    Operator,
    /// The holder of a key.
    Key,
    /// Anybody who reaches a local server that has no keys.
    Local,
    /// The server itself: maintenance and jobs.
    System,
}

impl ActorKind {
    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Key => "key",
            Self::Local => "local",
            Self::System => "system",
        }
    }
}

impl Actor {
    /// The operator at the command line.
    pub fn operator(name: impl Into<String>) -> Self {
        Self { kind: ActorKind::Operator, name: name.into() }
    }

    /// The server itself, for a named job.
    pub fn system(job: impl Into<String>) -> Self {
        Self { kind: ActorKind::System, name: job.into() }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.as_str(), self.name)
    }
}
