//! What a whole ChangeSet may not leave behind: two live topics at one path, or too many in a store. Looked at
//! when everything is written, so that topics can change places.

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::changeset::ApplyError;
use dreamkeeper_domain::id::{StoreId, TopicId};
use dreamkeeper_domain::limits::STORE_TOPICS_MAX;
use rusqlite::params;

use super::Applying;
use crate::error::Failure;
use crate::rows::{id_bytes, uuid_at};

/// What a ChangeSet did to topics.
#[derive(Debug, Default)]
pub(super) struct WrittenTopics {
    topics: BTreeSet<TopicId>,
    /// How many live topics came to each store, less those that went away.
    added: BTreeMap<StoreId, i64>,
}

impl WrittenTopics {
    /// A topic was written that was live before, or not.
    pub(super) fn put(&mut self, store: StoreId, topic: TopicId, was_live: bool) {
        self.topics.insert(topic);
        *self.added.entry(store).or_default() += i64::from(!was_live);
    }

    /// A topic of a store went away.
    pub(super) fn remove(&mut self, store: StoreId) {
        *self.added.entry(store).or_default() -= 1;
    }
}

impl Applying<'_> {
    pub(super) fn check_topics(&self) -> Result<(), Failure> {
        for id in &self.topics.topics {
            self.check_path(*id)?;
        }
        for (&store, _) in self.topics.added.iter().filter(|(_, added)| **added > 0) {
            let sql = "SELECT count(*) FROM topic t JOIN topic_store s ON s.row = t.store \
                       WHERE s.id = ?1 AND t.path IS NOT NULL";
            let count: u64 =
                self.conn.prepare_cached(sql)?.query_row([id_bytes(store.as_uuid())], |row| row.get(0))?;
            if count > STORE_TOPICS_MAX {
                return Err(ApplyError::StoreFull { store, count, max: STORE_TOPICS_MAX }.into());
            }
        }
        Ok(())
    }

    fn check_path(&self, id: TopicId) -> Result<(), Failure> {
        let sql = "SELECT o.id, o.path FROM topic t JOIN topic o ON o.store = t.store AND o.path = t.path \
                   AND o.row <> t.row WHERE t.id = ?1 ORDER BY o.id";
        let mut statement = self.conn.prepare_cached(sql)?;
        let others: Vec<(TopicId, String)> = statement
            .query_map(params![id_bytes(id.as_uuid())], |row| {
                Ok((TopicId::from_uuid(uuid_at(row, 0)?), row.get(1)?))
            })?
            .collect::<Result<_, _>>()?;
        let Some((_, path)) = others.first() else { return Ok(()) };
        // Who was there first has the path.
        let earlier =
            others.iter().map(|(other, _)| *other).find(|other| !self.topics.topics.contains(other));
        Err(ApplyError::PathTaken { path: path.clone(), topic: earlier.unwrap_or(id) }.into())
    }
}
