//! Stores of topics, what their working copies hold, and named moments.

use dreamkeeper_domain::id::StoreId;
use dreamkeeper_domain::limits::PAGE_COUNT_MAX;
use dreamkeeper_domain::ports::{Page, StoreQuery, WorkingFile};
use dreamkeeper_domain::topic::{ContentHash, NamedMoment};
use dreamkeeper_domain::topic_store::TopicStore;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::Cursor;
use crate::error::Failure;
use crate::rows::{Moment, from_json, id_bytes, uuid_at};

/// A store.
pub(crate) fn store(conn: &Connection, id: StoreId) -> Result<Option<TopicStore>, Failure> {
    let mut statement = conn.prepare_cached("SELECT content FROM topic_store WHERE id = ?1")?;
    let content: Option<String> =
        statement.query_row([id_bytes(id.as_uuid())], |row| row.get(0)).optional()?;
    content.map(|json| from_json(&json, "a store")).transpose()
}

/// A page of stores, newest first.
pub(crate) fn stores(conn: &Connection, query: &StoreQuery) -> Result<Page<TopicStore>, Failure> {
    let Cursor { at, id } = Cursor::of(query.after.as_deref())?;
    let sql = "SELECT content FROM topic_store WHERE (created_at, id) < (?1, ?2) AND deleted_at IS NULL \
               AND (?3 OR archived_at IS NULL) AND created_at >= ?4 AND created_at <= ?5 \
               ORDER BY created_at DESC, id DESC";
    let from = query.created_from.map_or(i64::MIN, |moment| moment.as_microsecond());
    let to = query.created_to.map_or(i64::MAX, |moment| moment.as_microsecond());
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![at, id, query.archived, from, to])?;
    let mut page = Page { items: Vec::new(), next: None };
    while let Some(row) = rows.next()? {
        let content = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        let store: TopicStore = from_json(content, "a store")?;
        if !query.scope.covers(&store.scope) {
            continue;
        }
        if page.items.len() == query.limit {
            page.next =
                page.items.last().map(|last: &TopicStore| Cursor::at(last.created_at, last.id.as_uuid()));
            break;
        }
        page.items.push(store);
    }
    Ok(page)
}

/// Stores that were deleted before a moment.
pub(crate) fn deleted_stores(conn: &Connection, before: Timestamp) -> Result<Vec<StoreId>, Failure> {
    let mut statement =
        conn.prepare_cached("SELECT id FROM topic_store WHERE deleted_at < ?1 ORDER BY id")?;
    let found = statement.query_map([Moment(before)], |row| uuid_at(row, 0).map(StoreId::from_uuid))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Live topics of a store, and their bytes.
pub(crate) fn sums(conn: &Connection, store: StoreId) -> Result<(u64, u64), Failure> {
    let sql = "SELECT count(*), coalesce(sum(t.size), 0) FROM topic t JOIN topic_store s ON s.row = t.store \
               WHERE s.id = ?1 AND t.path IS NOT NULL";
    let mut statement = conn.prepare_cached(sql)?;
    Ok(statement.query_row([id_bytes(store.as_uuid())], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// What the working copy of a store holds.
pub(crate) fn working_files(conn: &Connection, store: StoreId) -> Result<Vec<WorkingFile>, Failure> {
    let sql = "SELECT f.path, f.hash FROM working_file f JOIN topic_store s ON s.row = f.store \
               WHERE s.id = ?1 ORDER BY f.path";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_map([id_bytes(store.as_uuid())], |row| {
        Ok(WorkingFile { path: row.get(0)?, base: ContentHash(row.get(1)?) })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Named moments, newest first.
pub(crate) fn named_moments(conn: &Connection) -> Result<Vec<NamedMoment>, Failure> {
    let sql = "SELECT content FROM named_moment ORDER BY made_at DESC, name DESC LIMIT ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([PAGE_COUNT_MAX as i64])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(from_json(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, "a named moment")?);
    }
    Ok(found)
}
