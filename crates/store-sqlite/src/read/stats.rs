//! Counts of a space.

use dreamkeeper_domain::memory::Status;
use dreamkeeper_domain::passage::EmbedderIdentity;
use dreamkeeper_domain::ports::SpaceStats;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Params};

use crate::apply::prune::MAINTAINED_AT;
use crate::codes::Code;
use crate::error::Failure;
use crate::rows::Moment;

/// Everything but the bytes on disk.
pub(crate) fn count(conn: &Connection, embedder: &EmbedderIdentity) -> Result<SpaceStats, Failure> {
    let passage_count = one(conn, "SELECT coalesce(sum(passage_count), 0) FROM segment", [])?;
    let fresh =
        "SELECT count(*) FROM passage WHERE embedder = (SELECT row FROM embedder WHERE identity = ?1)";
    Ok(SpaceStats {
        session_count: one(conn, "SELECT count(*) FROM session", [])?,
        message_count: one(conn, "SELECT count(*) FROM message", [])?,
        memory_counts: memories(conn)?,
        version_count: one(conn, "SELECT count(*) FROM memory_version", [])?
            + one(conn, "SELECT count(*) FROM state_version", [])?,
        state_count: one(conn, "SELECT count(*) FROM state WHERE value IS NOT NULL", [])?,
        receipt_count: one(conn, "SELECT count(*) FROM receipt", [])?,
        store_count: one(conn, "SELECT count(*) FROM topic_store WHERE deleted_at IS NULL", [])?,
        topic_count: one(conn, "SELECT count(*) FROM topic WHERE path IS NOT NULL", [])?,
        topic_version_count: one(conn, "SELECT count(*) FROM topic_version", [])?,
        dream_count: one(conn, "SELECT count(*) FROM dream", [])?,
        passage_count,
        stale_passage_count: passage_count.saturating_sub(one(conn, fresh, [&embedder.0])?),
        disk_bytes: 0,
    })
}

/// When the space was maintained last.
pub(crate) fn maintained_at(conn: &Connection) -> Result<Option<Timestamp>, Failure> {
    let mut statement = conn.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
    let found: Option<Moment> = statement.query_row([MAINTAINED_AT], |row| row.get(0)).optional()?;
    Ok(found.map(|moment| moment.0))
}

fn one(conn: &Connection, sql: &str, params: impl Params) -> Result<u64, Failure> {
    Ok(conn.prepare_cached(sql)?.query_row(params, |row| row.get(0))?)
}

fn memories(conn: &Connection) -> Result<Vec<(String, u64)>, Failure> {
    let mut statement = conn.prepare_cached("SELECT status, count(*) FROM memory GROUP BY status")?;
    let found: Vec<(i64, u64)> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let count = |status: Status| {
        let count = found.iter().find(|(code, _)| *code == status.code()).map_or(0, |(_, count)| *count);
        (status.as_str().to_owned(), count)
    };
    Ok(Status::ALL.into_iter().map(count).collect())
}
