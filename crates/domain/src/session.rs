//! Session: one conversation, in which messages stand in order.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::SessionId;
use crate::scope::Scope;

/// One conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The caller's own name for it, unique for its user, agent, app and run; absent for a session that
    /// was opened because a message named none.
    pub key: Option<String>,
    /// For whom it stands; its messages inherit it.
    pub scope: Scope,
    /// When its first message was recorded.
    pub opened_at: Timestamp,
    /// The time of its latest message, by the message's own clock.
    pub last_at: Timestamp,
    /// When its latest message was recorded; decides when it has been idle.
    pub last_recorded_at: Timestamp,
    /// How many messages it holds, erased ones included.
    pub message_count: u32,
    /// Whether it is to leave nothing: nothing is learned from it or found in it, and it is erased when it has
    /// been quiet for a while.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub temporary: bool,
}
