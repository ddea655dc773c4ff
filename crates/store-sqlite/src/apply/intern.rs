//! Interning: scopes, segments and embedders get short numbers; a ChangeSet looks each up once.

use std::collections::HashMap;

use dreamkeeper_domain::passage::EmbedderIdentity;
use dreamkeeper_domain::scope::{Scope, SegmentKey};
use rusqlite::{Connection, OptionalExtension, Params, params};

use super::Applying;
use crate::error::Failure;
use crate::rows::{SEGMENT_ROW_MAX, to_json};

/// The rows of a scope.
#[derive(Debug, Clone, Copy)]
pub(super) struct ScopeRows {
    /// Of the whole scope.
    pub(super) scope: i64,
    /// Of its four ids.
    pub(super) ids: i64,
    /// Of its segment.
    pub(super) segment: i64,
}

/// What this ChangeSet has looked up.
#[derive(Debug, Default)]
pub(super) struct Interned {
    scopes: HashMap<Scope, ScopeRows>,
    embedders: HashMap<EmbedderIdentity, i64>,
}

impl Applying<'_> {
    /// The rows of a scope, made when they are new.
    pub(super) fn scope_rows(&mut self, scope: &Scope) -> Result<ScopeRows, Failure> {
        if let Some(rows) = self.interned.scopes.get(scope) {
            return Ok(*rows);
        }
        let ids = self.ids_row(scope)?;
        let labels = to_json(&scope.labels)?;
        let row = find_or_insert(
            self.conn,
            "SELECT row FROM scope WHERE ids = ?1 AND labels = ?2",
            "INSERT INTO scope (ids, labels) VALUES (?1, ?2)",
            params![ids, labels],
        )?;
        let rows = ScopeRows { scope: row, ids, segment: self.segment_row(&scope.segment())? };
        self.interned.scopes.insert(scope.clone(), rows);
        Ok(rows)
    }

    fn ids_row(&self, scope: &Scope) -> Result<i64, Failure> {
        let joined = joined_ids(scope)?;
        find_or_insert(
            self.conn,
            "SELECT row FROM scope_ids WHERE ?5 = joined",
            "INSERT INTO scope_ids (user, agent, app, run, joined) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![scope.user, scope.agent, scope.app, scope.run, joined],
        )
    }

    fn segment_row(&self, key: &SegmentKey) -> Result<i64, Failure> {
        let row = find_or_insert(
            self.conn,
            "SELECT row FROM segment WHERE key = ?1",
            "INSERT INTO segment (key) VALUES (?1)",
            [key.encode()],
        )?;
        if row > SEGMENT_ROW_MAX {
            return Err(Failure::defect(format!("a space holds at most {SEGMENT_ROW_MAX} users and agents")));
        }
        Ok(row)
    }

    /// The row of an embedder, made when it is new; never 0, which stands for none.
    pub(super) fn embedder_row(&mut self, identity: &EmbedderIdentity) -> Result<i64, Failure> {
        if let Some(row) = self.interned.embedders.get(identity) {
            return Ok(*row);
        }
        let row = find_or_insert(
            self.conn,
            "SELECT row FROM embedder WHERE identity = ?1",
            "INSERT INTO embedder (identity) VALUES (?1)",
            [&identity.0],
        )?;
        self.interned.embedders.insert(identity.clone(), row);
        Ok(row)
    }
}

/// The four ids as the one text that identifies them.
pub(crate) fn joined_ids(scope: &Scope) -> Result<String, Failure> {
    to_json(&[&scope.user, &scope.agent, &scope.app, &scope.run])
}

fn find_or_insert(
    conn: &Connection,
    find: &str,
    insert: &str,
    params: impl Params + Clone,
) -> Result<i64, Failure> {
    let found = conn.prepare_cached(find)?.query_row(params.clone(), |row| row.get(0)).optional()?;
    if let Some(row) = found {
        return Ok(row);
    }
    conn.prepare_cached(insert)?.execute(params)?;
    Ok(conn.last_insert_rowid())
}
