//! Draws writes of topics and dreams.

use dreamkeeper_domain::changeset::{Expected, Write};
use dreamkeeper_domain::dream::{
    Dream, DreamStatus, DreamTarget, Effect, ProposedChange, SessionQuote, TopicEffect, TopicSide,
};
use dreamkeeper_domain::id::{DreamId, TopicId};
use dreamkeeper_domain::ports::{DreamQuery, SpaceStore, TopicVersionQuery};
use dreamkeeper_domain::topic::{NamedMoment, TopicNote, TopicVersion};

use super::super::told;
use super::drawing::Drawing;
use crate::builders::{
    a_dream, a_dream_schedule, a_proposed_change, a_topic, an_actor, hash_of, minute, next_topic, put_store,
    remove_topic, topic_passages,
};

/// So few that topics meet.
const PATHS: [&str; 6] = ["/a.md", "/A.md", "/b/c.md", "/b-c.md", "/é.md", "/index.md"];

impl Drawing<'_> {
    /// One write of topics or dreams; `None` when what was drawn is not there.
    pub(super) async fn note(&self, model: &dyn SpaceStore) -> Option<Write> {
        match self.entropy.below(16) {
            0 => Some(self.put_store()),
            1..=5 => self.put_topic(model).await,
            6 => self.remove_topic(model).await,
            7 => self.some_version(model).await.map(|version| Write::RedactTopicVersion(version.id)),
            8 => Some(self.working_files()),
            9 => Some(self.name_moment()),
            10 | 11 => Some(self.put_dream(model).await),
            12..=14 => self.propose(model).await,
            _ => self.destroy(model).await,
        }
    }

    fn put_store(&self) -> Write {
        let mut store = self.entropy.pick(&self.stores).clone();
        store.name = self.text();
        store.archived_at = (self.entropy.below(4) == 0).then(|| self.now());
        store.deleted_at = (self.entropy.below(8) == 0).then(|| self.now());
        put_store(&store)
    }

    /// Mostly the next version of a topic that is or was; else a new one, now and then over the wrong version.
    async fn put_topic(&self, model: &dyn SpaceStore) -> Option<Write> {
        let (path, content) = (*self.entropy.pick(&PATHS), self.text());
        let there = self.some_version(model).await.filter(|_| self.entropy.below(3) > 0);
        let (topic, store) = match there {
            None => {
                let store = self.entropy.pick(&self.stores);
                (a_topic(store, path, &content), store)
            }
            Some(version) => {
                let store = self.stores.iter().find(|store| store.id == version.store)?;
                let mut before = a_topic(store, path, "");
                before.head.id = version.topic;
                before.head.number = latest(model, version.topic).await;
                (next_topic(&before, path, &content, self.now()), store)
            }
        };
        let expected = match (self.entropy.below(12), topic.head.number) {
            (0, _) => Expected::Any,
            (1, number) => Expected::Version(number),
            (_, 1) => Expected::Absent,
            (_, number) => Expected::Version(number - 1),
        };
        let passages = topic_passages(store, &topic, None);
        Some(Write::PutTopic { topic: Box::new(topic), expected, note: self.a_note(), passages })
    }

    fn a_note(&self) -> TopicNote {
        TopicNote {
            reason: (self.entropy.below(2) == 0).then(|| self.text()),
            session: (self.entropy.below(2) == 0).then(|| self.entropy.pick(&self.sessions).id),
            dream: None,
        }
    }

    async fn remove_topic(&self, model: &dyn SpaceStore) -> Option<Write> {
        let topic = self.some_version(model).await?.topic;
        let mut live = told(model.topics(&[topic], None).await).pop()?;
        live.head.number += u32::from(self.entropy.below(8) == 0);
        Some(remove_topic(&live, self.now()))
    }

    async fn some_version(&self, model: &dyn SpaceStore) -> Option<TopicVersion> {
        let query = TopicVersionQuery { limit: 1_000, ..TopicVersionQuery::default() };
        let versions = told(model.topic_versions(&query).await).items;
        (!versions.is_empty()).then(|| self.entropy.pick(&versions).clone())
    }

    fn working_files(&self) -> Write {
        let store = self.entropy.pick(&self.stores).id;
        let hash = (self.entropy.below(3) > 0).then(|| hash_of(&self.text()));
        Write::NoteWorkingFiles { store, files: vec![((*self.entropy.pick(&PATHS)).to_owned(), hash)] }
    }

    fn name_moment(&self) -> Write {
        let name = format!("moment {}", self.entropy.below(4));
        if self.entropy.below(3) == 0 {
            return Write::UnnameMoment(name);
        }
        let (at, made_at) = (minute(0), self.now());
        Write::NameMoment(Box::new(NamedMoment { name, at, note: None, actor: an_actor(), made_at }))
    }

    /// A new dream, or the next state of one.
    async fn put_dream(&self, model: &dyn SpaceStore) -> Write {
        let store = self.entropy.pick(&self.stores).id;
        if self.entropy.below(4) == 0 {
            let schedule = a_dream_schedule(["nightly", "weekly"][self.entropy.below(2)], store, self.now());
            return match self.entropy.below(3) {
                0 => Write::RemoveDreamSchedule(schedule.name),
                _ => Write::PutDreamSchedule { schedule: Box::new(schedule), expected: Expected::Any },
            };
        }
        let there = self.some_dream(model).await.filter(|_| self.entropy.below(2) == 0);
        let expected = there.as_ref().map_or(Expected::Absent, |dream| Expected::Version(dream.version));
        let dream = there.unwrap_or_else(|| a_dream(store, self.now()));
        let scope = Some(self.entropy.pick(&self.scopes).clone()).filter(|_| self.entropy.below(2) == 0);
        let dream = Dream {
            target: DreamTarget { store: Some(store), scope },
            sessions: self.sessions[..self.entropy.below(self.sessions.len())]
                .iter()
                .map(|it| it.id)
                .collect(),
            status: *self.entropy.pick(&DreamStatus::ALL),
            holds_target: self.entropy.below(3) == 0,
            archived_at: (self.entropy.below(5) == 0).then(|| self.now()),
            ..dream
        };
        Write::PutDream { dream: Box::new(dream), expected }
    }

    async fn some_dream(&self, model: &dyn SpaceStore) -> Option<Dream> {
        let query = DreamQuery { archived: true, limit: 1_000, ..DreamQuery::default() };
        let dreams = told(model.dreams(&query).await).items;
        (!dreams.is_empty()).then(|| self.entropy.pick(&dreams).clone())
    }

    /// Changes of few numbers, so that they meet, resting on whatever there is.
    async fn propose(&self, model: &dyn SpaceStore) -> Option<Write> {
        let dream = self.some_dream(model).await?.id;
        let mut changes = Vec::new();
        for _ in 0..=self.entropy.below(2) {
            changes.push(self.a_change(model, dream).await);
        }
        Some(Write::PutProposedChanges { dream, changes })
    }

    async fn a_change(&self, model: &dyn SpaceStore, dream: DreamId) -> ProposedChange {
        let mut change = a_proposed_change(dream, self.entropy.below(3) as u32 + 1);
        if !self.asked.messages.is_empty() && self.entropy.below(2) == 0 {
            let message = *self.entropy.pick(&self.asked.messages);
            change.evidence.push(SessionQuote { message, quote: self.text() });
        }
        let Some(version) = self.some_version(model).await else { return change };
        let Some((path, content)) = version.path.zip(version.content) else { return change };
        let hash = hash_of(&content);
        let before = TopicSide { path, number: version.number, hash, content, origin: version.origin };
        let after = (self.entropy.below(3) > 0).then(|| (before.path.clone(), self.text()));
        change.effects.push(Effect::Topic(TopicEffect { topic: version.topic, before: Some(before), after }));
        change
    }

    /// Seldom a whole store; else a dream.
    async fn destroy(&self, model: &dyn SpaceStore) -> Option<Write> {
        if self.entropy.below(4) == 0 {
            return Some(Write::PurgeTopicStore(self.entropy.pick(&self.stores).id));
        }
        self.some_dream(model).await.map(|dream| Write::PurgeDream(dream.id))
    }
}

/// The number of a topic's latest version.
async fn latest(model: &dyn SpaceStore, topic: TopicId) -> u32 {
    let query = TopicVersionQuery { topic: Some(topic), limit: 1_000, ..TopicVersionQuery::default() };
    let versions = told(model.topic_versions(&query).await).items;
    versions.iter().map(|version| version.number).max().unwrap_or(0)
}
