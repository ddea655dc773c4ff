//! Actors: who made a change, in this wire's four kinds.
//!
//! A change made in a session is the session's; else a key is an API key, the server a service account, and the
//! operator, as whoever calls a local server without keys, a user.

use dreamkeeper_domain::actor::{Actor, ActorKind};
use dreamkeeper_domain::id::{KeyId, SessionId};
use serde::Serialize;

use super::id::WireId;

/// Who made a change.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum WireActor {
    /// An agent, in a session.
    SessionActor {
        /// The session.
        session_id: WireId<SessionId>,
    },
    /// The holder of a key.
    ApiActor {
        /// The key.
        api_key_id: String,
    },
    /// A person.
    UserActor {
        /// The person's name here.
        user_id: String,
    },
    /// The server itself.
    ServiceAccountActor {
        /// The job's name.
        service_account_id: String,
    },
}

/// What a service account's id begins with; the job's name follows.
const SERVICE_PREFIX: &str = "svac_";

impl WireActor {
    /// Who made a change, and the session in which it was made.
    pub fn of(actor: &Actor, session: Option<SessionId>) -> Self {
        if let Some(session) = session {
            return Self::SessionActor { session_id: WireId(session) };
        }
        let name = &actor.name;
        match actor.kind {
            ActorKind::Key => Self::ApiActor { api_key_id: key_id(name) },
            ActorKind::Operator | ActorKind::Local => Self::UserActor { user_id: format!("user_{name}") },
            ActorKind::System => {
                Self::ServiceAccountActor { service_account_id: format!("{SERVICE_PREFIX}{name}") }
            }
        }
    }
}

fn key_id(name: &str) -> String {
    name.parse::<KeyId>().map_or_else(|_| format!("apikey_{name}"), |id| WireId(id).to_string())
}

/// The holder of that key, as versions name whoever made them.
pub fn of_key(key: WireId<KeyId>) -> String {
    Actor { kind: ActorKind::Key, name: key.0.to_string() }.to_string()
}

/// That service account, as versions name whoever made them.
pub fn of_service_account(id: &str) -> String {
    Actor::system(id.strip_prefix(SERVICE_PREFIX).unwrap_or(id)).to_string()
}
