//! Stores of topics, topics and their versions, and what stands in working copies.

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::changeset::{ApplyError, ChangeSet, Expected, Outcome};
use dreamkeeper_domain::id::{StoreId, TopicId, TopicVersionId};
use dreamkeeper_domain::passage::{Owner, Passage};
use dreamkeeper_domain::ports::{PortError, PortErrorKind};
use dreamkeeper_domain::topic::{
    ContentHash, NamedMoment, Redaction, Topic, TopicHead, TopicNote, TopicOperation, TopicVersion,
};
use dreamkeeper_domain::topic_store::TopicStore;
use jiff::Timestamp;

use super::apply::{meets, not_found};
use super::model::Model;

/// A topic that is or was.
#[derive(Debug, Clone)]
pub(super) struct TopicRecord {
    pub(super) current: Topic,
    pub(super) is_live: bool,
    pub(super) versions: Vec<TopicVersion>,
}

/// The topic records of one space.
#[derive(Debug, Clone, Default)]
pub(super) struct Topics {
    pub(super) stores: BTreeMap<StoreId, TopicStore>,
    pub(super) topics: BTreeMap<TopicId, TopicRecord>,
    pub(super) working: BTreeMap<(StoreId, String), ContentHash>,
    pub(super) moments: BTreeMap<String, NamedMoment>,
}

impl Topics {
    pub(super) fn live(&self, store: StoreId) -> impl Iterator<Item = &Topic> {
        let of_store = move |record: &&TopicRecord| record.is_live && record.current.head.store == store;
        self.topics.values().filter(of_store).map(|record| &record.current)
    }

    pub(super) fn version(&self, id: TopicVersionId) -> Option<&TopicVersion> {
        self.topics.values().flat_map(|record| &record.versions).find(|version| version.id == id)
    }
}

impl TopicRecord {
    /// The topic as it was recorded at a moment.
    pub(super) fn at(&self, as_of: Option<Timestamp>) -> Option<Topic> {
        let Some(moment) = as_of else { return self.is_live.then(|| self.current.clone()) };
        let version = self.versions.iter().rev().find(|version| version.at <= moment)?;
        Some(Topic {
            head: TopicHead {
                path: version.path.clone()?,
                number: version.number,
                version: version.id,
                hash: version.hash?,
                size: version.size?,
                origin: version.origin,
                updated_at: version.at,
                ..self.current.head.clone()
            },
            content: version.content.clone()?,
        })
    }
}

/// The fields of `Write::PutTopic`.
pub(super) struct TopicWrite<'write> {
    pub(super) topic: &'write Topic,
    pub(super) expected: Expected,
    pub(super) note: &'write TopicNote,
    pub(super) passages: &'write [Passage],
}

impl Model {
    pub(super) fn put_topic_store(
        &mut self,
        store: &TopicStore,
        expected: Expected,
    ) -> Result<Outcome, ApplyError> {
        let found = self.topics.stores.get(&store.id).map(|there| there.version);
        meets(&format!("store {}", store.id), expected, found)?;
        let version = found.unwrap_or(0) + 1;
        self.topics.stores.insert(store.id, TopicStore { version, ..store.clone() });
        Ok(Outcome::Versioned { version })
    }

    pub(super) fn purge_topic_store(&mut self, id: StoreId) -> Result<Outcome, ApplyError> {
        if self.topics.stores.remove(&id).is_none() {
            return Ok(Outcome::Erased { passage_count: 0 });
        }
        let of_store = |record: &&TopicRecord| record.current.head.store == id;
        let gone: BTreeSet<TopicId> =
            self.topics.topics.values().filter(of_store).map(|record| record.current.head.id).collect();
        self.topics.topics.retain(|topic, _| !gone.contains(topic));
        self.topics.working.retain(|(store, _), _| *store != id);
        let before = self.passages.len();
        let owned = |owner: &Owner| matches!(owner, Owner::Topic(topic) if gone.contains(topic));
        self.passages.retain(|_, passage| !owned(&passage.owner));
        self.brought.retain(|(owner, _), _| !owned(owner));
        self.empty_changes(|change| change.topics().keys().any(|topic| gone.contains(topic)));
        self.empty_topic_items(|topic, _| gone.contains(&topic));
        Ok(Outcome::Erased { passage_count: (before - self.passages.len()) as u32 })
    }

