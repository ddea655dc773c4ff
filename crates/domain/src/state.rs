//! State: a JSON value under a key that the app sets explicitly; nothing ever guesses it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::actor::Actor;
use crate::scope::Scope;

/// The current value of one key in one exact scope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StateEntry {
    /// The scope; two entries with different scopes are different entries.
    pub scope: Scope,
    /// The key.
    pub key: String,
    /// The value; `None` once it has been removed.
    pub value: Option<Value>,
    /// Counts from 1 and grows with every change.
    pub version: u32,
    /// When this version was written.
    pub updated_at: Timestamp,
    /// Who wrote it.
    pub actor: Actor,
    /// Why, when the writer said so.
    pub reason: Option<String>,
}
