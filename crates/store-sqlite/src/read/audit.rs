//! Audit: who changed what, in the order in which it was applied.

use dreamkeeper_domain::ports::AuditEntry;
use rusqlite::{Connection, params};

use crate::error::Failure;
use crate::rows::{Moment, actor, from_json};

/// Entries after a number, oldest first.
pub(crate) fn after(conn: &Connection, number: u64, limit: usize) -> Result<Vec<AuditEntry>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT number, at, actor, writes FROM audit WHERE number > ?1 ORDER BY number LIMIT ?2",
    )?;
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![number, limit as i64])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(AuditEntry {
            number: row.get(0)?,
            at: row.get::<_, Moment>(1)?.0,
            actor: actor(&row.get::<_, String>(2)?)?,
            writes: from_json(&row.get::<_, String>(3)?, "an audit entry")?,
        });
    }
    Ok(entries)
}
