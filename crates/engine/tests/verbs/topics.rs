//! A store of Ana's to write topics into, and short ways to do it.

use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::topic::{ContentHash, Topic};
use dreamkeeper_domain::topic_store::TopicStore;
use dreamkeeper_engine::VerbError;
use dreamkeeper_engine::topics::{
    NewTopic, NewTopicStore, TopicRef, TopicUpdate, TopicWriting, WrittenTopic,
};
use jiff::SignedDuration;

use crate::house::{House, house};

pub(crate) struct Notes {
    pub(crate) house: House,
    pub(crate) store: TopicStore,
}

pub(crate) async fn notes() -> Notes {
    let house = house().await;
    let new =
        NewTopicStore { name: "House".to_owned(), scope: Scope::user("ana"), ..NewTopicStore::default() };
    let store = house.engine.create_topic_store(&house.local, new).await.expect("made");
    Notes { house, store }
}

pub(crate) fn new(path: &str, content: &str) -> NewTopic {
    NewTopic { path: path.to_owned(), content: content.to_owned(), writing: TopicWriting::default() }
}

pub(crate) fn at(path: &str) -> TopicRef {
    TopicRef::Path(path.to_owned())
}

impl Notes {
    pub(crate) async fn create(&self, path: &str, content: &str) -> Topic {
        self.try_create(path, content).await.expect("created")
    }

    pub(crate) async fn try_create(&self, path: &str, content: &str) -> Result<Topic, VerbError> {
        self.house.engine.create_topic(&self.house.local, self.store.id, new(path, content)).await
    }

    pub(crate) async fn write(&self, path: &str, content: &str) -> WrittenTopic {
        self.house.clock.advance(SignedDuration::from_secs(1));
        let new = new(path, content);
        self.house.engine.write_topic(&self.house.local, self.store.id, new).await.expect("written")
    }

    pub(crate) async fn update(
        &self,
        path: &str,
        (content, to): (Option<&str>, Option<&str>),
        expected_hash: Option<ContentHash>,
    ) -> Result<WrittenTopic, VerbError> {
        let update = TopicUpdate {
            content: content.map(str::to_owned),
            path: to.map(str::to_owned),
            expected_hash,
            writing: TopicWriting::default(),
        };
        self.house.engine.update_topic(&self.house.local, self.store.id, &at(path), update).await
    }

    pub(crate) async fn delete(&self, path: &str, expected: Option<ContentHash>) -> Result<(), VerbError> {
        self.house.clock.advance(SignedDuration::from_secs(1));
        let note = Default::default();
        let engine = &self.house.engine;
        engine.delete_topic(&self.house.local, self.store.id, &at(path), (expected, note)).await
    }

    pub(crate) async fn read(&self, path: &str) -> Result<Topic, VerbError> {
        self.house.engine.topic(&self.house.local, self.store.id, &at(path), None).await
    }
}
