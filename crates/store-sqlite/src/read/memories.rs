//! Memories: by id, now or as of a moment; lists; versions.

use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::ports::{MemoryPage, MemoryQuery, Page};
use dreamkeeper_domain::version::Version;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::Cursor;
use super::scopes::Covered;
use crate::codes::{Code, Coded};
use crate::error::Failure;
use crate::rows::{Moment, actor, from_json, id_bytes};

/// The memories with these ids, now or as they were recorded at a moment.
pub(crate) fn by_ids(
    conn: &Connection,
    ids: &[MemoryId],
    as_of: Option<Timestamp>,
) -> Result<Vec<Memory>, Failure> {
    let mut statement = conn.prepare_cached("SELECT row, content FROM memory WHERE id = ?1")?;
    let mut memories = Vec::with_capacity(ids.len());
    for id in ids {
        let found: Option<(i64, String)> =
            statement.query_row([id_bytes(id.as_uuid())], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((row, content)) = found else { continue };
        let content = match as_of {
            None => Some(content),
            Some(moment) => at_moment(conn, row, moment)?.map(|then| then.unwrap_or(content)),
        };
        if let Some(content) = content {
            memories.push(from_json(&content, "a memory")?);
        }
    }
    Ok(memories)
}

/// The content that was recorded at a moment: `None` when nothing was, `Some(None)` when it was erased
/// since.
pub(super) fn at_moment(
    conn: &Connection,
    memory: i64,
    moment: Timestamp,
) -> Result<Option<Option<String>>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT content FROM memory_version WHERE memory = ?1 AND at <= ?2 ORDER BY number DESC LIMIT 1",
    )?;
    Ok(statement.query_row(params![memory, Moment(moment)], |row| row.get(0)).optional()?)
}

/// A page of memories, newest change first.
pub(crate) fn list(conn: &Connection, query: &MemoryQuery) -> Result<MemoryPage, Failure> {
    list_where(conn, query, |_| true)
}

/// A page of memories that pass a further test.
pub(super) fn list_where(
    conn: &Connection,
    query: &MemoryQuery,
    admits: impl Fn(&Memory) -> bool,
) -> Result<MemoryPage, Failure> {
    let Cursor { at, id } = Cursor::of(query.after.as_deref())?;
    let (test, ids) = Covered::by(conn, &query.scope)?.test();
    // Every recall asks for the pinned ones, of which there are few: the planner must not walk all others.
    let pinned = if query.pinned_only { "INDEXED BY memory_pinned" } else { "" };
    let pinned_test = if query.pinned_only { "pinned = 1 AND" } else { "" };
    let sql = format!(
        "SELECT row FROM memory {pinned} WHERE {pinned_test} {test} AND (updated_at, id) < (?2, ?3) \
         AND (1 << status) & ?4 AND (?5 IS NULL OR expires_at IS NULL OR expires_at > ?5) \
         ORDER BY updated_at DESC, id DESC"
    );
    let unexpired_at = query.unexpired_at.map(Moment);
    let parameters = params![ids, at, id, status_bits(&query.statuses), unexpired_at];
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(parameters)?;
    let mut page = Page { items: Vec::new(), next: None };
    let mut last = None;
    while let Some(row) = rows.next()? {
        let memory = by_row(conn, row.get(0)?)?;
        let wanted = query.scope.covers(&memory.scope)
            && query.filter.as_ref().is_none_or(|filter| filter.admits(&memory))
            && admits(&memory);
        if !wanted {
            continue;
        }
        if page.items.len() == query.limit {
            page.next = last;
            break;
        }
        last = Some(Cursor::at(memory.updated_at, memory.id.as_uuid()));
        page.items.push(memory);
    }
    Ok(page)
}

fn status_bits(statuses: &[Status]) -> i64 {
    let statuses = if statuses.is_empty() { &[Status::Active][..] } else { statuses };
    statuses.iter().fold(0, |bits, status| bits | 1 << status.code())
}

/// The current memory of a row.
pub(super) fn by_row(conn: &Connection, row: i64) -> Result<Memory, Failure> {
    let mut statement = conn.prepare_cached("SELECT content FROM memory WHERE row = ?1")?;
    let mut rows = statement.query([row])?;
    let found = rows.next()?.ok_or_else(|| Failure::corrupt(format!("no memory in row {row}")))?;
    from_json(found.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, "a memory")
}

/// Every version of a memory, oldest first.
pub(crate) fn versions(conn: &Connection, id: MemoryId) -> Result<Vec<Version>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT number, operation, actor, at, reason, v.content FROM memory_version v \
         JOIN memory m ON m.row = v.memory WHERE m.id = ?1 ORDER BY number",
    )?;
    let mut rows = statement.query([id_bytes(id.as_uuid())])?;
    let mut versions = Vec::new();
    while let Some(row) = rows.next()? {
        let content: Option<String> = row.get(5)?;
        versions.push(Version {
            number: row.get(0)?,
            operation: row.get::<_, Coded<_>>(1)?.0,
            content: content.map(|json| from_json(&json, "a version")).transpose()?,
            actor: actor(&row.get::<_, String>(2)?)?,
            at: row.get::<_, Moment>(3)?.0,
            reason: row.get(4)?,
        });
    }
    Ok(versions)
}
