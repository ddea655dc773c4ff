//! Stores of topics: bounds, patches, archived for good, hidden and brought back.

use std::collections::BTreeMap;

use dreamkeeper_domain::changeset::ApplyError;
use dreamkeeper_domain::ports::StoreQuery;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::VerbError;
use dreamkeeper_engine::topics::{NewTopicStore, TopicStorePatch};
use jiff::SignedDuration;

use crate::topics::{Notes, notes};

fn named(name: &str) -> NewTopicStore {
    NewTopicStore { name: name.to_owned(), ..NewTopicStore::default() }
}

async fn names(notes: &Notes, query: StoreQuery) -> Vec<String> {
    let page = notes.house.engine.list_topic_stores(&notes.house.local, query).await.expect("listed");
    page.items.into_iter().map(|store| store.name).collect()
}

#[tokio::test]
async fn names_descriptions_and_metadata_have_bounds() {
    let notes = notes().await;
    let house = &notes.house;
    let many: BTreeMap<String, String> = (0..17).map(|at| (at.to_string(), String::new())).collect();
    let pair = |key: String, value: String| BTreeMap::from([(key, value)]);
    let bad = [
        named(""),
        named("a\u{7}"),
        named(&"é".repeat(256)),
        NewTopicStore { description: "x".repeat(1_025), ..named("a") },
        NewTopicStore { metadata: many, ..named("a") },
        NewTopicStore { metadata: pair("k".repeat(65), String::new()), ..named("a") },
        NewTopicStore { metadata: pair(String::new(), String::new()), ..named("a") },
        NewTopicStore { metadata: pair("k".to_owned(), "v".repeat(513)), ..named("a") },
    ];
    for new in bad {
        let made = house.engine.create_topic_store(&house.local, new.clone()).await;
        assert!(matches!(made, Err(VerbError::Invalid { .. })), "{new:?}");
    }
    for name in ["é".repeat(255), "House".to_owned()] {
        house.engine.create_topic_store(&house.local, named(&name)).await.expect("names are not unique");
    }
}

#[tokio::test]
async fn a_patch_changes_what_it_names() {
    let notes = notes().await;
    let house = &notes.house;
    let set = |key: &str, value: Option<&str>| (key.to_owned(), value.map(str::to_owned));
    let first = TopicStorePatch {
        description: Some("What we know of the house".to_owned()),
        metadata: [set("team", Some("home")), set("x", Some("1"))].into(),
        ..TopicStorePatch::default()
    };
    house.clock.advance(SignedDuration::from_secs(5));
    let id = notes.store.id;
    let store = house.engine.update_topic_store(&house.local, id, first).await.expect("changed");
    assert_eq!((store.version, store.name.as_str(), store.metadata.len()), (2, "House", 2));
    assert!(store.updated_at > store.created_at);
    let second = TopicStorePatch {
        description: Some(String::new()),
        metadata: [set("x", None), set("none", None)].into(),
        expected_version: Some(2),
        ..TopicStorePatch::default()
    };
    let store = house.engine.update_topic_store(&house.local, id, second.clone()).await.expect("changed");
    assert_eq!((store.description.as_str(), store.metadata.len()), ("", 1));
    let same = house.engine.update_topic_store(&house.local, id, TopicStorePatch::default()).await;
    assert_eq!(same.expect("read").version, 3, "nothing differs");
    let stale = house.engine.update_topic_store(&house.local, id, second).await.unwrap_err();
    assert!(matches!(stale, VerbError::Apply(ApplyError::VersionConflict { .. })), "{stale}");
    notes.house.clock.advance(SignedDuration::from_secs(60));
    notes.create("/a", "x").await;
    let after = house.engine.topic_store(&house.local, id).await.expect("there");
    assert_eq!(after.updated_at, store.updated_at, "writes of topics leave the store");
}

#[tokio::test]
async fn an_archived_store_is_read_only_for_good() {
    let notes = notes().await;
    notes.create("/a", "x").await;
    let (house, id) = (&notes.house, notes.store.id);
    let archived = house.engine.archive_topic_store(&house.local, id).await.expect("archived");
    house.clock.advance(SignedDuration::from_secs(5));
    let again = house.engine.archive_topic_store(&house.local, id).await.expect("archived already");
    assert_eq!(archived, again);
    let closed = |error: VerbError| matches!(error, VerbError::Apply(ApplyError::StoreClosed(_)));
    assert!(closed(notes.try_create("/b", "x").await.unwrap_err()));
    assert!(closed(notes.update("/a", (Some("y"), None), None).await.unwrap_err()));
    assert!(closed(notes.delete("/a", None).await.unwrap_err()));
    let patch = TopicStorePatch { name: Some("New".to_owned()), ..TopicStorePatch::default() };
    assert!(closed(house.engine.update_topic_store(&house.local, id, patch).await.unwrap_err()));
    assert_eq!(notes.read("/a").await.expect("still read").content, "x");
    assert!(names(&notes, StoreQuery::default()).await.is_empty());
    assert_eq!(names(&notes, StoreQuery { archived: true, ..StoreQuery::default() }).await, ["House"]);
}

#[tokio::test]
async fn a_deleted_store_is_gone_until_it_is_brought_back() {
    let notes = notes().await;
    let topic = notes.create("/a", "x").await;
    let (house, id) = (&notes.house, notes.store.id);
    house.engine.delete_topic_store(&house.local, id).await.expect("hidden");
    let gone = |error: VerbError| matches!(error, VerbError::NotFound { what: "topic store", .. });
    assert!(gone(notes.read("/a").await.unwrap_err()));
    assert!(gone(house.engine.topic_store(&house.local, id).await.unwrap_err()));
    assert!(gone(house.engine.delete_topic_store(&house.local, id).await.unwrap_err()));
    let version = house.engine.topic_version(&house.local, id, topic.head.version).await;
    assert!(gone(version.unwrap_err()));
    assert!(names(&notes, StoreQuery { archived: true, ..StoreQuery::default() }).await.is_empty());
    house.engine.undelete_topic_store(&house.local, id).await.expect("brought back");
    assert_eq!(notes.read("/a").await, Ok(topic));
}

#[tokio::test]
async fn stores_are_listed_newest_first_by_scope_and_time() {
    let notes = notes().await;
    let house = &notes.house;
    let mut made_at = Vec::new();
    for name in ["one", "two"] {
        house.clock.advance(SignedDuration::from_secs(60));
        let made = house.engine.create_topic_store(&house.local, named(name)).await.expect("made");
        made_at.push(made.created_at);
    }
    assert_eq!(names(&notes, StoreQuery::default()).await, ["two", "one", "House"]);
    let of_ana = StoreQuery { scope: Scope::user("ana"), ..StoreQuery::default() };
    assert_eq!(names(&notes, of_ana).await, ["House"]);
    let between =
        StoreQuery { created_from: Some(made_at[0]), created_to: Some(made_at[0]), ..StoreQuery::default() };
    assert_eq!(names(&notes, between).await, ["one"], "both bounds are inclusive");
    let page = StoreQuery { limit: 2, ..StoreQuery::default() };
    let first = house.engine.list_topic_stores(&house.local, page).await.expect("listed");
    assert_eq!(first.items.len(), 2);
    let rest = StoreQuery { after: first.next, ..StoreQuery::default() };
    assert_eq!(names(&notes, rest).await, ["House"]);
}
