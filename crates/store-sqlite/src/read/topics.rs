//! Topics and their versions.

use dreamkeeper_domain::id::{DreamId, SessionId, StoreId, TopicId, TopicVersionId};
use dreamkeeper_domain::ports::{Page, TopicQuery, TopicVersionQuery};
use dreamkeeper_domain::topic::{ContentHash, Redaction, Topic, TopicHead, TopicNote, TopicVersion};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::Cursor;
use crate::codes::{Code, Coded};
use crate::error::Failure;
use crate::rows::{Moment, from_json, id_bytes, uuid_at};

/// What a topic's row and one version of it give; `v.content` may stand in the last place.
const HEAD: &str = "t.id, s.id, v.path, v.number, v.id, v.hash, v.size, v.origin, t.created_at, v.at";

fn head(row: &Row<'_>) -> rusqlite::Result<TopicHead> {
    Ok(TopicHead {
        id: TopicId::from_uuid(uuid_at(row, 0)?),
        store: StoreId::from_uuid(uuid_at(row, 1)?),
        path: row.get(2)?,
        number: row.get(3)?,
        version: TopicVersionId::from_uuid(uuid_at(row, 4)?),
        hash: ContentHash(row.get(5)?),
        size: row.get(6)?,
        origin: row.get::<_, Coded<_>>(7)?.0,
        created_at: row.get::<_, Moment>(8)?.0,
        updated_at: row.get::<_, Moment>(9)?.0,
    })
}

/// The version that stands for a topic: its latest, or its latest by a moment. A topic that was removed, or
/// whose version was redacted, has no content there and is left out.
const NOW: &str = "v.number = t.number AND t.path IS NOT NULL";
const THEN: &str = "v.number = (SELECT max(number) FROM topic_version o WHERE o.topic = t.row AND o.at <= ?1) \
                    AND v.content IS NOT NULL";

