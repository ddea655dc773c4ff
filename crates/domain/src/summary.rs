//! Summary: what a session was about so far, kept fresh by a job of its own.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::candidate::Proposer;
use crate::id::{MessageId, SessionId};
use crate::origin::Origin;
use crate::scope::Scope;

/// A running summary of one session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The session.
    pub session: SessionId,
    /// For whom; the session's.
    pub scope: Scope,
    /// The words.
    pub text: String,
    /// The messages that it was made from.
    pub messages: Vec<MessageId>,
    /// Up to where the summary reached that it was made from, too. One that does not stand any more when this is
    /// written was erased with something that it told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continues: Option<u32>,
    /// Messages before this ordinal are in it.
    pub upto: u32,
    /// The lowest origin among them.
    pub origin: Origin,
    /// Who made it.
    pub proposer: Proposer,
    /// When.
    pub made_at: Timestamp,
}