    pub(super) fn put_topic(
        &mut self,
        changes: &ChangeSet,
        write: &TopicWrite<'_>,
    ) -> Result<Outcome, ApplyError> {
        let TopicWrite { topic, expected, note, passages } = *write;
        let id = topic.head.id;
        self.check_open(topic.head.store)?;
        let there = self.topics.topics.get(&id);
        if there.is_some_and(|there| there.current.head.store != topic.head.store) {
            let what = format!("topic {id} cannot move to another store");
            return Err(PortError::new(PortErrorKind::Internal, what).into());
        }
        meets(&format!("topic {id}"), expected, there.map(|there| there.current.head.number))?;
        let number = there.map_or(0, |there| there.current.head.number) + 1;
        let operation = if there.is_some_and(|there| there.is_live) {
            TopicOperation::Modified
        } else {
            TopicOperation::Created
        };
        let created_at = there.map_or(changes.at, |there| there.current.head.created_at);
        let head = TopicHead { number, created_at, updated_at: changes.at, ..topic.head.clone() };
        let version = TopicVersion {
            id: head.version,
            topic: id,
            store: head.store,
            number,
            operation,
            path: Some(head.path.clone()),
            content: Some(topic.content.clone()),
            hash: Some(head.hash),
            size: Some(head.size),
            origin: head.origin,
            actor: changes.actor.clone(),
            at: changes.at,
            note: note.clone(),
            redacted: None,
        };
        let current = Topic { head, content: topic.content.clone() };
        let new = TopicRecord { current: current.clone(), is_live: true, versions: Vec::new() };
        let record = self.topics.topics.entry(id).or_insert(new);
        record.current = current;
        record.is_live = true;
        record.versions.push(version);
        self.retire(Owner::Topic(id), changes.at);
        let passages = self.add_passages((Owner::Topic(id), number), passages.to_vec());
        Ok(Outcome::Topic { id, number, passages })
    }

    pub(super) fn remove_topic(
        &mut self,
        changes: &ChangeSet,
        (id, version): (TopicId, TopicVersionId),
        (expected, note): (Expected, &TopicNote),
    ) -> Result<Outcome, ApplyError> {
        let live = self.topics.topics.get(&id).filter(|there| there.is_live);
        let head = live.map(|there| there.current.head.clone());
        let head = head.ok_or_else(|| not_found(format!("topic {id}")))?;
        self.check_open(head.store)?;
        meets(&format!("topic {id}"), expected, Some(head.number))?;
        let number = head.number + 1;
        let record = self.topics.topics.get_mut(&id).expect("looked up above");
        record.is_live = false;
        record.current.head.number = number;
        record.versions.push(TopicVersion {
            id: version,
            topic: id,
            store: head.store,
            number,
            operation: TopicOperation::Deleted,
            path: Some(head.path),
            content: None,
            hash: None,
            size: None,
            origin: head.origin,
            actor: changes.actor.clone(),
            at: changes.at,
            note: note.clone(),
            redacted: None,
        });
        self.retire(Owner::Topic(id), changes.at);
        Ok(Outcome::Topic { id, number, passages: Vec::new() })
    }

    pub(super) fn redact_topic_version(
        &mut self,
        changes: &ChangeSet,
        id: TopicVersionId,
    ) -> Result<Outcome, ApplyError> {
        let version = self.topics.version(id).cloned();
        let version = version.ok_or_else(|| not_found(format!("version {id}")))?;
        if version.redacted.is_some() {
            return Ok(Outcome::Erased { passage_count: 0 });
        }
        let record = self.topics.topics.get_mut(&version.topic).expect("a version has a topic");
        if record.is_live && record.current.head.version == id {
            return Err(ApplyError::HeadVersion(id));
        }
        for there in record.versions.iter_mut().filter(|there| there.id == id) {
            (there.path, there.content, there.hash, there.size) = (None, None, None, None);
            there.note.reason = None;
            there.redacted = Some(Redaction { actor: changes.actor.clone(), at: changes.at });
        }
        if !record.is_live && record.versions.iter().rev().nth(1).is_some_and(|last| last.id == id) {
            record.current.content.clear();
        }
        self.drop_digests();
        let places = self.brought.remove(&(Owner::Topic(version.topic), version.number)).unwrap_or_default();
        let before = self.passages.len();
        self.passages.retain(|place, _| !places.contains(place));
        let content = version.content.as_deref();
        self.empty_changes(|change| change.tells(version.topic, version.number, content));
        self.empty_topic_items(|topic, number| (topic, number) == (version.topic, version.number));
        Ok(Outcome::Erased { passage_count: (before - self.passages.len()) as u32 })
    }

    pub(super) fn note_working_files(
        &mut self,
        store: StoreId,
        files: &[(String, Option<ContentHash>)],
    ) -> Result<Outcome, ApplyError> {
        if !self.topics.stores.contains_key(&store) {
            return Err(not_found(format!("store {store}")));
        }
        for (path, hash) in files {
            match hash {
                Some(hash) => self.topics.working.insert((store, path.clone()), *hash),
                None => self.topics.working.remove(&(store, path.clone())),
            };
        }
        Ok(Outcome::Done)
    }

    pub(super) fn name_moment(&mut self, moment: &NamedMoment) -> Result<Outcome, ApplyError> {
        let record = format!("moment `{}`", moment.name);
        meets(&record, Expected::Absent, self.topics.moments.get(&moment.name).map(|_| 1))?;
        self.topics.moments.insert(moment.name.clone(), moment.clone());
        Ok(Outcome::Done)
    }

    fn check_open(&self, store: StoreId) -> Result<(), ApplyError> {
        match self.topics.stores.get(&store) {
            None => Err(not_found(format!("store {store}"))),
            Some(there) if there.is_open() => Ok(()),
            Some(_) => Err(ApplyError::StoreClosed(store)),
        }
    }
}
