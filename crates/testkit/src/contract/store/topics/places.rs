//! Places: paths are unique when a whole ChangeSet is written, and a store holds so many.

use dreamkeeper_domain::changeset::{ApplyError, Write};
use dreamkeeper_domain::limits::{CHANGESET_WRITES_MAX, STORE_TOPICS_MAX};
use dreamkeeper_domain::ports::TopicQuery;
use dreamkeeper_domain::topic::Topic;

use super::{StorePlace, a_store, apply, listing, open, paths, refuse, told, write};
use crate::builders::{a_topic, changes, minute, next_topic, put_topic, remove_topic};

/// Paths are compared when the whole ChangeSet is written.
pub async fn two_topics_never_share_a_path_but_may_change_places(place: &dyn StorePlace) {
    let space = open(place).await;
    let (store, other) = (a_store(&*space, "notes").await, a_store(&*space, "other").await);
    let (one, two) = (a_topic(&store, "/a.md", "one"), a_topic(&store, "/b.md", "two"));
    write(&*space, &one).await;
    write(&*space, &two).await;
    write(&*space, &a_topic(&other, "/a.md", "elsewhere")).await;
    let taken = |error: ApplyError, path: &str, topic: &Topic| {
        let expected = ApplyError::PathTaken { path: path.into(), topic: topic.head.id };
        assert_eq!(error, expected);
    };
    let mut new = a_topic(&store, "/a.md", "new");
    taken(refuse(&*space, changes().write(put_topic(&new))).await, "/a.md", &one);
    let renamed = next_topic(&two, "/a.md", "two", minute(1));
    taken(refuse(&*space, changes().write(put_topic(&renamed))).await, "/a.md", &one);
    let swapped = next_topic(&one, "/b.md", "one", minute(1));
    apply(&*space, changes().at(minute(1)).writes([put_topic(&renamed), put_topic(&swapped)])).await;
    assert_eq!(told(space.topic_at(store.id, "/a.md").await), Some(renamed.clone()));
    assert_eq!(told(space.topic_at(store.id, "/b.md").await), Some(swapped));
    (new.head.created_at, new.head.updated_at) = (minute(2), minute(2));
    let freed = changes().at(minute(2)).write(remove_topic(&renamed, minute(2))).write(put_topic(&new));
    apply(&*space, freed).await;
    assert_eq!(told(space.topic_at(store.id, "/a.md").await), Some(new));
}

/// And takes a new one for one that goes away.
pub async fn a_full_store_takes_edits_and_no_new_topics(place: &dyn StorePlace) {
    let space = open(place).await;
    let store = a_store(&*space, "notes").await;
    let first = a_topic(&store, "/first", "");
    write(&*space, &first).await;
    let rest: Vec<Write> =
        (1..STORE_TOPICS_MAX).map(|count| put_topic(&a_topic(&store, &format!("/{count}"), ""))).collect();
    for some in rest.chunks(CHANGESET_WRITES_MAX) {
        apply(&*space, changes().writes(some.to_vec())).await;
    }
    let over = refuse(&*space, changes().write(put_topic(&a_topic(&store, "/over", "")))).await;
    let (count, max) = (STORE_TOPICS_MAX + 1, STORE_TOPICS_MAX);
    assert_eq!(over, ApplyError::StoreFull { store: store.id, count, max });
    let edited = next_topic(&first, "/first", "edited", minute(1));
    write(&*space, &edited).await;
    let exchanged = [put_topic(&a_topic(&store, "/over", "")), remove_topic(&edited, minute(2))];
    apply(&*space, changes().at(minute(2)).writes(exchanged)).await;
    assert_eq!(told(space.topic_sums(store.id).await).0, STORE_TOPICS_MAX);
}

/// In the order of the bytes of their paths.
pub async fn topics_are_listed_by_path_under_a_prefix(place: &dyn StorePlace) {
    let space = open(place).await;
    let store = a_store(&*space, "notes").await;
    for path in ["/b/x", "/a", "/b/c/y", "/b-side", "/é", "/b/\u{10ffff}", "/Z"] {
        write(&*space, &a_topic(&store, path, path)).await;
    }
    let all = ["/Z", "/a", "/b-side", "/b/c/y", "/b/x", "/b/\u{10ffff}", "/é"];
    let query = listing(store.id);
    assert_eq!(paths(&*space, &query).await, all);
    let under_b = TopicQuery { prefix: Some("/b/".into()), ..query.clone() };
    assert_eq!(paths(&*space, &under_b).await, ["/b/c/y", "/b/x", "/b/\u{10ffff}"]);
    let after = TopicQuery { after_path: Some("/b/x".into()), limit: 1, ..under_b };
    assert_eq!(paths(&*space, &after).await, ["/b/\u{10ffff}"]);
    let after = TopicQuery { after_path: Some("/a".into()), limit: 2, ..query };
    assert_eq!(paths(&*space, &after).await, ["/b-side", "/b/c/y"]);
}
