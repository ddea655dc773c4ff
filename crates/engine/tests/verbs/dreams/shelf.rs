//! One store of topics for Ana in a house, written at moments of the frozen clock.

use std::collections::BTreeMap;
use std::sync::Arc;

use dreamkeeper_domain::changeset::{ChangeSet, Expected, Write};
use dreamkeeper_domain::dream::{ChangeKind, ChangeReview, Dream, DreamTarget, ProposedChange};
use dreamkeeper_domain::id::TopicId;
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::ports::{SpaceStore, Store as _, TopicQuery};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::topic::{Topic, TopicNote};
use dreamkeeper_domain::topic_store::TopicStore;
use dreamkeeper_engine::NewMessage;
use dreamkeeper_engine::dream::{Adopted, NewDream, OnCollision, RolledBack, WhichChanges};
use dreamkeeper_testkit::builders::{a_topic, a_topic_store, an_actor, next_topic, put_store, remove_topic};
use jiff::{SignedDuration, Timestamp};

use crate::house::{House, append, house};

pub(crate) struct Shelf {
    pub(crate) house: House,
    pub(crate) store: TopicStore,
    pub(crate) space: Arc<dyn SpaceStore>,
}

/// Path, and what stands there: id, content and origin.
pub(crate) type Contents = BTreeMap<String, (TopicId, String, Origin)>;

impl Shelf {
    pub(crate) async fn new() -> Self {
        let house = house().await;
        let store = TopicStore { scope: Scope::user("ana"), ..a_topic_store("notes") };
        let space = house.store.space(house.operator.space).await.expect("the fake opens every space");
        let shelf = Self { house, store, space };
        shelf.apply(vec![put_store(&shelf.store)]).await;
        shelf
    }

    pub(crate) fn now(&self) -> Timestamp {
        dreamkeeper_domain::ports::Clock::now(&*self.house.clock)
    }

    pub(crate) async fn apply(&self, writes: Vec<Write>) {
        let set = ChangeSet { idempotency: None, actor: an_actor(), at: self.now(), writes };
        self.space.apply(set).await.expect("a sound change");
    }

    /// Writes a topic, a day after whatever was done before.
    pub(crate) async fn write(&self, path: &str, content: &str) {
        self.write_as(path, content, Origin::User).await;
    }

    pub(crate) async fn write_as(&self, path: &str, content: &str, origin: Origin) {
        self.house.clock.advance(SignedDuration::from_hours(24));
        let there = self.space.topic_at(self.store.id, path).await.expect("a read");
        let mut topic = match &there {
            Some(before) => next_topic(before, path, content, self.now()),
            None => a_topic(&self.store, path, content),
        };
        topic.head.origin = origin;
        let expected = there.map_or(Expected::Absent, |before| Expected::Version(before.head.number));
        let note = TopicNote::default();
        self.apply(vec![Write::PutTopic { topic: Box::new(topic), expected, note, passages: Vec::new() }])
            .await;
    }

    pub(crate) async fn remove(&self, path: &str) {
        self.house.clock.advance(SignedDuration::from_hours(24));
        let topic = self.topic(path).await;
        self.apply(vec![remove_topic(&topic, self.now())]).await;
    }

    pub(crate) async fn topic(&self, path: &str) -> Topic {
        let found = self.space.topic_at(self.store.id, path).await.expect("a read");
        found.unwrap_or_else(|| panic!("a topic at {path}"))
    }

    pub(crate) async fn read(&self, path: &str) -> String {
        self.topic(path).await.content
    }

    pub(crate) async fn contents(&self) -> Contents {
        let query =
            TopicQuery { store: self.store.id, prefix: None, after_path: None, as_of: None, limit: 1_000 };
        let heads = self.space.topic_heads(&query).await.expect("a read");
        let ids: Vec<TopicId> = heads.iter().map(|head| head.id).collect();
        let topics = self.space.topics(&ids, None).await.expect("a read");
        let told = |topic: Topic| (topic.head.path, (topic.head.id, topic.content, topic.head.origin));
        topics.into_iter().map(told).collect()
    }

    /// Ana says something in a session, an hour after whatever was done before.
    pub(crate) async fn say(&self, session: &str, role: Role, text: &str) {
        self.house.clock.advance(SignedDuration::from_hours(1));
        let messages = vec![NewMessage::text(role, text)];
        self.house.engine.append(&self.house.operator, append(session, messages)).await.expect("appended");
    }

    pub(crate) fn target(&self) -> DreamTarget {
        DreamTarget { store: Some(self.store.id), scope: None }
    }

    /// Dreams an hour later.
    pub(crate) async fn dream(&self) -> Dreamt {
        self.dream_over(NewDream::over(self.target())).await
    }

    pub(crate) async fn dream_over(&self, new: NewDream) -> Dreamt {
        self.house.clock.advance(SignedDuration::from_hours(1));
        let dream = self.house.engine.dream(&self.house.operator, new).await.expect("dreamt");
        let changes = self.space.proposed_changes(dream.id).await.expect("a read");
        Dreamt { dream, changes }
    }

    pub(crate) async fn adopt(&self, dream: &Dream, which: WhichChanges) -> Adopted {
        self.house.clock.advance(SignedDuration::from_hours(1));
        self.house.engine.adopt_dream(&self.house.operator, dream.id, which).await.expect("adopted")
    }

    pub(crate) async fn roll_back(&self, dream: &Dream, on_collision: OnCollision) -> RolledBack {
        self.house.clock.advance(SignedDuration::from_hours(1));
        let asked = self.house.engine.roll_back_dream(&self.house.operator, (dream.id, None), on_collision);
        asked.await.expect("rolled back")
    }
}

/// A dream and what it proposed.
pub(crate) struct Dreamt {
    pub(crate) dream: Dream,
    pub(crate) changes: Vec<ProposedChange>,
}

impl Dreamt {
    /// Kind and title of every change, which the check must have let stand.
    pub(crate) fn told(&self) -> Vec<(ChangeKind, &str)> {
        for change in &self.changes {
            assert_eq!(change.review, ChangeReview::Waiting, "{change:#?}");
        }
        self.changes.iter().map(|change| (change.kind, change.title.as_str())).collect()
    }
}
