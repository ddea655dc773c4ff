//! Passages: whole segments for an index, and those that wait for a vector.

use dreamkeeper_domain::passage::{EmbedderIdentity, PassageSeq, StoredPassage};
use dreamkeeper_domain::ports::SegmentSummary;
use dreamkeeper_domain::scope::SegmentKey;
use rusqlite::{Connection, OptionalExtension, Params, params};

use crate::error::Failure;
use crate::rows::{PASSAGE_COLUMNS, Passages, SEQ_MAX, place};

/// The segments that hold passages, by key.
pub(crate) fn segments(conn: &Connection) -> Result<Vec<SegmentSummary>, Failure> {
    let mut statement =
        conn.prepare_cached("SELECT key, passage_count FROM segment WHERE passage_count > 0")?;
    let mut rows = statement.query([])?;
    let mut segments = Vec::new();
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        let key = SegmentKey::decode(&text).ok_or_else(|| Failure::corrupt(format!("segment `{text}`")))?;
        segments.push(SegmentSummary { key, passage_count: row.get(1)? });
    }
    segments.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(segments)
}

/// Passages of a segment after a place, in order.
pub(crate) fn of_segment(
    conn: &Connection,
    key: &str,
    (after, limit): (Option<PassageSeq>, usize),
) -> Result<Vec<StoredPassage>, Failure> {
    let mut statement = conn.prepare_cached("SELECT row FROM segment WHERE key = ?1")?;
    let Some(segment) = statement.query_row([key], |row| row.get(0)).optional()? else {
        return Ok(Vec::new());
    };
    let after = after.map_or(0, |seq| seq.0.min(SEQ_MAX));
    let parameters = params![place(segment, after), place(segment, SEQ_MAX), limit as i64];
    select(conn, "WHERE place > ?1 AND place <= ?2 ORDER BY place LIMIT ?3", parameters)
}

/// Passages of the space whose vector is missing or another embedder's, in order of place.
pub(crate) fn stale(
    conn: &Connection,
    embedder: &EmbedderIdentity,
    (after, limit): (Option<PassageSeq>, usize),
) -> Result<Vec<StoredPassage>, Failure> {
    let mut statement =
        conn.prepare_cached("SELECT 0 UNION ALL SELECT row FROM embedder WHERE identity <> ?1")?;
    let others: Vec<i64> = statement.query_map([&embedder.0], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let after = after.map_or(0, |seq| seq.0);
    let mut found = Vec::new();
    for other in others {
        let which = "WHERE embedder = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
        found.extend(select(conn, which, params![other, after, limit as i64])?);
    }
    found.sort_by_key(|stored| stored.seq);
    found.truncate(limit);
    Ok(found)
}

fn select(conn: &Connection, which: &str, params: impl Params) -> Result<Vec<StoredPassage>, Failure> {
    let mut statement = conn.prepare_cached(&format!("SELECT {PASSAGE_COLUMNS} FROM passage {which}"))?;
    let mut rows = statement.query(params)?;
    let mut passages = Passages::new(conn)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(passages.read(row)?);
    }
    Ok(found)
}
