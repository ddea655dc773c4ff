//! Migrations: numbered SQL files, each run in one transaction; `user_version` counts how many have run.
//!
//! To change a schema, add the next numbered file and name it here; never edit one that was released.

mod learning;

use rusqlite::{Connection, TransactionBehavior};

/// One sort of file: how it is recognised and which steps make it.
#[derive(Debug)]
pub(crate) struct Schema {
    /// What a person calls such a file.
    pub(crate) name: &'static str,
    /// The `application_id` in the file's header.
    pub(crate) application_id: i32,
    /// The steps, in order; step `i` leads to version `i + 1`.
    pub(crate) steps: &'static [Step],
}

/// One step: what SQL does, then what only Rust can.
#[derive(Debug)]
pub(crate) struct Step {
    sql: &'static str,
    fill: fn(&Connection) -> rusqlite::Result<()>,
}

impl Step {
    /// A step of SQL alone.
    pub(crate) const fn sql(sql: &'static str) -> Self {
        Self { sql, fill: |_| Ok(()) }
    }
}

impl Schema {
    /// The version that this program writes.
    pub(crate) fn version(&self) -> u32 {
        self.steps.len() as u32
    }
}

/// A space's records; the id reads `DKsp`.
pub(crate) static SPACE: Schema = Schema {
    name: "space",
    application_id: 0x444B_7370,
    steps: &[
        Step::sql(include_str!("../migrations/space/0001_records.sql")),
        Step::sql(include_str!("../migrations/space/0002_ages.sql")),
        Step { sql: include_str!("../migrations/space/0003_learning.sql"), fill: learning::fill },
        Step::sql(include_str!("../migrations/space/0004_topics_and_dreams.sql")),
        Step::sql(include_str!("../migrations/space/0005_temporary_sessions.sql")),
    ],
};

/// Spaces and keys; the id reads `DKct`.
pub(crate) static CONTROL: Schema = Schema {
    name: "control",
    application_id: 0x444B_6374,
    steps: &[Step::sql(include_str!("../migrations/control/0001_spaces_and_keys.sql"))],
};

/// The version that a file stands at.
pub(crate) fn version(conn: &Connection) -> rusqlite::Result<u32> {
    conn.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Runs the steps that the file lacks, up to version `to`. A step is seen whole or not at all.
pub(crate) fn migrate(conn: &mut Connection, schema: &Schema, to: u32) -> rusqlite::Result<()> {
    let from = version(conn)?;
    for (place, step) in schema.steps.iter().enumerate().take(to as usize).skip(from as usize) {
        let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(step.sql)?;
        (step.fill)(&transaction)?;
        transaction.pragma_update(None, "application_id", schema.application_id)?;
        transaction.pragma_update(None, "user_version", place as u32 + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
