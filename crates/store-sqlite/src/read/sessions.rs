//! Sessions: by id, by key, the current one of a scope, and lists.

use dreamkeeper_domain::id::SessionId;
use dreamkeeper_domain::ports::{Page, SessionQuery};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;
use jiff::Timestamp;
use rusqlite::{Connection, Params, params};

use super::Cursor;
use super::scopes::{Covered, exact_ids};
use crate::error::Failure;
use crate::rows::{Moment, SESSION_COLUMNS, Scopes, id_bytes, session, uuid_at};

/// A session.
pub(crate) fn by_id(conn: &Connection, id: SessionId) -> Result<Option<Session>, Failure> {
    first(conn, "WHERE id = ?1", [id_bytes(id.as_uuid())])
}

/// The session of a key and exact ids.
pub(crate) fn by_key(conn: &Connection, scope: &Scope, key: &str) -> Result<Option<Session>, Failure> {
    let Some(ids) = exact_ids(conn, scope)? else { return Ok(None) };
    first(conn, "WHERE ids = ?1 AND key = ?2", params![ids, key])
}

/// The latest recorded keyless session of exact ids.
pub(crate) fn current(conn: &Connection, scope: &Scope) -> Result<Option<Session>, Failure> {
    let Some(ids) = exact_ids(conn, scope)? else { return Ok(None) };
    let which = "WHERE ids = ?1 AND key IS NULL ORDER BY last_recorded_at DESC, id DESC LIMIT 1";
    first(conn, which, [ids])
}

/// Temporary sessions with content that have been quiet since a moment, oldest first.
pub(crate) fn idle_temporary(
    conn: &Connection,
    before: Timestamp,
    limit: usize,
) -> Result<Vec<SessionId>, Failure> {
    let sql = "SELECT id FROM session WHERE temporary = 1 AND last_recorded_at < ?1 AND EXISTS \
               (SELECT 1 FROM message WHERE message.session = session.row AND erased = 0) \
               ORDER BY last_recorded_at, id LIMIT ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement
        .query_map(params![Moment(before), limit as i64], |row| uuid_at(row, 0).map(SessionId::from_uuid))?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn first(conn: &Connection, which: &str, params: impl Params) -> Result<Option<Session>, Failure> {
    let sql = format!("SELECT {SESSION_COLUMNS} FROM session {which}");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(|row| session(row, &mut Scopes::new(conn))).transpose()
}

/// A page of sessions, latest message first.
pub(crate) fn list(conn: &Connection, query: &SessionQuery) -> Result<Page<Session>, Failure> {
    let Cursor { at, id } = Cursor::of(query.after.as_deref())?;
    let (test, ids) = Covered::by(conn, &query.scope)?.test();
    let sql = format!(
        "SELECT {SESSION_COLUMNS} FROM session WHERE {test} AND (last_at, id) < (?2, ?3) \
         ORDER BY last_at DESC, id DESC"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params![ids, at, id])?;
    let mut scopes = Scopes::new(conn);
    let mut page = Page { items: Vec::new(), next: None };
    let mut last = None;
    while let Some(row) = rows.next()? {
        let found = session(row, &mut scopes)?;
        if !query.scope.covers(&found.scope) {
            continue;
        }
        if page.items.len() == query.limit {
            page.next = last;
            break;
        }
        last = Some(Cursor::at(found.last_at, found.id.as_uuid()));
        page.items.push(found);
    }
    Ok(page)
}
