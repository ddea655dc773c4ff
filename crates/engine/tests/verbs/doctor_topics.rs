//! Doctor and reindex of topics: every version that is not redacted is cut again, like a memory's.

use std::collections::BTreeMap;

use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::passage::{Owner, StoredPassage};
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::topic::Topic;
use dreamkeeper_domain::topic_store::TopicStore;
use dreamkeeper_engine::{Fault, Health};
use dreamkeeper_testkit::builders::{
    a_topic, a_topic_store, changes, minute, next_topic, put_store, put_topic,
};

use crate::house::{House, house};

/// A store of Ana's with a topic that was reworded; without passages.
async fn noted() -> (House, TopicStore, Topic) {
    let house = house().await;
    let store = TopicStore { scope: Scope::user("ana"), ..a_topic_store("house") };
    let first = a_topic(&store, "/drinks/tea.md", "Ana likes green tea");
    let second = next_topic(&first, "/drinks/coffee.md", "Ana likes black coffee", minute(5));
    apply(&house, changes().at(minute(0)).write(put_store(&store)).write(put_topic(&first))).await;
    apply(&house, changes().at(minute(5)).write(put_topic(&second))).await;
    (house, store, first)
}

async fn apply(house: &House, set: dreamkeeper_testkit::builders::ChangeSetBuilder) {
    house.store.space_of(house.local.space).apply(set.build()).await.expect("written");
}

async fn doctor(house: &House) -> Health {
    house.engine.doctor(&house.operator, &|_| ()).await.expect("checked")
}

async fn passages(house: &House, store: &TopicStore) -> Vec<StoredPassage> {
    let space = house.store.space_of(house.local.space);
    space.passages(&store.scope.segment(), None, 100).await.expect("read")
}

#[tokio::test]
async fn passages_of_topics_are_made_anew_and_retired_by_the_next_version() {
    let (house, store, topic) = noted().await;
    let expected =
        Health { checked_count: 1, mended: BTreeMap::from([(Fault::Missing, 2)]), ..Health::default() };
    assert_eq!(doctor(&house).await, expected);
    let made = passages(&house, &store).await;
    let shown: Vec<_> = made
        .iter()
        .map(|StoredPassage { passage, .. }| (passage.owner, passage.recorded_at, passage.retired_at))
        .collect();
    let owner = Owner::Topic(topic.head.id);
    assert_eq!(shown.len(), 2);
    assert!(shown.contains(&(owner, minute(0), Some(minute(5)))), "{shown:?}");
    assert!(shown.contains(&(owner, minute(5), None)), "{shown:?}");
    assert!(made.iter().all(|stored| stored.passage.vector.is_some()), "embedded");
    assert_eq!(doctor(&house).await, Health { checked_count: 1, ..Health::default() }, "now it is sound");
    let space = house.store.space_of(house.local.space);
    space.damage_passages(|there| there.values_mut().for_each(|one| one.source_hash ^= 1));
    assert_eq!(doctor(&house).await.mended, BTreeMap::from([(Fault::Words, 2)]));
}

#[tokio::test]
async fn a_redacted_version_gets_no_passages() {
    let (house, store, topic) = noted().await;
    apply(&house, changes().write(Write::RedactTopicVersion(topic.head.version))).await;
    assert_eq!(doctor(&house).await.mended, BTreeMap::from([(Fault::Missing, 1)]));
    assert_eq!(passages(&house, &store).await.len(), 1);
}

#[tokio::test]
async fn reindex_embeds_what_a_topic_says_now() {
    let (house, store, _) = noted().await;
    doctor(&house).await;
    let sound = passages(&house, &store).await;
    let space = house.store.space_of(house.local.space);
    space.damage_passages(|there| there.values_mut().for_each(|one| one.vector = None));
    let done = house.engine.reindex(&house.operator, &|_| ()).await.expect("embedded");
    assert_eq!(
        (done.embedded_count, done.orphan_count),
        (1, 1),
        "an earlier version's words are not at hand"
    );
    let after = passages(&house, &store).await;
    for (before, after) in sound.iter().zip(&after).filter(|(_, after)| after.passage.retired_at.is_none()) {
        assert_eq!(before, after);
    }
}
