//! Scopes of a question: which combinations of ids it covers, so that SQL selects before Rust tests.

use dreamkeeper_domain::scope::Scope;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use crate::apply::joined_ids;
use crate::error::Failure;

/// The rows of `scope_ids` under a question's scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Covered {
    /// It names no id: every one.
    All,
    /// These.
    Rows(Vec<i64>),
}

impl Covered {
    /// What a scope covers.
    pub(super) fn by(conn: &Connection, scope: &Scope) -> Result<Self, Failure> {
        let ids = [("user", &scope.user), ("agent", &scope.agent), ("app", &scope.app), ("run", &scope.run)];
        let given: Vec<_> = ids.into_iter().filter_map(|(name, id)| Some((name, id.as_ref()?))).collect();
        if given.is_empty() {
            return Ok(Self::All);
        }
        let tests: Vec<String> = given.iter().map(|(name, _)| format!("{name} = ?")).collect();
        let sql = format!("SELECT row FROM scope_ids WHERE {}", tests.join(" AND "));
        let mut statement = conn.prepare_cached(&sql)?;
        let rows = statement
            .query_map(params_from_iter(given.iter().map(|(_, id)| id)), |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(Self::Rows(rows))
    }

    /// The test of column `ids`, and its parameter `?1`. One row alone lets an index give the order.
    pub(super) fn test(&self) -> (&'static str, String) {
        match self {
            Self::All => ("?1 = ''", String::new()),
            Self::Rows(rows) if rows.len() == 1 => ("ids = CAST(?1 AS INTEGER)", rows[0].to_string()),
            Self::Rows(rows) => {
                let list: Vec<String> = rows.iter().map(ToString::to_string).collect();
                ("ids IN (SELECT value FROM json_each(?1))", format!("[{}]", list.join(",")))
            }
        }
    }
}

/// The row of exactly these four ids.
pub(super) fn exact_ids(conn: &Connection, scope: &Scope) -> Result<Option<i64>, Failure> {
    let mut statement = conn.prepare_cached("SELECT row FROM scope_ids WHERE joined = ?1")?;
    Ok(statement.query_row([joined_ids(scope)?], |row| row.get(0)).optional()?)
}

/// The row of exactly this scope, labels included.
pub(super) fn exact_scope(conn: &Connection, scope: &Scope) -> Result<Option<i64>, Failure> {
    let Some(ids) = exact_ids(conn, scope)? else { return Ok(None) };
    let labels = crate::rows::to_json(&scope.labels)?;
    let mut statement = conn.prepare_cached("SELECT row FROM scope WHERE ids = ?1 AND labels = ?2")?;
    Ok(statement.query_row(rusqlite::params![ids, labels], |row| row.get(0)).optional()?)
}
