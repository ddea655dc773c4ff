//! Snapshot: what a recall serves without a question, read at one moment.

use std::cmp::Reverse;

use dreamkeeper_domain::limits::{PINNED_RECALL_COUNT_MAX, STATE_RECALL_COUNT_MAX};
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::ports::{MemoryQuery, PinTest, Snapshot, SnapshotQuery};
use dreamkeeper_domain::scope::Scope;
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::{memories, state};
use crate::error::Failure;
use crate::rows::{Moment, from_json};

/// State and pinned memories under a scope, now or as recorded at a moment.
pub(crate) fn take(conn: &Connection, query: &SnapshotQuery) -> Result<Snapshot, Failure> {
    let SnapshotQuery { scope, as_of, pins } = query;
    let state = state::list(conn, scope, (*as_of, STATE_RECALL_COUNT_MAX))?;
    let pinned = match as_of {
        None => {
            let query = MemoryQuery {
                scope: scope.clone(),
                pinned_only: true,
                limit: PINNED_RECALL_COUNT_MAX,
                ..MemoryQuery::default()
            };
            memories::list_where(conn, &query, |memory| pins.admits(memory))?.items
        }
        Some(moment) => pinned_at(conn, (scope, pins), *moment)?,
    };
    Ok(Snapshot { state, pinned })
}

/// A scope may have changed since, so every memory that was ever pinned is looked at as it was.
fn pinned_at(
    conn: &Connection,
    (scope, pins): (&Scope, &PinTest),
    moment: Timestamp,
) -> Result<Vec<Memory>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT v.content FROM memory_version v WHERE v.pinned = 1 AND v.content IS NOT NULL AND v.number = \
         (SELECT max(number) FROM memory_version WHERE memory = v.memory AND at <= ?1)",
    )?;
    let mut rows = statement.query(params![Moment(moment)])?;
    let mut pinned = Vec::new();
    while let Some(row) = rows.next()? {
        let content = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        let memory: Memory = from_json(content, "a version")?;
        let is_pin = memory.pinned && memory.status == Status::Active && scope.covers(&memory.scope);
        if is_pin && pins.admits(&memory) {
            pinned.push(memory);
        }
    }
    pinned.sort_by_key(|memory| Reverse((memory.updated_at, memory.id)));
    pinned.truncate(PINNED_RECALL_COUNT_MAX);
    Ok(pinned)
}
