//! Applying writes of topics and dreams.

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::changeset::{ApplyError, ChangeSet, Outcome, Write};
use dreamkeeper_domain::id::{StoreId, TopicId};
use dreamkeeper_domain::limits::STORE_TOPICS_MAX;
use dreamkeeper_domain::ports::{PortError, PortErrorKind};
use dreamkeeper_domain::topic::Topic;

use super::model::Model;
use super::topics::TopicWrite;

/// The topics that a ChangeSet writes, and how many live ones their stores held before.
pub(super) struct Before {
    topics: BTreeSet<TopicId>,
    counts: BTreeMap<StoreId, u64>,
}

impl Model {
    pub(super) fn before_topics(&self, changes: &ChangeSet) -> Before {
        let mut before = Before { topics: BTreeSet::new(), counts: BTreeMap::new() };
        for write in &changes.writes {
            if let Write::PutTopic { topic, .. } = write {
                before.topics.insert(topic.head.id);
                let count = || self.topics.live(topic.head.store).count() as u64;
                before.counts.entry(topic.head.store).or_insert_with(count);
            }
        }
        before
    }

    /// Refuses what a whole ChangeSet may not leave behind: two topics at one path, or too many in a store.
    pub(super) fn check_topics(&self, before: &Before) -> Result<(), ApplyError> {
        let mut by_path: BTreeMap<(StoreId, &str), Vec<TopicId>> = BTreeMap::new();
        for Topic { head, .. } in before.counts.keys().flat_map(|store| self.topics.live(*store)) {
            by_path.entry((head.store, &head.path)).or_default().push(head.id);
        }
        let is_written = |id: &&TopicId| before.topics.contains(*id);
        let shared = by_path.iter().find(|(_, topics)| topics.len() > 1);
        if let Some(((_, path), topics)) = shared {
            // Who was there first has the path.
            let earlier = topics.iter().find(|id| !is_written(id));
            let topic = *earlier.or(topics.first()).expect("there are two at least");
            return Err(ApplyError::PathTaken { path: (*path).to_owned(), topic });
        }
        for (&store, there) in &before.counts {
            let count = self.topics.live(store).count() as u64;
            if count > STORE_TOPICS_MAX && count > *there {
                return Err(ApplyError::StoreFull { store, count, max: STORE_TOPICS_MAX });
            }
        }
        Ok(())
    }

    pub(super) fn write_noted(&mut self, changes: &ChangeSet, write: &Write) -> Result<Outcome, ApplyError> {
        match write {
            Write::PutTopicStore { store, expected } => self.put_topic_store(store, *expected),
            Write::PurgeTopicStore(id) => {
                self.drop_digests();
                self.purge_topic_store(*id)
            }
            Write::PutTopic { topic, expected, note, passages } => {
                self.put_topic(changes, &TopicWrite { topic, expected: *expected, note, passages })
            }
            Write::RemoveTopic { id, version, expected, note } => {
                self.remove_topic(changes, (*id, *version), (*expected, note))
            }
            Write::RedactTopicVersion(id) => self.redact_topic_version(changes, *id),
            Write::NoteWorkingFiles { store, files } => self.note_working_files(*store, files),
            Write::NameMoment(moment) => self.name_moment(moment),
            Write::UnnameMoment(name) => {
                self.topics.moments.remove(name);
                Ok(Outcome::Done)
            }
            Write::PutDream { dream, expected } => self.put_dream(dream, *expected),
            Write::PutProposedChanges { dream, changes } => self.put_proposed_changes(*dream, changes),
            Write::PurgeDream(id) => {
                self.drop_digests();
                self.purge_dream(*id)
            }
            Write::PutDreamSchedule { schedule, expected } => self.put_dream_schedule(schedule, *expected),
            Write::RemoveDreamSchedule(name) => Ok(self.remove_dream_schedule(name)),
            other => {
                let what = format!("{other:?} has nothing to do with topics and dreams");
                Err(PortError::new(PortErrorKind::Internal, what).into())
            }
        }
    }
}
