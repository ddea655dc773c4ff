//! Sessions on the wire.

use dreamkeeper_domain::id::SessionId;
use dreamkeeper_domain::session;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::moment::Moment;
use crate::scope::Scope;

/// One conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: SessionId,
    /// The caller's own name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// For whom it stands.
    pub scope: Scope,
    /// When its first message was recorded.
    pub opened_at: Moment,
    /// The time of its latest message, by the message's own clock.
    pub last_at: Moment,
    /// When its latest message was recorded.
    pub last_recorded_at: Moment,
    /// How many messages it holds, erased ones included.
    pub message_count: u32,
    /// Whether it leaves nothing: nothing is learned from it or found in it, and it is erased when it is quiet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub temporary: bool,
}

impl From<session::Session> for Session {
    fn from(noun: session::Session) -> Self {
        Self {
            id: noun.id,
            key: noun.key,
            scope: noun.scope.into(),
            opened_at: Moment(noun.opened_at),
            last_at: Moment(noun.last_at),
            last_recorded_at: Moment(noun.last_recorded_at),
            message_count: noun.message_count,
            temporary: noun.temporary,
        }
    }
}
