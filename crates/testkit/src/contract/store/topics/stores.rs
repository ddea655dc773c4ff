//! Stores of topics.

use dreamkeeper_domain::changeset::{ApplyError, Expected, Write};
use dreamkeeper_domain::ports::StoreQuery;
use dreamkeeper_domain::topic_store::TopicStore;

use super::{StorePlace, a_store, apply, open, refuse, told, write};
use crate::builders::{
    a_scope, a_topic, a_topic_store, changes, minute, next_topic, put_store, put_topic, remove_topic,
};

/// Neither deleted ones nor, unless asked for, archived ones.
pub async fn stores_are_read_back_and_listed_newest_first(place: &dyn StorePlace) {
    let space = open(place).await;
    let mut stores = Vec::new();
    for count in 0..4 {
        let scope = a_scope(if count == 3 { "bo" } else { "ana" }, &["work"]);
        let metadata = [("team".to_owned(), count.to_string())].into();
        let store = TopicStore {
            created_at: minute(count),
            scope,
            metadata,
            ..a_topic_store(&format!("store {count}"))
        };
        apply(&*space, changes().write(put_store(&store))).await;
        stores.push(store);
    }
    stores[0].archived_at = Some(minute(9));
    stores[1].deleted_at = Some(minute(9));
    for store in &mut stores[..2] {
        store.version = 2;
        let put = Write::PutTopicStore { store: Box::new(store.clone()), expected: Expected::Version(1) };
        apply(&*space, changes().write(put)).await;
    }
    for store in &stores {
        assert_eq!(told(space.topic_store(store.id).await).as_ref(), Some(store));
    }
    let ids = |query: StoreQuery| {
        let space = space.clone();
        async move {
            let page = told(space.topic_stores(&query).await);
            (page.items.into_iter().map(|store| store.id).collect::<Vec<_>>(), page.next)
        }
    };
    let all = StoreQuery { limit: 10, ..StoreQuery::default() };
    assert_eq!(ids(all.clone()).await.0, [stores[3].id, stores[2].id], "neither archived nor deleted");
    let archived = StoreQuery { archived: true, ..all.clone() };
    assert_eq!(ids(archived.clone()).await.0, [stores[3].id, stores[2].id, stores[0].id]);
    let of_ana = StoreQuery { scope: a_scope("ana", &[]), ..archived.clone() };
    assert_eq!(ids(of_ana).await.0, [stores[2].id, stores[0].id]);
    let between =
        StoreQuery { created_from: Some(minute(2)), created_to: Some(minute(2)), ..archived.clone() };
    assert_eq!(ids(between).await.0, [stores[2].id]);
    let (first, next) = ids(StoreQuery { limit: 2, ..archived.clone() }).await;
    let (second, end) = ids(StoreQuery { limit: 2, after: next, ..archived }).await;
    assert_eq!([first, second].concat(), [stores[3].id, stores[2].id, stores[0].id]);
    assert_eq!(end, None);
    assert_eq!(told(space.deleted_stores(minute(9)).await), []);
    assert_eq!(told(space.deleted_stores(minute(10)).await), [stores[1].id]);
    let error = refuse(
        &*space,
        changes().write(Write::PutTopicStore {
            store: Box::new(stores[2].clone()),
            expected: Expected::Version(7),
        }),
    )
    .await;
    assert!(matches!(error, ApplyError::VersionConflict { found: 1, .. }), "{error}");
}

/// Archived or deleted; reading goes on.
pub async fn a_closed_store_refuses_writes(place: &dyn StorePlace) {
    let space = open(place).await;
    let store = a_store(&*space, "notes").await;
    let topic = a_topic(&store, "/a.md", "one");
    write(&*space, &topic).await;
    let archived = TopicStore { archived_at: Some(minute(1)), ..store.clone() };
    let deleted = TopicStore { deleted_at: Some(minute(1)), ..store.clone() };
    for closed in [archived, deleted] {
        apply(&*space, changes().write(put_store(&closed))).await;
        for write in [
            put_topic(&a_topic(&store, "/b.md", "x")),
            put_topic(&next_topic(&topic, "/a.md", "y", minute(2))),
            remove_topic(&topic, minute(2)),
        ] {
            assert_eq!(refuse(&*space, changes().write(write)).await, ApplyError::StoreClosed(store.id));
        }
    }
    assert_eq!(told(space.topics(&[topic.head.id], None).await), [topic], "reading goes on");
}
