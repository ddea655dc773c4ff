//! Topics in an index: told when they are wanted, apart from messages and memories, and as their versions stood.

use std::collections::BTreeSet;

use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::filter::{Field, Filter, Test};
use dreamkeeper_domain::passage::Owner;
use dreamkeeper_domain::ports::{NominationRequest, PassageIndex};
use dreamkeeper_domain::topic::Topic;
use dreamkeeper_domain::topic_store::TopicStore;
use serde_json::json;

use super::comparing::{nominated_owners, told_owners};
use super::world::World;
use crate::builders::{
    a_memory, a_message, a_scope, a_session, a_topic, a_topic_store, changes, minute, next_topic,
    put_cut_topic, put_store, remove_topic, topic_passages,
};

/// A store of Ana's, made in the world.
async fn a_store(world: &World<'_>) -> TopicStore {
    let store = TopicStore { scope: a_scope("ana", &[]), ..a_topic_store("notes") };
    world.write(changes().write(put_store(&store))).await;
    store
}

fn put(world: &World<'_>, store: &TopicStore, topic: &Topic) -> Write {
    put_cut_topic(topic, topic_passages(store, topic, Some(&world.embedder)))
}

/// None crowds another out, and a filter knows them by their type.
pub async fn topics_are_told_apart_and_when_wanted(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    let store = a_store(&world).await;
    let session = a_session(store.scope.clone());
    let mut set = changes().open(&session);
    for number in 1..=4 {
        let text = format!("{} tent{number}", "kayak ".repeat(number));
        set = set.write(a_message(&text).in_session(&session).write_embedded(&world.embedder));
        set = set.write(a_memory(&text).scope(store.scope.clone()).write_embedded(&world.embedder));
        set = set.write(put(&world, &store, &a_topic(&store, &format!("/{number}.md"), &text)));
    }
    world.write(set).await;
    let count = |owners: &BTreeSet<Owner>| {
        let topics = owners.iter().filter(|owner| matches!(owner, Owner::Topic(_))).count();
        (topics, owners.len() - topics)
    };
    let all = world.about("kayak");
    assert_eq!(count(&told_owners(&world.ask_both(&all).await)), (4, 8));
    let without = NominationRequest { topics: false, ..all.clone() };
    assert_eq!(count(&told_owners(&world.ask_both(&without).await)), (0, 8));
    let alone = NominationRequest { messages: false, memories: false, ..all.clone() };
    assert_eq!(count(&told_owners(&world.ask_both(&alone).await)), (4, 0));
    for (lexical_count_max, vector_count_max) in [(1, 0), (0, 2), (3, 3)] {
        let some = NominationRequest { lexical_count_max, vector_count_max, ..all.clone() };
        let most = lexical_count_max.max(vector_count_max);
        assert_eq!(count(&nominated_owners(&world.ask_both(&some).await)), (most, 2 * most));
    }
    let filter = Filter::Where(Field::Type, Test::Eq(json!("topic")));
    let typed = NominationRequest { filter: Some(filter), ..all };
    assert_eq!(count(&told_owners(&world.ask_both(&typed).await)), (4, 0));
}

/// By what was recorded up to the moment, and no more once a version is redacted.
pub async fn topics_are_found_as_their_versions_stood(index: &dyn PassageIndex) {
    let world = World::new(index).await;
    let store = a_store(&world).await;
    let first = a_topic(&store, "/a.md", "the kayak is blue");
    let second = next_topic(&first, "/a.md", "the tent is green", minute(2));
    world.write(changes().at(minute(0)).write(put(&world, &store, &first))).await;
    world.write(changes().at(minute(2)).write(put(&world, &store, &second))).await;
    world.write(changes().at(minute(4)).write(remove_topic(&second, minute(4)))).await;
    let owner = Owner::Topic(first.head.id);
    let found = async |word: &str, moment: Option<i64>| {
        let request = NominationRequest { vector: None, as_of: moment.map(minute), ..world.about(word) };
        nominated_owners(&world.ask_both(&request).await).contains(&owner)
    };
    for (word, moments) in [("kayak", [true, false, false]), ("tent", [false, true, false])] {
        for (moment, expected) in [1, 3, 5].into_iter().zip(moments) {
            assert_eq!(found(word, Some(moment)).await, expected, "{word} at {moment}");
        }
        assert!(!found(word, None).await, "{word} now");
    }
    world.write(changes().at(minute(6)).write(Write::RedactTopicVersion(first.head.version))).await;
    // An index can be told only that all of an owner is gone; what stays is read from the store anew.
    index.discard(world.space).await.expect("the index discards");
    assert!(!found("kayak", Some(1)).await);
    assert!(found("tent", Some(3)).await);
}
