//! The Rust step of schema 3: memories and receipts of before are found by what they say, like new ones.

use rusqlite::Connection;

use crate::apply::said::{note_memory, note_served};
use crate::error::Failure;
use crate::rows::from_json;

/// Fills the tables of schema 3 from what earlier schemas hold.
pub(super) fn fill(conn: &Connection) -> rusqlite::Result<()> {
    fill_all(conn).map_err(|failure| match failure {
        Failure::Sql(error) => error,
        other => rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(other)),
    })
}

fn fill_all(conn: &Connection) -> Result<(), Failure> {
    let mut statement = conn.prepare("SELECT row, ids, content FROM memory")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let content = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
        note_memory(conn, (row.get(0)?, row.get(1)?), &from_json(content, "a memory")?)?;
    }
    let mut statement = conn.prepare("SELECT row, content FROM receipt ORDER BY row")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let content = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        note_served(conn, row.get(0)?, &from_json(content, "a receipt")?)?;
    }
    Ok(())
}
