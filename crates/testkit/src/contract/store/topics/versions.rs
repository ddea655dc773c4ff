//! Versions: newest first, by every test, and what topics were at a moment.

use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::id::SessionId;
use dreamkeeper_domain::ports::{TopicQuery, TopicVersionQuery};
use dreamkeeper_domain::topic::TopicOperation::{Created, Deleted, Modified};

use super::{StorePlace, a_store, apply, listing, open, told, write};
use crate::builders::{
    a_topic, an_actor, changes, minute, next_id_bytes, next_topic, put_topic, remove_topic,
};

/// With what the topic was after it.
pub async fn every_change_is_a_version_newest_first(place: &dyn StorePlace) {
    let space = open(place).await;
    let store = a_store(&*space, "notes").await;
    let first = a_topic(&store, "/a.md", "one");
    let second = next_topic(&first, "/a.md", "two", minute(1));
    let third = next_topic(&second, "/b.md", "two", minute(2));
    for topic in [&first, &second, &third] {
        write(&*space, topic).await;
    }
    apply(&*space, changes().at(minute(3)).write(remove_topic(&third, minute(3)))).await;
    let query = TopicVersionQuery { topic: Some(first.head.id), limit: 10, ..Default::default() };
    let found = told(space.topic_versions(&query).await).items;
    let told: Vec<_> = found
        .iter()
        .map(|version| {
            (version.number, version.operation, version.path.as_deref(), version.content.as_deref())
        })
        .collect();
    assert_eq!(
        told,
        [
            (4, Deleted, Some("/b.md"), None),
            (3, Modified, Some("/b.md"), Some("two")),
            (2, Modified, Some("/a.md"), Some("two")),
            (1, Created, Some("/a.md"), Some("one")),
        ]
    );
    assert_eq!((found[0].hash, found[0].size), (None, None));
}

/// Every given test must hold.
pub async fn versions_are_found_by_every_test_and_paged(place: &dyn StorePlace) {
    let space = open(place).await;
    let (store, other) = (a_store(&*space, "notes").await, a_store(&*space, "other").await);
    let mut topics = Vec::new();
    for count in 0..5 {
        let of = if count == 4 { &other } else { &store };
        let mut topic = a_topic(of, &format!("/{count}.md"), "x");
        topic.head.updated_at = minute(count);
        write(&*space, &topic).await;
        topics.push(topic);
    }
    let session = SessionId::new(minute(0), next_id_bytes());
    let next = next_topic(&topics[0], "/0.md", "y", minute(9));
    let mut put = put_topic(&next);
    if let Write::PutTopic { note, .. } = &mut put {
        note.session = Some(session);
        note.reason = Some("she said so".into());
    }
    apply(&*space, changes().at(minute(9)).write(put)).await;
    let count = |query: TopicVersionQuery| {
        let space = space.clone();
        async move { told(space.topic_versions(&TopicVersionQuery { limit: 100, ..query }).await).items.len() }
    };
    let all = TopicVersionQuery::default;
    assert_eq!(count(all()).await, 6);
    assert_eq!(count(TopicVersionQuery { store: Some(store.id), ..all() }).await, 5);
    assert_eq!(count(TopicVersionQuery { topic: Some(topics[0].head.id), ..all() }).await, 2);
    let modified = TopicVersionQuery { operation: Some(Modified), ..all() };
    assert_eq!(count(modified).await, 1);
    let of_session = TopicVersionQuery { session: Some(session), limit: 9, ..all() };
    let found = told(space.topic_versions(&of_session).await).items;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].note.reason.as_deref(), Some("she said so"));
    assert_eq!(count(TopicVersionQuery { actor: Some(an_actor().to_string()), ..all() }).await, 6);
    assert_eq!(count(TopicVersionQuery { actor: Some("key:nobody".into()), ..all() }).await, 0);
    let between = TopicVersionQuery { from: Some(minute(1)), to: Some(minute(3)), ..all() };
    assert_eq!(count(between).await, 3);
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let query = TopicVersionQuery { store: Some(store.id), after, limit: 2, ..all() };
        let page = told(space.topic_versions(&query).await);
        seen.extend(page.items.into_iter().map(|version| (version.at, version.id)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted_by(|one, other| one > other), "{seen:?}");
}

/// By what was recorded up to the moment.
pub async fn as_of_sees_the_topics_of_then(place: &dyn StorePlace) {
    let space = open(place).await;
    let store = a_store(&*space, "notes").await;
    let first = a_topic(&store, "/a.md", "one");
    let second = next_topic(&first, "/b.md", "two", minute(2));
    write(&*space, &first).await;
    write(&*space, &second).await;
    apply(&*space, changes().at(minute(4)).write(remove_topic(&second, minute(4)))).await;
    for (moment, expected) in
        [(-1, None), (0, Some(&first)), (1, Some(&first)), (3, Some(&second)), (4, None)]
    {
        let as_of = Some(minute(moment));
        let found = told(space.topics(&[first.head.id], as_of).await);
        assert_eq!(found.first(), expected, "{moment}");
        let heads = told(space.topic_heads(&TopicQuery { as_of, ..listing(store.id) }).await);
        assert_eq!(heads.first(), expected.map(|topic| &topic.head), "{moment}");
    }
}
