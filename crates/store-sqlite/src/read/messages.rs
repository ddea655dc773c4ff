//! Messages: by id, and in the order of their session.

use std::ops::Range;

use dreamkeeper_domain::id::{MessageId, SessionId};
use dreamkeeper_domain::limits::PAGE_COUNT_MAX;
use dreamkeeper_domain::message::Message;
use rusqlite::{Connection, params};

use crate::error::Failure;
use crate::rows::{MESSAGE_HEAD_COLUMNS, Scopes, id_bytes, message};

/// The messages with these ids.
pub(crate) fn by_ids(conn: &Connection, ids: &[MessageId]) -> Result<Vec<Message>, Failure> {
    let sql = format!(
        "SELECT {MESSAGE_HEAD_COLUMNS}, m.parts FROM message m JOIN session s ON s.row = m.session WHERE m.id = ?1"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut scopes = Scopes::new(conn);
    let mut messages = Vec::with_capacity(ids.len());
    for id in ids {
        let mut rows = statement.query([id_bytes(id.as_uuid())])?;
        if let Some(row) = rows.next()? {
            messages.push(message(row, &mut scopes)?);
        }
    }
    Ok(messages)
}

/// The messages of a session at these ordinals.
pub(crate) fn turns(
    conn: &Connection,
    session: SessionId,
    ordinals: Range<u32>,
) -> Result<Vec<Message>, Failure> {
    let sql = format!(
        "SELECT {MESSAGE_HEAD_COLUMNS}, m.parts FROM session s JOIN message m ON m.session = s.row \
         WHERE s.id = ?1 AND m.ordinal >= ?2 AND m.ordinal < ?3 ORDER BY m.ordinal LIMIT ?4"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let key = id_bytes(session.as_uuid());
    let mut rows = statement.query(params![key, ordinals.start, ordinals.end, PAGE_COUNT_MAX as i64])?;
    let mut scopes = Scopes::new(conn);
    let mut messages = Vec::new();
    while let Some(row) = rows.next()? {
        messages.push(message(row, &mut scopes)?);
    }
    Ok(messages)
}
