//! Stores destroyed: 30 days after they were deleted, by erasing them, or their scope.

use dreamkeeper_domain::ports::TopicRecords;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::{EraseTarget, Maintained, VerbError};
use jiff::SignedDuration;

use crate::topics::{Notes, notes};

async fn maintain(notes: &Notes, dry_run: bool) -> Maintained {
    let house = &notes.house;
    house.engine.maintain(&house.operator, dry_run, &|_| ()).await.expect("maintained")
}

async fn is_there(notes: &Notes) -> bool {
    let space = notes.house.store.space_of(notes.house.local.space);
    space.topic_store(notes.store.id).await.expect("read").is_some()
}

#[tokio::test]
async fn a_deleted_store_is_destroyed_after_its_days_and_not_before() {
    let notes = notes().await;
    let topic = notes.create("/a.md", "x").await;
    let (house, id) = (&notes.house, notes.store.id);
    house.engine.delete_topic_store(&house.local, id).await.expect("hidden");
    house.clock.advance(SignedDuration::from_hours(24 * 30));
    assert!(maintain(&notes, false).await.stores_purged.is_empty());
    house.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(maintain(&notes, true).await.stores_purged, [id]);
    assert!(is_there(&notes).await, "a dry run destroys nothing");
    assert_eq!(maintain(&notes, false).await.stores_purged, [id]);
    assert!(!is_there(&notes).await);
    let space = house.store.space_of(house.local.space);
    assert!(space.topic_version(topic.head.version).await.expect("read").is_none());
    let back = house.engine.undelete_topic_store(&house.local, id).await;
    assert!(matches!(back, Err(VerbError::NotFound { .. })), "{back:?}");
    assert!(maintain(&notes, false).await.stores_purged.is_empty());
}

#[tokio::test]
async fn erasing_takes_a_store_at_once() {
    let notes = notes().await;
    notes.create("/a.md", "x").await;
    let (house, target) = (&notes.house, EraseTarget::TopicStore(notes.store.id));
    let refused = house.engine.erase(&house.local, target.clone(), None).await;
    assert!(matches!(refused, Err(VerbError::Forbidden { .. })), "{refused:?}");
    let erased = house.engine.erase(&house.operator, target.clone(), None).await.expect("erased");
    assert_eq!((erased.store_count, is_there(&notes).await), (1, false));
    let again = house.engine.erase(&house.operator, target, None).await;
    assert!(matches!(again, Err(VerbError::NotFound { what: "topic store", .. })), "{again:?}");
}

#[tokio::test]
async fn erasing_a_scope_takes_its_stores_hidden_ones_too() {
    for is_hidden in [false, true] {
        let notes = notes().await;
        let house = &notes.house;
        if is_hidden {
            house.engine.delete_topic_store(&house.local, notes.store.id).await.expect("hidden");
        }
        let erase = async |user: &str| {
            let target = EraseTarget::Scope(Scope::user(user));
            house.engine.erase(&house.operator, target, None).await.expect("erased").store_count
        };
        assert_eq!((erase("bo").await, is_there(&notes).await), (0, true));
        assert_eq!((erase("ana").await, is_there(&notes).await), (1, false));
    }
}
