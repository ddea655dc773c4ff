//! Memories by what they say, what of it was served, and how they have fared.

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::detail::normalised;
use dreamkeeper_domain::id::{MemoryId, MessageId};
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::usefulness::Usefulness;
use rusqlite::{Connection, OptionalExtension, params};

use super::memories::by_row;
use super::scopes::{Covered, exact_ids};
use crate::apply::said::{served_to, text_hash};
use crate::codes::Coded;
use crate::error::Failure;
use crate::rows::{Moment, from_json, id_bytes, to_json};

/// Memories that quote one of these messages.
pub(crate) fn by_evidence(conn: &Connection, messages: &[MessageId]) -> Result<Vec<Memory>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT memory.content FROM evidence JOIN memory ON memory.row = evidence.memory \
         WHERE evidence.message = ?1 AND memory.status <> ?2",
    )?;
    let mut found = BTreeMap::new();
    for message in messages {
        let mut rows = statement.query(params![id_bytes(message.as_uuid()), Coded(Status::Erased)])?;
        while let Some(row) = rows.next()? {
            let content = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            let memory: Memory = from_json(content, "a memory")?;
            // An earlier version may have quoted what this one does not.
            if memory.evidence.iter().any(|evidence| messages.contains(&evidence.message)) {
                found.insert(memory.id, memory);
            }
        }
    }
    Ok(found.into_values().collect())
}

/// Memories of exact ids by the keys of their slots.
pub(crate) fn by_slot(conn: &Connection, scope: &Scope, keys: &[String]) -> Result<Vec<Memory>, Failure> {
    let Some(ids) = exact_ids(conn, scope)? else { return Ok(Vec::new()) };
    let mut statement = conn.prepare_cached(
        "SELECT memory FROM memory_said WHERE ids = ?1 AND slot IN (SELECT value FROM json_each(?2)) \
         AND slot IS NOT NULL",
    )?;
    let rows: BTreeSet<i64> =
        statement.query_map(params![ids, to_json(&keys)?], |row| row.get(0))?.collect::<Result<_, _>>()?;
    oldest_change_first(conn, rows)
}

/// Active memories of exact ids by their normalised texts.
pub(crate) fn by_text(conn: &Connection, scope: &Scope, texts: &[String]) -> Result<Vec<Memory>, Failure> {
    let Some(ids) = exact_ids(conn, scope)? else { return Ok(Vec::new()) };
    let mut statement = conn.prepare_cached(
        "SELECT memory FROM memory_said WHERE ids = ?1 AND text_hash = ?2 AND text_hash IS NOT NULL",
    )?;
    let mut rows = BTreeSet::new();
    for text in texts {
        let found = statement.query_map(params![ids, text_hash(text)], |row| row.get::<_, i64>(0))?;
        for row in found {
            rows.insert(row?);
        }
    }
    let mut memories = oldest_change_first(conn, rows)?;
    memories.retain(|memory| texts.contains(&normalised(&memory.text)));
    Ok(memories)
}

fn oldest_change_first(conn: &Connection, rows: BTreeSet<i64>) -> Result<Vec<Memory>, Failure> {
    let mut memories =
        rows.into_iter().map(|row| by_row(conn, row)).collect::<Result<Vec<Memory>, Failure>>()?;
    memories.sort_by_key(|memory| (memory.updated_at, memory.id));
    Ok(memories)
}

/// Active memories that name one of these, newest change first.
pub(crate) fn by_name(
    conn: &Connection,
    scope: &Scope,
    (names, limit): (&[String], usize),
) -> Result<Vec<Memory>, Failure> {
    let (test, ids) = Covered::by(conn, scope)?.test();
    // The unary pluses keep the planner from walking all memories in the order of their changes.
    let sql = format!(
        "SELECT row FROM memory WHERE row IN (SELECT memory FROM memory_name WHERE {test} \
         AND name IN (SELECT value FROM json_each(?2))) ORDER BY +updated_at DESC, +id DESC"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params![ids, to_json(&names)?])?;
    let mut found = Vec::new();
    while found.len() < limit
        && let Some(row) = rows.next()?
    {
        let memory = by_row(conn, row.get(0)?)?;
        if scope.covers(&memory.scope) {
            found.push(memory);
        }
    }
    Ok(found)
}

/// Names with how many active memories name each, most named first.
pub(crate) fn names(conn: &Connection, scope: &Scope, limit: usize) -> Result<Vec<(String, u64)>, Failure> {
    let (test, ids) = Covered::by(conn, scope)?.test();
    if scope.labels.is_empty() {
        let sql = format!(
            "SELECT name, count(*) AS count FROM memory_name WHERE {test} GROUP BY name \
             ORDER BY count DESC, name LIMIT ?2"
        );
        let mut statement = conn.prepare_cached(&sql)?;
        let rows = statement.query_map(params![ids, limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
        return Ok(rows.collect::<Result<_, _>>()?);
    }
    // Labels stand in the memories only.
    let sql = format!("SELECT DISTINCT memory FROM memory_name WHERE {test}");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([ids])?;
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let memory = by_row(conn, row.get(0)?)?;
        if scope.covers(&memory.scope) {
            memory.detail.names().into_iter().for_each(|name| *counts.entry(name).or_default() += 1);
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.truncate(limit);
    Ok(counts)
}

/// Which of these sentences were served to exactly this user and agent.
pub(crate) fn served(conn: &Connection, scope: &Scope, sentences: &[String]) -> Result<Vec<String>, Failure> {
    let owner = served_to(scope)?;
    let mut statement =
        conn.prepare_cached("SELECT 1 FROM served_sentence WHERE owner = ?1 AND sentence = ?2")?;
    let mut found = Vec::new();
    for sentence in sentences {
        if statement.exists(params![owner, sentence])? {
            found.push(sentence.clone());
        }
    }
    Ok(found)
}

/// How these memories have fared.
pub(crate) fn usefulness(conn: &Connection, ids: &[MemoryId]) -> Result<Vec<Usefulness>, Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT served_count, used_count, helpful_count, irrelevant_count, wrong_count, served_at \
         FROM usefulness WHERE memory = (SELECT row FROM memory WHERE id = ?1)",
    )?;
    let mut found = Vec::new();
    for id in ids {
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Usefulness {
                memory: *id,
                served_count: row.get(0)?,
                used_count: row.get(1)?,
                helpful_count: row.get(2)?,
                irrelevant_count: row.get(3)?,
                wrong_count: row.get(4)?,
                served_at: row.get::<_, Option<Moment>>(5)?.map(|moment| moment.0),
            })
        };
        found.extend(statement.query_row([id_bytes(id.as_uuid())], read).optional()?);
    }
    Ok(found)
}
