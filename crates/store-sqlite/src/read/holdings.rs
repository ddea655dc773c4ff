//! Holdings: which passages stand for which text, as they are found; for whoever compares them with what they
//! should be. A row that cannot be read is told as such and stops nothing.

use dreamkeeper_domain::passage::{Owner, PassageSeq};
use dreamkeeper_domain::ports::{Holding, LooseEnds};
use rusqlite::{Connection, Row, params};

use crate::codes::{owner_columns, owner_of};
use crate::error::Failure;
use crate::rows::{PASSAGE_COLUMNS, Passages, SEQ_MAX, place, place_parts};

/// The places of passages that no text counts as its own.
pub(crate) const STRAYS: &str = "SELECT p.place FROM passage p WHERE p.place & 0xFFFFFFFFFF <> p.seq OR NOT \
    CASE p.owner_type \
    WHEN 0 THEN EXISTS (SELECT 1 FROM message m WHERE m.id = p.owner AND m.erased = 0 \
      AND p.place >= (m.segment << 40 | m.passage_from) AND p.place < (m.segment << 40 | m.passage_to)) \
    WHEN 1 THEN EXISTS (SELECT 1 FROM memory m JOIN memory_version v ON v.memory = m.row \
      WHERE m.id = p.owner AND m.status <> 4 \
      AND p.place >= (v.segment << 40 | v.passage_from) AND p.place < (v.segment << 40 | v.passage_to)) \
    WHEN 2 THEN EXISTS (SELECT 1 FROM topic t JOIN topic_version v ON v.topic = t.row WHERE t.id = p.owner \
      AND p.place >= (v.segment << 40 | v.passage_from) AND p.place < (v.segment << 40 | v.passage_to)) \
    ELSE 0 END";

/// The rows of memories whose current passages are those of none of its versions.
pub(crate) const MEMORIES_ASTRAY: &str = "SELECT m.row FROM memory m WHERE m.passage_from < m.passage_to \
    AND NOT EXISTS (SELECT 1 FROM memory_version v WHERE v.memory = m.row AND v.segment = m.segment \
      AND v.passage_from = m.passage_from AND v.passage_to = m.passage_to)";

/// The passages of the owners after one: messages by id, then memories, then topics.
pub(crate) fn after(conn: &Connection, after: Option<Owner>, limit: usize) -> Result<Vec<Holding>, Failure> {
    let mut holdings = Vec::new();
    let mut left = limit;
    if !matches!(after, Some(Owner::Memory(_) | Owner::Topic(_))) {
        let sql = "SELECT 0, id, 0, segment, passage_from, passage_to FROM message \
                   WHERE id > ?1 ORDER BY id LIMIT ?2";
        left -= read(conn, sql, (after, left), &mut holdings)?;
    }
    if left > 0 && !matches!(after, Some(Owner::Topic(_))) {
        let after = after.filter(|after| matches!(after, Owner::Memory(_)));
        let sql = "SELECT 1, m.id, v.number, v.segment, v.passage_from, v.passage_to FROM \
                   (SELECT row, id FROM memory WHERE id > ?1 ORDER BY id LIMIT ?2) m \
                   JOIN memory_version v ON v.memory = m.row ORDER BY m.id, v.number";
        left -= read(conn, sql, (after, left), &mut holdings)?;
    }
    if left > 0 {
        let after = after.filter(|after| matches!(after, Owner::Topic(_)));
        let sql = "SELECT 2, t.id, v.number, v.segment, v.passage_from, v.passage_to FROM \
                   (SELECT row, id FROM topic WHERE id > ?1 ORDER BY id LIMIT ?2) t \
                   JOIN topic_version v ON v.topic = t.row ORDER BY t.id, v.number";
        read(conn, sql, (after, left), &mut holdings)?;
    }
    Ok(holdings)
}

/// Reads one page; gives how many owners it had.
fn read(
    conn: &Connection,
    sql: &str,
    (after, limit): (Option<Owner>, usize),
    holdings: &mut Vec<Holding>,
) -> Result<usize, Failure> {
    let after = after.map(|after| owner_columns(after).1.to_vec()).unwrap_or_default();
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![after, limit as i64])?;
    let mut passages = Passages::new(conn)?;
    let (mut count, mut last) = (0, None);
    while let Some(row) = rows.next()? {
        let owner = owner_of(row.get(0)?, row.get(1)?)
            .ok_or_else(|| Failure::corrupt("an owner that is neither message, memory nor topic"))?;
        if last.replace(owner) != Some(owner) {
            count += 1;
        }
        let passages = held(conn, (row.get(3)?, row.get(4)?, row.get(5)?), &mut passages)?;
        holdings.push(Holding { owner, version: row.get(2)?, passages });
    }
    Ok(count)
}

fn held(
    conn: &Connection,
    (segment, from, to): (i64, i64, i64),
    passages: &mut Passages<'_>,
) -> Result<Vec<(PassageSeq, Option<dreamkeeper_domain::passage::Passage>)>, Failure> {
    let bounded = |seq: i64| place(segment, seq.cast_unsigned().min(SEQ_MAX));
    let sql =
        format!("SELECT {PASSAGE_COLUMNS} FROM passage WHERE place >= ?1 AND place < ?2 ORDER BY place");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([bounded(from), bounded(to)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((seq_of(row)?, readable(passages.read(row))?.map(|stored| stored.passage)));
    }
    Ok(found)
}

fn seq_of(row: &Row<'_>) -> Result<PassageSeq, Failure> {
    Ok(PassageSeq(place_parts(row.get(0)?).1))
}

/// What a value is not may be mended; what SQLite itself cannot read may not.
fn readable<T>(read: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(Failure::Sql(error @ rusqlite::Error::SqliteFailure(..))) => Err(error.into()),
        Err(Failure::Sql(_) | Failure::Corrupt(_)) => Ok(None),
        Err(refused @ Failure::Refused(_)) => Err(refused),
    }
}

/// What stands loose among the passages.
pub(crate) fn loose_ends(conn: &Connection) -> Result<LooseEnds, Failure> {
    let whole: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if whole != "ok" {
        return Ok(LooseEnds { is_damaged: true, ..LooseEnds::default() });
    }
    let count = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, u64>(0));
    let miscounted = "SELECT count(*) FROM segment g WHERE g.passage_count <> (SELECT count(*) FROM passage \
                      WHERE place >= g.row << 40 AND place < (g.row + 1) << 40)";
    let not_given = "SELECT count(*) FROM meta WHERE name = 'passage_seq_next' \
                     AND value <= (SELECT coalesce(max(seq), 0) FROM passage)";
    Ok(LooseEnds {
        is_damaged: false,
        stray_count: count(&format!("SELECT count(*) FROM ({STRAYS})"))?,
        miscount_count: count(miscounted)?
            + count(not_given)?
            + count(&format!("SELECT count(*) FROM ({MEMORIES_ASTRAY})"))?,
    })
}
