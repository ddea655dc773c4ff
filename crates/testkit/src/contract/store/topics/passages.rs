//! Passages of topics: brought by a version, retired by the next one.

use dreamkeeper_domain::changeset::{Outcome, Write};
use dreamkeeper_domain::passage::{Owner, Passage};
use dreamkeeper_domain::ports::{LooseEnds, SpaceStore};
use dreamkeeper_domain::topic::Topic;
use dreamkeeper_domain::topic_store::TopicStore;

use super::super::reading::an_identity;
use super::{StorePlace, a_store, apply, open, told};
use crate::builders::{
    ChangeSetBuilder, a_topic, changes, minute, next_topic, put_cut_topic, remove_topic, topic_passages,
};

/// They are retired by the next version, told by holdings, and go with a redaction.
pub async fn passages_follow_the_versions(place: &dyn StorePlace) {
    let space = open(place).await;
    let store = a_store(&*space, "notes").await;
    let first = a_topic(&store, "/a.md", "Ana likes tea");
    let second = next_topic(&first, "/a.md", "Ana likes coffee", minute(1));
    apply(&*space, put(&store, &first)).await;
    apply(&*space, put(&store, &second)).await;
    let stored = told(space.passages(&store.scope.segment(), None, 10).await);
    let retired: Vec<_> = stored.iter().map(|stored| stored.passage.retired_at).collect();
    assert_eq!(retired, [Some(minute(1)), None]);
    let holdings = told(space.holdings(None, 10).await);
    let told_versions: Vec<_> =
        holdings.iter().map(|held| (held.owner, held.version, held.passages.len())).collect();
    let owner = Owner::Topic(first.head.id);
    assert_eq!(told_versions, [(owner, 1, 1), (owner, 2, 1)]);
    assert_eq!(told(space.holdings(Some(owner), 10).await), []);
    apply(&*space, changes().write(Write::RedactTopicVersion(first.head.version))).await;
    assert_eq!(told(space.passages(&store.scope.segment(), None, 10).await).len(), 1);
    let stats = told(space.stats(&an_identity()).await);
    assert_eq!((stats.store_count, stats.topic_count, stats.topic_version_count), (1, 1, 2));
    assert_eq!(told(space.check().await), Vec::<String>::new());
    apply(&*space, changes().write(Write::PurgeTopicStore(store.id))).await;
    assert_eq!(told(space.passages(&store.scope.segment(), None, 10).await), []);
    assert_eq!(told(space.loose_ends().await), LooseEnds::default());
}

/// At the version that they are of; a mending of a topic that has changed since is passed over.
pub async fn mended_passages_of_a_topic_stand_in_the_place_of_the_old(place: &dyn StorePlace) {
    let space = open(place).await;
    let store = a_store(&*space, "notes").await;
    let first = a_topic(&store, "/a.md", "Ana likes tea");
    let second = next_topic(&first, "/a.md", "Ana likes coffee", minute(1));
    apply(&*space, put(&store, &first)).await;
    apply(&*space, put(&store, &second)).await;
    let owner = Owner::Topic(first.head.id);
    let mend = |version, seen, topic: &Topic| {
        let retired_at = (version == 1).then(|| minute(1));
        let passage = |passage| Passage { speaker: Some("Ana".into()), retired_at, ..passage };
        let passages = topic_passages(&store, topic, None).into_iter().map(passage).collect();
        changes().write(Write::MendPassages { owner, version, seen, passages })
    };
    apply(&*space, mend(1, 1, &first)).await;
    assert_eq!(speakers(&*space, &store).await, [None, None], "it was seen before it changed");
    apply(&*space, mend(1, 2, &first)).await;
    assert_eq!(speakers(&*space, &store).await, [None, Some("Ana".into())], "the second stands first now");
    apply(&*space, mend(2, 2, &second)).await;
    assert_eq!(speakers(&*space, &store).await, [Some("Ana".into()), Some("Ana".into())]);
    let held: Vec<_> =
        told(space.holdings(None, 10).await).iter().map(|held| (held.version, held.passages.len())).collect();
    assert_eq!(held, [(1, 1), (2, 1)]);
    apply(&*space, changes().at(minute(2)).write(Write::RedactTopicVersion(first.head.version))).await;
    apply(&*space, mend(1, 2, &first)).await;
    assert_eq!(told(space.passages(&store.scope.segment(), None, 10).await).len(), 1, "redacted for good");
    let removed = apply(&*space, changes().at(minute(3)).write(remove_topic(&second, minute(3)))).await;
    assert!(matches!(removed[..], [Outcome::Topic { number: 3, .. }]), "{removed:?}");
    let stored = told(space.passages(&store.scope.segment(), None, 10).await);
    assert_eq!(stored[0].passage.retired_at, Some(minute(3)));
    assert_eq!(told(space.loose_ends().await), LooseEnds::default());
    assert_eq!(told(space.check().await), Vec::<String>::new());
}

fn put(store: &TopicStore, topic: &Topic) -> ChangeSetBuilder {
    changes().at(topic.head.updated_at).write(put_cut_topic(topic, topic_passages(store, topic, None)))
}

async fn speakers(space: &dyn SpaceStore, store: &TopicStore) -> Vec<Option<String>> {
    let stored = told(space.passages(&store.scope.segment(), None, 10).await);
    stored.into_iter().map(|stored| stored.passage.speaker.map(|name| name.to_string())).collect()
}
