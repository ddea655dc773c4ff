//! State: one value per key and exact scope, each change one more version.

use dreamkeeper_domain::changeset::{Expected, Outcome};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::version::Operation;
use rusqlite::{OptionalExtension, params};
use serde_json::Value;

use super::{Applying, check_expected, not_found};
use crate::codes::Coded;
use crate::error::Failure;
use crate::rows::{Moment, to_json};

/// One version to be written.
pub(super) struct Put<'write> {
    pub(super) scope: &'write Scope,
    pub(super) key: &'write str,
    pub(super) value: Option<&'write Value>,
    pub(super) expected: Expected,
    pub(super) reason: Option<&'write str>,
}

/// A key that is there, with or without a value.
struct There {
    row: i64,
    version: u32,
    has_value: bool,
}

impl Applying<'_> {
    pub(super) fn put_state(&mut self, put: &Put<'_>) -> Result<Outcome, Failure> {
        let there = self.state_there(put.scope, put.key)?;
        let version = there.as_ref().map_or(0, |there| there.version);
        // A removed key is absent to whoever sets it anew, and goes on counting its versions.
        let absent = put.expected == Expected::Absent && there.as_ref().is_some_and(|there| !there.has_value);
        check_expected(put.expected, if absent { 0 } else { version }, || record(put.key))?;
        let operation = match (&there, put.value) {
            (None, None) => return Err(not_found(record(put.key))),
            (Some(_), None) => Operation::Remove,
            (None, Some(_)) => Operation::Create,
            (Some(_), Some(_)) => Operation::Update,
        };
        let row = self.write_state(put, (there.map(|there| there.row), version + 1))?;
        self.insert_state_version(row, version + 1, (operation, put))?;
        Ok(Outcome::State { version: version + 1 })
    }

    pub(super) fn erase_state(
        &mut self,
        scope: &Scope,
        key: &str,
        reason: Option<&str>,
    ) -> Result<Outcome, Failure> {
        let There { row, version, .. } =
            self.state_there(scope, key)?.ok_or_else(|| not_found(record(key)))?;
        if self.is_erased(row, version)? {
            return Ok(Outcome::Erased { passage_count: 0 });
        }
        self.erased = true;
        self.conn
            .prepare_cached(
                "UPDATE state_version SET value = NULL, reason = NULL, erased = 1 WHERE state = ?1",
            )?
            .execute([row])?;
        let put = Put { scope, key, value: None, expected: Expected::Any, reason };
        self.write_state(&put, (Some(row), version + 1))?;
        self.insert_state_version(row, version + 1, (Operation::Erase, &put))?;
        self.erase_state_in_receipts(scope, key)?;
        Ok(Outcome::Erased { passage_count: 0 })
    }

    fn state_there(&mut self, scope: &Scope, key: &str) -> Result<Option<There>, Failure> {
        let scope = self.scope_rows(scope)?.scope;
        Ok(self
            .conn
            .prepare_cached(
                "SELECT row, version, value IS NOT NULL FROM state WHERE scope = ?1 AND key = ?2",
            )?
            .query_row(params![scope, key], |row| {
                Ok(There { row: row.get(0)?, version: row.get(1)?, has_value: row.get(2)? })
            })
            .optional()?)
    }

    fn is_erased(&self, row: i64, version: u32) -> Result<bool, Failure> {
        let operation: Coded<Operation> = self
            .conn
            .prepare_cached("SELECT operation FROM state_version WHERE state = ?1 AND number = ?2")?
            .query_row(params![row, version], |row| row.get(0))?;
        Ok(operation.0 == Operation::Erase)
    }

    fn write_state(&mut self, put: &Put<'_>, (row, version): (Option<i64>, u32)) -> Result<i64, Failure> {
        let scope = self.scope_rows(put.scope)?.scope;
        self.conn
            .prepare_cached(
                "INSERT INTO state (row, scope, key, version, updated_at, actor, reason, value) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
                 ON CONFLICT (row) DO UPDATE SET version = ?4, updated_at = ?5, actor = ?6, reason = ?7, value = ?8",
            )?
            .execute(params![
                row,
                scope,
                put.key,
                version,
                Moment(self.changes.at),
                to_json(&self.changes.actor)?,
                put.reason,
                put.value.map(to_json).transpose()?,
            ])?;
        Ok(row.unwrap_or_else(|| self.conn.last_insert_rowid()))
    }

    fn insert_state_version(
        &self,
        row: i64,
        number: u32,
        (operation, put): (Operation, &Put<'_>),
    ) -> Result<(), Failure> {
        self.conn
            .prepare_cached(
                "INSERT INTO state_version (state, number, operation, actor, at, reason, erased, value) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                row,
                number,
                Coded(operation),
                to_json(&self.changes.actor)?,
                Moment(self.changes.at),
                put.reason,
                operation == Operation::Erase,
                put.value.map(to_json).transpose()?,
            ])?;
        Ok(())
    }
}

fn record(key: &str) -> String {
    format!("state key `{key}`")
}