/// Topics of a store, by path.
pub(crate) fn heads(conn: &Connection, query: &TopicQuery) -> Result<Vec<TopicHead>, Failure> {
    let stands = if query.as_of.is_some() { THEN } else { NOW };
    let path = if query.as_of.is_some() { "v.path" } else { "t.path" };
    let sql = format!(
        "SELECT {HEAD} FROM topic_store s JOIN topic t ON t.store = s.row JOIN topic_version v ON v.topic = t.row \
         WHERE (?1 IS NULL OR ?1 = ?1) AND s.id = ?2 AND {stands} AND {path} > ?3 AND {path} >= ?4 \
         AND (?5 IS NULL OR {path} < ?5) ORDER BY {path}, t.id LIMIT ?6"
    );
    let prefix = query.prefix.as_deref().unwrap_or_default();
    let mut statement = conn.prepare_cached(&sql)?;
    let found = statement.query_map(
        params![
            query.as_of.map(Moment),
            id_bytes(query.store.as_uuid()),
            query.after_path.as_deref().unwrap_or_default(),
            prefix,
            beyond(prefix),
            query.limit as i64,
        ],
        head,
    )?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The least text that is greater than every text with the prefix, in the order of bytes, which in UTF-8 is that
/// of characters; `None` when there is no bound.
fn beyond(prefix: &str) -> Option<String> {
    let mut kept: Vec<char> = prefix.chars().collect();
    while let Some(last) = kept.pop() {
        if let Some(next) = (last..=char::MAX).nth(1) {
            kept.push(next);
            return Some(kept.into_iter().collect());
        }
    }
    None
}

fn topic(row: &Row<'_>) -> rusqlite::Result<Topic> {
    Ok(Topic { head: head(row)?, content: row.get(10)? })
}

/// Topics by id, now or as of a moment.
pub(crate) fn by_ids(
    conn: &Connection,
    ids: &[TopicId],
    as_of: Option<Timestamp>,
) -> Result<Vec<Topic>, Failure> {
    let stands = if as_of.is_some() { THEN } else { NOW };
    let sql = format!(
        "SELECT {HEAD}, v.content FROM topic t JOIN topic_store s ON s.row = t.store \
         JOIN topic_version v ON v.topic = t.row WHERE (?1 IS NULL OR ?1 = ?1) AND t.id = ?2 AND {stands}"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let parameters = params![as_of.map(Moment), id_bytes(id.as_uuid())];
        found.extend(statement.query_row(parameters, topic).optional()?);
    }
    Ok(found)
}

/// The live topic of a path.
pub(crate) fn at_path(conn: &Connection, store: StoreId, path: &str) -> Result<Option<Topic>, Failure> {
    let sql = format!(
        "SELECT {HEAD}, v.content FROM topic_store s JOIN topic t ON t.store = s.row \
         JOIN topic_version v ON v.topic = t.row WHERE s.id = ?1 AND t.path = ?2 AND {NOW}"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    Ok(statement.query_row(params![id_bytes(store.as_uuid()), path], topic).optional()?)
}

const VERSION: &str = "v.id, t.id, s.id, v.number, v.operation, v.path, v.content, v.hash, v.size, v.origin, \
                       v.actor, v.at, v.reason, v.session, v.dream, v.redacted_at, v.redacted_by \
                       FROM topic_version v JOIN topic t ON t.row = v.topic JOIN topic_store s ON s.row = v.store";

fn version(row: &Row<'_>) -> Result<TopicVersion, Failure> {
    let actor = |json: &str| from_json(json, "an actor");
    let uuid = |column| row.get::<_, Option<[u8; 16]>>(column).map(|found| found.map(Uuid::from_bytes));
    let redacted_at: Option<Moment> = row.get(15)?;
    let redacted = match redacted_at {
        None => None,
        Some(Moment(at)) => Some(Redaction { actor: actor(&row.get::<_, String>(16)?)?, at }),
    };
    Ok(TopicVersion {
        id: TopicVersionId::from_uuid(uuid_at(row, 0)?),
        topic: TopicId::from_uuid(uuid_at(row, 1)?),
        store: StoreId::from_uuid(uuid_at(row, 2)?),
        number: row.get(3)?,
        operation: row.get::<_, Coded<_>>(4)?.0,
        path: row.get(5)?,
        content: row.get(6)?,
        hash: row.get::<_, Option<[u8; 32]>>(7)?.map(ContentHash),
        size: row.get(8)?,
        origin: row.get::<_, Coded<_>>(9)?.0,
        actor: actor(&row.get::<_, String>(10)?)?,
        at: row.get::<_, Moment>(11)?.0,
        note: TopicNote {
            reason: row.get(12)?,
            session: uuid(13)?.map(SessionId::from_uuid),
            dream: uuid(14)?.map(DreamId::from_uuid),
        },
        redacted,
    })
}

/// A version.
pub(crate) fn version_by_id(conn: &Connection, id: TopicVersionId) -> Result<Option<TopicVersion>, Failure> {
    let mut statement = conn.prepare_cached(&format!("SELECT {VERSION} WHERE v.id = ?1"))?;
    let mut rows = statement.query([id_bytes(id.as_uuid())])?;
    rows.next()?.map(version).transpose()
}

/// A page of versions, newest first.
pub(crate) fn versions(conn: &Connection, query: &TopicVersionQuery) -> Result<Page<TopicVersion>, Failure> {
    let Cursor { at, id } = Cursor::of(query.after.as_deref())?;
    // Only tests that are asked for stand in the statement, so that an index decides where there is one.
    let mut tests = vec!["(v.at, v.id) < (?1, ?2)"];
    let mut test = |asked: bool, sql: &'static str| tests.extend(asked.then_some(sql));
    test(query.store.is_some(), "v.store = (SELECT row FROM topic_store WHERE id = ?3)");
    test(query.topic.is_some(), "v.topic = (SELECT row FROM topic WHERE id = ?4)");
    test(query.operation.is_some(), "v.operation = ?5");
    test(query.session.is_some(), "v.session = ?6");
    test(query.actor.is_some(), "v.actor_name = ?7");
    test(query.from.is_some(), "v.at >= ?8");
    test(query.to.is_some(), "v.at <= ?9");
    let sql = format!(
        "SELECT {VERSION} WHERE {} AND coalesce(?3, ?4, ?5, ?6, ?7, ?8, ?9, 1) IS NOT NULL \
         ORDER BY v.at DESC, v.id DESC LIMIT ?10",
        tests.join(" AND ")
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params![
        at,
        id,
        query.store.map(|store| id_bytes(store.as_uuid())),
        query.topic.map(|topic| id_bytes(topic.as_uuid())),
        query.operation.map(Code::code),
        query.session.map(|session| id_bytes(session.as_uuid())),
        query.actor,
        query.from.map(Moment),
        query.to.map(Moment),
        query.limit as i64 + 1,
    ])?;
    let mut page = Page { items: Vec::new(), next: None };
    while let Some(row) = rows.next()? {
        if page.items.len() == query.limit {
            page.next = page.items.last().map(|last: &TopicVersion| Cursor::at(last.at, last.id.as_uuid()));
            break;
        }
        page.items.push(version(row)?);
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_a_prefix_is_the_first_text_without_it() {
        for (prefix, expected) in [
            ("", None),
            ("a", Some("b")),
            ("notes/", Some("notes0")),
            ("a\u{D7FF}", Some("a\u{E000}")),
            ("a\u{10FFFF}", Some("b")),
            ("\u{10FFFF}", None),
        ] {
            assert_eq!(beyond(prefix).as_deref(), expected, "{prefix:?}");
        }
    }
}
