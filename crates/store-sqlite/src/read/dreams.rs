//! Dreams, what they propose, and schedules.

use dreamkeeper_domain::dream::{Dream, DreamSchedule, DreamStatus, ProposedChange};
use dreamkeeper_domain::id::{DreamId, SessionId};
use dreamkeeper_domain::ports::{DreamQuery, Page};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Params, params};
use serde::de::DeserializeOwned;

use super::Cursor;
use crate::codes::Coded;
use crate::error::Failure;
use crate::rows::{Moment, from_json, id_bytes};

/// A dream.
pub(crate) fn by_id(conn: &Connection, id: DreamId) -> Result<Option<Dream>, Failure> {
    let mut statement = conn.prepare_cached("SELECT content FROM dream WHERE id = ?1")?;
    let content: Option<String> =
        statement.query_row([id_bytes(id.as_uuid())], |row| row.get(0)).optional()?;
    content.map(|json| from_json(&json, "a dream")).transpose()
}

/// A page of dreams, newest first.
pub(crate) fn list(conn: &Connection, query: &DreamQuery) -> Result<Page<Dream>, Failure> {
    let Cursor { at, id } = Cursor::of(query.after.as_deref())?;
    let sql = "SELECT content FROM dream WHERE (created_at, id) < (?1, ?2) AND (?3 IS NULL OR target = ?3) \
               AND (?4 OR archived_at IS NULL) AND created_at > ?5 AND created_at < ?6 \
               ORDER BY created_at DESC, id DESC";
    let after = query.created_after.map_or(i64::MIN, |moment| moment.as_microsecond());
    let before = query.created_before.map_or(i64::MAX, |moment| moment.as_microsecond());
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![at, id, query.target, query.archived, after, before])?;
    let mut page = Page { items: Vec::new(), next: None };
    while let Some(row) = rows.next()? {
        let dream: Dream = from_json(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, "a dream")?;
        if !query.statuses.is_empty() && !query.statuses.contains(&dream.status) {
            continue;
        }
        if page.items.len() == query.limit {
            page.next = page.items.last().map(|last: &Dream| Cursor::at(last.created_at, last.id.as_uuid()));
            break;
        }
        page.items.push(dream);
    }
    Ok(page)
}

/// Dreams that wait or whose worker is gone, oldest first.
pub(crate) fn due(conn: &Connection, now: Timestamp) -> Result<Vec<Dream>, Failure> {
    let sql = "SELECT content FROM dream WHERE status < 2 \
               AND (status = ?1 OR lease_until IS NULL OR lease_until <= ?2) ORDER BY created_at, id";
    all(conn, sql, params![Coded(DreamStatus::Pending), Moment(now)], "a dream")
}

/// What a dream proposed, by number.
pub(crate) fn changes(conn: &Connection, dream: DreamId) -> Result<Vec<ProposedChange>, Failure> {
    let sql = "SELECT c.content FROM dream d JOIN proposed_change c ON c.dream = d.row WHERE d.id = ?1 \
               ORDER BY c.number";
    all(conn, sql, [id_bytes(dream.as_uuid())], "a proposed change")
}

/// Which of these sessions a completed dream over a target has read.
pub(crate) fn dreamt(
    conn: &Connection,
    target: &str,
    sessions: &[SessionId],
) -> Result<Vec<SessionId>, Failure> {
    let sql = "SELECT 1 FROM dream_session r JOIN dream d ON d.row = r.dream \
               WHERE r.session = ?1 AND d.target = ?2 AND d.status = ?3";
    let mut statement = conn.prepare_cached(sql)?;
    let mut found = Vec::new();
    for session in sessions {
        let parameters = params![id_bytes(session.as_uuid()), target, Coded(DreamStatus::Completed)];
        if statement.exists(parameters)? {
            found.push(*session);
        }
    }
    Ok(found)
}

/// The schedules, by name.
pub(crate) fn schedules(conn: &Connection) -> Result<Vec<DreamSchedule>, Failure> {
    all(conn, "SELECT content FROM dream_schedule ORDER BY name", [], "a schedule")
}

fn all<T: DeserializeOwned>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    what: &str,
) -> Result<Vec<T>, Failure> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(from_json(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, what)?);
    }
    Ok(found)
}
