//! Stores of topics and topics.

use std::collections::BTreeMap;

use dreamkeeper_domain::changeset::{Expected, Write};
use dreamkeeper_domain::id::{StoreId, TopicId, TopicVersionId};
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::{Owner, Passage};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::topic::{ContentHash, Topic, TopicHead, TopicNote};
use dreamkeeper_domain::topic_store::TopicStore;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{EPOCH, a_memory, at, memory_passages, next_id_bytes};
use crate::ScriptedEmbedder;

/// A store of that name at the tests' epoch.
pub fn a_topic_store(name: &str) -> TopicStore {
    TopicStore {
        id: StoreId::new(at(EPOCH), next_id_bytes()),
        version: 1,
        name: name.to_owned(),
        description: String::new(),
        metadata: BTreeMap::new(),
        scope: Scope::default(),
        disk_origin: Origin::Assistant,
        created_at: at(EPOCH),
        updated_at: at(EPOCH),
        archived_at: None,
        deleted_at: None,
    }
}

/// Makes a store.
pub fn put_store(store: &TopicStore) -> Write {
    Write::PutTopicStore { store: Box::new(store.clone()), expected: Expected::Any }
}

/// The hash of a content.
pub fn hash_of(content: &str) -> ContentHash {
    ContentHash(Sha256::digest(content).into())
}

/// A first version of a topic.
pub fn a_topic(store: &TopicStore, path: &str, content: &str) -> Topic {
    let created_at = store.created_at;
    Topic {
        head: TopicHead {
            id: TopicId::new(created_at, next_id_bytes()),
            store: store.id,
            path: path.to_owned(),
            number: 1,
            version: TopicVersionId::new(created_at, next_id_bytes()),
            hash: hash_of(content),
            size: content.len() as u32,
            origin: Origin::User,
            created_at,
            updated_at: created_at,
        },
        content: content.to_owned(),
    }
}

/// The next version of a topic.
pub fn next_topic(before: &Topic, path: &str, content: &str, moment: Timestamp) -> Topic {
    let head = TopicHead {
        path: path.to_owned(),
        number: before.head.number + 1,
        version: TopicVersionId::new(moment, next_id_bytes()),
        hash: hash_of(content),
        size: content.len() as u32,
        updated_at: moment,
        ..before.head.clone()
    };
    Topic { head, content: content.to_owned() }
}

/// The passages of a topic's content in its store.
pub fn topic_passages(
    store: &TopicStore,
    topic: &Topic,
    embedder: Option<&ScriptedEmbedder>,
) -> Vec<Passage> {
    let like = a_memory(&topic.content).scope(store.scope.clone()).at(topic.head.updated_at).build();
    let (owner, origin) = (Owner::Topic(topic.head.id), topic.head.origin);
    let passages = memory_passages(&like, embedder).into_iter();
    passages.map(|passage| Passage { owner, origin, kind: None, ..passage }).collect()
}

/// Writes a version of a topic, without passages, that is at the version before.
pub fn put_topic(topic: &Topic) -> Write {
    put_cut_topic(topic, Vec::new())
}

/// The same with passages.
pub fn put_cut_topic(topic: &Topic, passages: Vec<Passage>) -> Write {
    let expected = match topic.head.number {
        1 => Expected::Absent,
        number => Expected::Version(number - 1),
    };
    Write::PutTopic { topic: Box::new(topic.clone()), expected, note: TopicNote::default(), passages }
}

/// Removes a topic that is as given.
pub fn remove_topic(topic: &Topic, moment: Timestamp) -> Write {
    Write::RemoveTopic {
        id: topic.head.id,
        version: TopicVersionId::new(moment, next_id_bytes()),
        expected: Expected::Version(topic.head.number),
        note: TopicNote::default(),
    }
}
