//! Stores of topics, what their working copies hold, and named moments.

use dreamkeeper_domain::changeset::{ApplyError, Expected, Outcome};
use dreamkeeper_domain::id::{StoreId, TopicId};
use dreamkeeper_domain::topic::{ContentHash, NamedMoment};
use dreamkeeper_domain::topic_store::TopicStore;
use rusqlite::{OptionalExtension, params};

use super::passages::Places;
use super::{Applying, check_expected, not_found};
use crate::error::Failure;
use crate::rows::{Moment, id_bytes, to_json, uuid_at};

impl Applying<'_> {
    pub(super) fn put_topic_store(
        &mut self,
        store: &TopicStore,
        expected: Expected,
    ) -> Result<Outcome, Failure> {
        let found: Option<u32> = self
            .conn
            .prepare_cached("SELECT version FROM topic_store WHERE id = ?1")?
            .query_row([id_bytes(store.id.as_uuid())], |row| row.get(0))
            .optional()?;
        check_expected(expected, found.unwrap_or(0), || record(store.id))?;
        let version = found.unwrap_or(0) + 1;
        let rows = self.scope_rows(&store.scope)?;
        let sql = "INSERT INTO topic_store (id, version, scope, ids, created_at, archived_at, deleted_at, content) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO UPDATE SET version = ?2, \
                   scope = ?3, ids = ?4, created_at = ?5, archived_at = ?6, deleted_at = ?7, content = ?8";
        self.conn.prepare_cached(sql)?.execute(params![
            id_bytes(store.id.as_uuid()),
            version,
            rows.scope,
            rows.ids,
            Moment(store.created_at),
            store.archived_at.map(Moment),
            store.deleted_at.map(Moment),
            to_json(&TopicStore { version, ..store.clone() })?,
        ])?;
        Ok(Outcome::Versioned { version })
    }

    /// Destroys a store with all that is in it.
    pub(super) fn purge_topic_store(&mut self, id: StoreId) -> Result<Outcome, Failure> {
        let sql = "SELECT row FROM topic_store WHERE id = ?1";
        let found: Option<i64> = self
            .conn
            .prepare_cached(sql)?
            .query_row([id_bytes(id.as_uuid())], |row| row.get(0))
            .optional()?;
        let Some(store) = found else { return Ok(Outcome::Erased { passage_count: 0 }) };
        self.erased = true;
        let mut statement = self.conn.prepare_cached(
            "SELECT segment, passage_from, passage_to FROM topic_version \
             WHERE store = ?1 AND passage_from < passage_to",
        )?;
        let brought: Vec<Places> = statement
            .query_map([store], |row| {
                Ok(Places { segment: row.get(0)?, from: row.get(1)?, to: row.get(2)? })
            })?
            .collect::<Result<_, _>>()?;
        let mut passage_count = 0;
        for places in brought {
            passage_count += self.remove_passages(places)?;
        }
        let mut statement = self.conn.prepare_cached("SELECT id FROM topic WHERE store = ?1")?;
        let topics: Vec<TopicId> = statement
            .query_map([store], |row| uuid_at(row, 0).map(TopicId::from_uuid))?
            .collect::<Result<_, _>>()?;
        for topic in topics {
            self.empty_changes_of_topic(topic, |_| true)?;
            self.erase_topic_in_receipts(topic, |_| true)?;
        }
        for sql in [
            "DELETE FROM working_file WHERE store = ?1",
            "DELETE FROM topic_version WHERE store = ?1",
            "DELETE FROM topic WHERE store = ?1",
            "DELETE FROM topic_store WHERE row = ?1",
        ] {
            self.conn.prepare_cached(sql)?.execute([store])?;
        }
        Ok(Outcome::Erased { passage_count })
    }

    pub(super) fn note_working_files(
        &mut self,
        store: StoreId,
        files: &[(String, Option<ContentHash>)],
    ) -> Result<Outcome, Failure> {
        let (row, _) = self.store_row(store)?;
        for (path, hash) in files {
            match hash {
                Some(hash) => self
                    .conn
                    .prepare_cached(
                        "INSERT INTO working_file (store, path, hash) VALUES (?1, ?2, ?3) \
                         ON CONFLICT (store, path) DO UPDATE SET hash = ?3",
                    )?
                    .execute(params![row, path, hash.0])?,
                None => self
                    .conn
                    .prepare_cached("DELETE FROM working_file WHERE store = ?1 AND path = ?2")?
                    .execute(params![row, path])?,
            };
        }
        Ok(Outcome::Done)
    }

    pub(super) fn name_moment(&self, moment: &NamedMoment) -> Result<Outcome, Failure> {
        let taken =
            self.conn.prepare_cached("SELECT 1 FROM named_moment WHERE name = ?1")?.exists([&moment.name])?;
        check_expected(Expected::Absent, u32::from(taken), || format!("moment `{}`", moment.name))?;
        self.conn
            .prepare_cached("INSERT INTO named_moment (name, made_at, content) VALUES (?1, ?2, ?3)")?
            .execute(params![moment.name, Moment(moment.made_at), to_json(moment)?])?;
        Ok(Outcome::Done)
    }

    pub(super) fn unname_moment(&self, name: &str) -> Result<Outcome, Failure> {
        self.conn.prepare_cached("DELETE FROM named_moment WHERE name = ?1")?.execute([name])?;
        Ok(Outcome::Done)
    }

    /// The row of a store, and whether its topics may be written.
    pub(super) fn store_row(&self, id: StoreId) -> Result<(i64, bool), Failure> {
        let sql = "SELECT row, archived_at IS NULL AND deleted_at IS NULL FROM topic_store WHERE id = ?1";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row([id_bytes(id.as_uuid())], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        found.ok_or_else(|| not_found(record(id)))
    }

    /// The row of a store whose topics may be written.
    pub(super) fn open_store(&self, id: StoreId) -> Result<i64, Failure> {
        match self.store_row(id)? {
            (row, true) => Ok(row),
            (_, false) => Err(ApplyError::StoreClosed(id).into()),
        }
    }
}

fn record(id: StoreId) -> String {
    format!("store {id}")
}
