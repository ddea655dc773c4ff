//! Writing topics: each change is a version over the one that was expected.

use dreamkeeper_domain::changeset::{ApplyError, Expected, Outcome, Write};
use dreamkeeper_domain::topic::TopicOperation;

use super::{StorePlace, a_store, apply, listing, open, refuse, told, write};
use crate::builders::{
    a_topic, a_topic_store, an_actor, changes, minute, next_topic, put_topic, remove_topic,
};

/// Byte for byte.
pub async fn a_topic_is_read_back_by_id_and_by_path(place: &dyn StorePlace) {
    let space = open(place).await;
    let store = a_store(&*space, "notes").await;
    let topic = a_topic(&store, "/tea.md", "\u{feff}Ana drinks tea.\r\n\u{0}é");
    write(&*space, &topic).await;
    assert_eq!(told(space.topics(&[topic.head.id], None).await), std::slice::from_ref(&topic));
    assert_eq!(told(space.topic_at(store.id, "/tea.md").await), Some(topic.clone()));
    assert_eq!(told(space.topic_at(store.id, "/Tea.md").await), None, "case counts");
    assert_eq!(told(space.topic_heads(&listing(store.id)).await), std::slice::from_ref(&topic.head));
    assert_eq!(told(space.topic_sums(store.id).await), (1, u64::from(topic.head.size)));
    let version = told(space.topic_version(topic.head.version).await).expect("it was written");
    assert_eq!((version.content, version.hash), (Some(topic.content), Some(topic.head.hash)));
    assert_eq!((version.operation, version.actor), (TopicOperation::Created, an_actor()));
}

/// Its numbers go on where they were.
pub async fn a_removed_topic_is_gone_and_comes_back_under_its_id(place: &dyn StorePlace) {
    let space = open(place).await;
    let store = a_store(&*space, "notes").await;
    let topic = a_topic(&store, "/a.md", "one");
    write(&*space, &topic).await;
    let removal = apply(&*space, changes().at(minute(1)).write(remove_topic(&topic, minute(1)))).await;
    assert!(matches!(removal[..], [Outcome::Topic { number: 2, .. }]), "{removal:?}");
    assert_eq!(told(space.topics(&[topic.head.id], None).await), []);
    assert_eq!(told(space.topic_at(store.id, "/a.md").await), None);
    assert_eq!(told(space.topic_heads(&listing(store.id)).await), []);
    assert_eq!(told(space.topic_sums(store.id).await), (0, 0));
    let twice = refuse(&*space, changes().write(remove_topic(&topic, minute(2)))).await;
    assert!(matches!(twice, ApplyError::NotFound { .. }), "{twice}");
    let mut back = next_topic(&topic, "/c.md", "again", minute(3));
    back.head.number = 3;
    write(&*space, &back).await;
    assert_eq!(told(space.topics(&[topic.head.id], None).await), [back.clone()]);
    let version = told(space.topic_version(back.head.version).await).expect("it was written");
    assert_eq!((version.number, version.operation), (3, TopicOperation::Created));
}

/// And a store that is not there takes nothing.
pub async fn expected_versions_are_held_to(place: &dyn StorePlace) {
    let space = open(place).await;
    let store = a_store(&*space, "notes").await;
    let topic = a_topic(&store, "/a.md", "one");
    write(&*space, &topic).await;
    let again = refuse(&*space, changes().write(put_topic(&topic))).await;
    assert!(matches!(again, ApplyError::VersionConflict { found: 1, .. }), "{again}");
    let mut late = next_topic(&topic, "/a.md", "late", minute(1));
    late.head.number = 5;
    let late = refuse(&*space, changes().write(put_topic(&late))).await;
    assert!(matches!(late, ApplyError::VersionConflict { found: 1, .. }), "{late}");
    let unknown = a_topic(&a_topic_store("unknown"), "/a.md", "x");
    let error = refuse(&*space, changes().write(put_topic(&unknown))).await;
    assert!(matches!(error, ApplyError::NotFound { .. }), "{error}");
    let any = next_topic(&topic, "/a.md", "any", minute(1));
    let mut put = put_topic(&any);
    if let Write::PutTopic { expected, .. } = &mut put {
        *expected = Expected::Any;
    }
    let applied = apply(&*space, changes().at(minute(1)).write(put)).await;
    assert!(matches!(applied[..], [Outcome::Topic { number: 2, .. }]));
}
