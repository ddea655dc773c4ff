//! State: one key of an exact scope, the entries under a scope, versions.

use std::collections::HashSet;

use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::state::StateEntry;
use dreamkeeper_domain::version::Version;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;

use super::scopes::{Covered, exact_scope};
use crate::codes::Coded;
use crate::error::Failure;
use crate::rows::{Moment, Scopes, actor, from_json, to_json};

const COLUMNS: &str = "scope, key, version, updated_at, actor, reason, value";

fn entry(row: &Row<'_>, scopes: &mut Scopes<'_>) -> Result<StateEntry, Failure> {
    Ok(StateEntry {
        scope: (*scopes.get(row.get(0)?)?).clone(),
        key: row.get(1)?,
        version: row.get(2)?,
        updated_at: row.get::<_, Moment>(3)?.0,
        actor: actor(&row.get::<_, String>(4)?)?,
        reason: row.get(5)?,
        value: value(row.get(6)?)?,
    })
}

fn value(json: Option<String>) -> Result<Option<Value>, Failure> {
    json.map(|json| from_json(&json, "a state value")).transpose()
}

/// The entry of a key in one exact scope.
pub(crate) fn one(conn: &Connection, scope: &Scope, key: &str) -> Result<Option<StateEntry>, Failure> {
    let Some(scope) = exact_scope(conn, scope)? else { return Ok(None) };
    let sql = format!("SELECT {COLUMNS} FROM state WHERE scope = ?1 AND key = ?2");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params![scope, key])?;
    rows.next()?.map(|row| entry(row, &mut Scopes::new(conn))).transpose()
}

/// The entries with a value under a scope, by key; now or as of a moment.
pub(crate) fn list(
    conn: &Connection,
    scope: &Scope,
    (as_of, limit): (Option<Timestamp>, usize),
) -> Result<Vec<StateEntry>, Failure> {
    let (test, ids) = Covered::by(conn, scope)?.test();
    let under = format!("scope IN (SELECT row FROM scope WHERE {test})");
    let sql = match as_of {
        None => format!("SELECT {COLUMNS} FROM state WHERE {under} AND value IS NOT NULL ORDER BY key"),
        Some(_) => format!(
            "SELECT s.scope, s.key, v.number, v.at, v.actor, v.reason, v.value \
             FROM state s JOIN state_version v ON v.state = s.row WHERE s.{under} AND v.value IS NOT NULL \
             AND v.number = (SELECT max(number) FROM state_version WHERE state = s.row AND at <= ?2) \
             ORDER BY s.key"
        ),
    };
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = match as_of {
        None => statement.query([ids])?,
        Some(moment) => statement.query(params![ids, Moment(moment)])?,
    };
    let mut scopes = Scopes::new(conn);
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let entry = entry(row, &mut scopes)?;
        // Entries of one key are ordered by scope, so the key at the limit is read to its end.
        if entries.len() >= limit && entries.last().is_some_and(|last: &StateEntry| last.key != entry.key) {
            break;
        }
        if scope.covers(&entry.scope) {
            entries.push(entry);
        }
    }
    entries.sort_by(|a, b| (&a.key, &a.scope).cmp(&(&b.key, &b.scope)));
    entries.truncate(limit);
    Ok(entries)
}

/// The keys under a scope that have a version which was not erased; a removed one tells its reason still.
pub(crate) fn keys(conn: &Connection, scope: &Scope, limit: usize) -> Result<Vec<(Scope, String)>, Failure> {
    let (test, ids) = Covered::by(conn, scope)?.test();
    let sql = format!(
        "SELECT scope, key FROM state WHERE scope IN (SELECT row FROM scope WHERE {test}) \
         AND EXISTS (SELECT 1 FROM state_version WHERE state = state.row AND erased = 0)"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([ids])?;
    let mut scopes = Scopes::new(conn);
    let mut keys = Vec::new();
    while keys.len() < limit
        && let Some(row) = rows.next()?
    {
        let of = scopes.get(row.get(0)?)?;
        if scope.covers(&of) {
            keys.push(((*of).clone(), row.get(1)?));
        }
    }
    Ok(keys)
}

/// Which versions of these keys are erased in any scope under one: a receipt does not tell which it was.
pub(crate) fn erased_versions(
    conn: &Connection,
    under: &Scope,
    keys: &[&str],
) -> Result<HashSet<(String, u32)>, Failure> {
    let mut erased = HashSet::new();
    if keys.is_empty() {
        return Ok(erased);
    }
    let (test, ids) = Covered::by(conn, under)?.test();
    let sql = format!(
        "SELECT s.scope, s.key, v.number FROM state s JOIN state_version v ON v.state = s.row \
         WHERE s.scope IN (SELECT row FROM scope WHERE {test}) \
         AND s.key IN (SELECT value FROM json_each(?2)) AND v.erased = 1"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params![ids, to_json(&keys)?])?;
    let mut scopes = Scopes::new(conn);
    while let Some(row) = rows.next()? {
        if under.covers(&*scopes.get(row.get(0)?)?) {
            erased.insert((row.get(1)?, row.get(2)?));
        }
    }
    Ok(erased)
}

/// Every version of a key in one exact scope, oldest first.
pub(crate) fn versions(conn: &Connection, scope: &Scope, key: &str) -> Result<Vec<Version>, Failure> {
    let Some(scope_row) = exact_scope(conn, scope)? else { return Ok(Vec::new()) };
    let mut statement = conn.prepare_cached("SELECT row FROM state WHERE scope = ?1 AND key = ?2")?;
    let found = statement.query_row(params![scope_row, key], |row| row.get::<_, i64>(0)).optional()?;
    let Some(state) = found else { return Ok(Vec::new()) };
    let mut statement = conn.prepare_cached(
        "SELECT number, operation, actor, at, reason, erased, value FROM state_version WHERE state = ?1 \
         ORDER BY number",
    )?;
    let mut rows = statement.query([state])?;
    let mut versions = Vec::new();
    while let Some(row) = rows.next()? {
        versions.push(version(row, scope, key)?);
    }
    Ok(versions)
}

fn version(row: &Row<'_>, scope: &Scope, key: &str) -> Result<Version, Failure> {
    let entry = StateEntry {
        scope: scope.clone(),
        key: key.to_owned(),
        version: row.get(0)?,
        updated_at: row.get::<_, Moment>(3)?.0,
        actor: actor(&row.get::<_, String>(2)?)?,
        reason: row.get(4)?,
        value: value(row.get(6)?)?,
    };
    let erased: bool = row.get(5)?;
    let content = serde_json::to_value(&entry).map_err(|error| Failure::defect(error.to_string()))?;
    Ok(Version {
        number: entry.version,
        operation: row.get::<_, Coded<_>>(1)?.0,
        content: (!erased).then_some(content),
        actor: entry.actor,
        at: entry.updated_at,
        reason: entry.reason,
    })
}
