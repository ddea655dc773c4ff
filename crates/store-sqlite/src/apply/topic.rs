//! Topics: each change is one more version, whose row holds what the topic is.

use dreamkeeper_domain::changeset::{Expected, Outcome};
use dreamkeeper_domain::id::{StoreId, TopicId, TopicVersionId};
use dreamkeeper_domain::passage::Passage;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::topic::{Topic, TopicNote, TopicOperation};
use dreamkeeper_domain::topic_store::TopicStore;
use rusqlite::{OptionalExtension, params};

use super::passages::{Places, Standing};
use super::{Applying, check_expected, not_found};
use crate::codes::Coded;
use crate::error::Failure;
use crate::rows::{Moment, from_json, id_bytes, to_json, uuid_at};

/// The fields of `Write::PutTopic`.
pub(super) struct Put<'write> {
    pub(super) topic: &'write Topic,
    pub(super) expected: Expected,
    pub(super) note: &'write TopicNote,
    pub(super) passages: &'write [Passage],
}

/// A topic that is or was.
struct There {
    row: i64,
    store: i64,
    number: u32,
    is_live: bool,
    latest: Places,
    path: Option<String>,
}

/// What a version's row holds beside the topic itself.
struct NewVersion<'write> {
    topic: i64,
    store: i64,
    number: u32,
    operation: TopicOperation,
    note: &'write TopicNote,
    brought: Places,
}

impl Applying<'_> {
    pub(super) fn put_topic(&mut self, put: &Put<'_>) -> Result<Outcome, Failure> {
        let head = &put.topic.head;
        let store = self.open_store(head.store)?;
        let there = self.topic_there(head.id)?;
        if there.as_ref().is_some_and(|there| there.store != store) {
            return Err(Failure::defect(format!("{} cannot move to another store", record(head.id))));
        }
        let found = there.as_ref().map_or(0, |there| there.number);
        check_expected(put.expected, found, || record(head.id))?;
        if let Some(there) = &there {
            self.retire_passages(there.latest)?;
        }
        let scope = self.scope_of_store(head.store)?;
        let brought = self.insert_passages(&scope, put.passages, Standing::Alone)?;
        let is_live = there.as_ref().is_some_and(|there| there.is_live);
        let (number, row) = (found + 1, there.map(|there| there.row));
        let sql = "INSERT INTO topic (row, id, store, path, number, size, created_at) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
                   ON CONFLICT (row) DO UPDATE SET path = ?4, number = ?5, size = ?6";
        self.conn.prepare_cached(sql)?.execute(params![
            row,
            id_bytes(head.id.as_uuid()),
            store,
            head.path,
            number,
            head.size,
            Moment(self.changes.at),
        ])?;
        let topic = row.unwrap_or_else(|| self.conn.last_insert_rowid());
        let operation = if is_live { TopicOperation::Modified } else { TopicOperation::Created };
        let version = NewVersion { topic, store, number, operation, note: put.note, brought };
        let row = self.insert_topic_version(head.version, &version)?;
        self.conn
            .prepare_cached(
                "UPDATE topic_version SET origin = ?2, path = ?3, hash = ?4, size = ?5, content = ?6 WHERE row = ?1",
            )?
            .execute(params![row, Coded(head.origin), head.path, head.hash.0, head.size, put.topic.content])?;
        self.topics.put(head.store, head.id, is_live);
        Ok(Outcome::Topic { id: head.id, number, passages: brought.seqs() })
    }

    pub(super) fn remove_topic(
        &mut self,
        (id, version): (TopicId, TopicVersionId),
        expected: Expected,
        note: &TopicNote,
    ) -> Result<Outcome, Failure> {
        let there = self.topic_there(id)?.filter(|there| there.is_live);
        let there = there.ok_or_else(|| not_found(record(id)))?;
        let sql = "SELECT id FROM topic_store WHERE row = ?1";
        let store = self.conn.prepare_cached(sql)?.query_row([there.store], |row| uuid_at(row, 0))?;
        let store = StoreId::from_uuid(store);
        self.open_store(store)?;
        check_expected(expected, there.number, || record(id))?;
        self.topics.remove(store);
        self.retire_passages(there.latest)?;
        let number = there.number + 1;
        self.conn
            .prepare_cached("UPDATE topic SET path = NULL, number = ?2, size = 0 WHERE row = ?1")?
            .execute(params![there.row, number])?;
        let origin: i64 = self
            .conn
            .prepare_cached("SELECT origin FROM topic_version WHERE topic = ?1 AND number = ?2")?
            .query_row(params![there.row, there.number], |row| row.get(0))?;
        let row = self.insert_topic_version(
            version,
            &NewVersion {
                topic: there.row,
                store: there.store,
                number,
                operation: TopicOperation::Deleted,
                note,
                brought: Places { from: 0, to: 0, ..there.latest },
            },
        )?;
        self.conn
            .prepare_cached("UPDATE topic_version SET origin = ?2, path = ?3 WHERE row = ?1")?
            .execute(params![row, origin, there.path])?;
        Ok(Outcome::Topic { id, number, passages: Vec::new() })
    }

    fn topic_there(&self, id: TopicId) -> Result<Option<There>, Failure> {
        let sql = "SELECT t.row, t.store, t.number, t.path, v.segment, v.passage_from, v.passage_to FROM topic t \
                   JOIN topic_version v ON v.topic = t.row AND v.number = t.number WHERE t.id = ?1";
        let read = |row: &rusqlite::Row<'_>| {
            let path: Option<String> = row.get(3)?;
            Ok(There {
                row: row.get(0)?,
                store: row.get(1)?,
                number: row.get(2)?,
                is_live: path.is_some(),
                latest: Places { segment: row.get(4)?, from: row.get(5)?, to: row.get(6)? },
                path,
            })
        };
        Ok(self.conn.prepare_cached(sql)?.query_row([id_bytes(id.as_uuid())], read).optional()?)
    }

    fn scope_of_store(&self, store: StoreId) -> Result<Scope, Failure> {
        let sql = "SELECT content FROM topic_store WHERE id = ?1";
        let content: String =
            self.conn.prepare_cached(sql)?.query_row([id_bytes(store.as_uuid())], |row| row.get(0))?;
        Ok(from_json::<TopicStore>(&content, "a store")?.scope)
    }

    fn insert_topic_version(&self, id: TopicVersionId, version: &NewVersion<'_>) -> Result<i64, Failure> {
        let actor = &self.changes.actor;
        self.conn
            .prepare_cached(
                "INSERT INTO topic_version (id, topic, store, number, operation, origin, at, actor, actor_name, \
                 session, dream, reason, segment, passage_from, passage_to) \
                 VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            )?
            .execute(params![
                id_bytes(id.as_uuid()),
                version.topic,
                version.store,
                version.number,
                Coded(version.operation),
                Moment(self.changes.at),
                to_json(actor)?,
                actor.to_string(),
                version.note.session.map(|session| id_bytes(session.as_uuid())),
                version.note.dream.map(|dream| id_bytes(dream.as_uuid())),
                version.note.reason,
                version.brought.segment,
                version.brought.from,
                version.brought.to,
            ])?;
        Ok(self.conn.last_insert_rowid())
    }
}

fn record(id: TopicId) -> String {
    format!("topic {id}")
}
