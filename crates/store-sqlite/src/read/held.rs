//! Held candidates, and the summaries of sessions.

use dreamkeeper_domain::candidate::{Held, HeldStatus};
use dreamkeeper_domain::id::{CandidateId, SessionId};
use dreamkeeper_domain::ports::{HeldQuery, Page};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::summary::Summary;
use rusqlite::{Connection, OptionalExtension, params};

use super::Cursor;
use super::scopes::Covered;
use crate::codes::Code;
use crate::error::Failure;
use crate::rows::{from_json, id_bytes};

/// The held candidates with these ids.
pub(crate) fn by_ids(conn: &Connection, ids: &[CandidateId]) -> Result<Vec<Held>, Failure> {
    let mut statement = conn.prepare_cached("SELECT content FROM held WHERE id = ?1")?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let content: Option<String> =
            statement.query_row([id_bytes(id.as_uuid())], |row| row.get(0)).optional()?;
        found.extend(content.map(|json| from_json::<Held>(&json, "a held candidate")).transpose()?);
    }
    Ok(found)
}

/// A page of held candidates, newest first.
pub(crate) fn list(conn: &Connection, query: &HeldQuery) -> Result<Page<Held>, Failure> {
    let Cursor { at, id } = Cursor::of(query.after.as_deref())?;
    let (test, ids) = Covered::by(conn, &query.scope)?.test();
    // The page is chosen by index alone; only what it serves is read.
    let sql = format!(
        "SELECT row FROM held WHERE {test} AND (held_at, id) < (?2, ?3) AND (?4 IS NULL OR status = ?4) \
         ORDER BY held_at DESC, id DESC"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params![ids, at, id, query.status.map(HeldStatus::code)])?;
    let mut read = conn.prepare_cached("SELECT content FROM held WHERE row = ?1")?;
    let mut page = Page { items: Vec::new(), next: None };
    let mut last = None;
    while let Some(row) = rows.next()? {
        let content: String = read.query_row([row.get::<_, i64>(0)?], |row| row.get(0))?;
        let held: Held = from_json(&content, "a held candidate")?;
        if !query.scope.covers(&held.candidate.scope) {
            continue;
        }
        if page.items.len() == query.limit {
            page.next = last;
            break;
        }
        last = Some(Cursor::at(held.held_at, held.candidate.id.as_uuid()));
        page.items.push(held);
    }
    Ok(page)
}

/// The summary of a session.
pub(crate) fn summary(conn: &Connection, session: SessionId) -> Result<Option<Summary>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT content FROM summary WHERE session = (SELECT row FROM session WHERE id = ?1)",
    )?;
    let content: Option<String> =
        statement.query_row([id_bytes(session.as_uuid())], |row| row.get(0)).optional()?;
    content.map(|json| from_json(&json, "a summary")).transpose()
}

/// Summaries under a scope, those of the latest sessions first.
pub(crate) fn summaries(conn: &Connection, scope: &Scope, limit: usize) -> Result<Vec<Summary>, Failure> {
    let (test, ids) = Covered::by(conn, scope)?.test();
    let sql = format!(
        "SELECT content FROM session JOIN summary ON summary.session = session.row WHERE {test} \
         ORDER BY last_at DESC, id DESC"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([ids])?;
    let mut found = Vec::new();
    while found.len() < limit
        && let Some(row) = rows.next()?
    {
        let content = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        let summary: Summary = from_json(content, "a summary")?;
        if scope.covers(&summary.scope) {
            found.push(summary);
        }
    }
    Ok(found)
}
