//! Surroundings: messages with the turns around them and their sessions, for one recall.

use std::collections::BTreeMap;

use dreamkeeper_domain::id::{MessageId, SessionId};
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::ports::Surroundings;
use rusqlite::Connection;

use super::{messages, sessions};
use crate::error::Failure;

/// The messages, the turns at most `reach` places from each, and their sessions.
pub(crate) fn read(conn: &Connection, ids: &[MessageId], reach: u32) -> Result<Surroundings, Failure> {
    let mut found: BTreeMap<(SessionId, u32), Message> = BTreeMap::new();
    for message in messages::by_ids(conn, ids)? {
        let (session, ordinal) = (message.session, message.ordinal);
        if reach > 0 {
            let around = ordinal.saturating_sub(reach)..ordinal.saturating_add(reach).saturating_add(1);
            let turns = messages::turns(conn, session, around)?;
            found.extend(turns.into_iter().map(|turn| ((session, turn.ordinal), turn)));
        }
        found.insert((session, ordinal), message);
    }
    let mut of_sessions = Vec::new();
    for (session, _) in found.keys() {
        if of_sessions.last() != Some(session) {
            of_sessions.push(*session);
        }
    }
    let mut surroundings = Surroundings {
        messages: found.into_values().collect(),
        sessions: Vec::with_capacity(of_sessions.len()),
    };
    for session in of_sessions {
        surroundings.sessions.extend(sessions::by_id(conn, session)?);
    }
    Ok(surroundings)
}
