//! The contract of [`ControlStore`].

use std::sync::Arc;

use async_trait::async_trait;
use dreamkeeper_domain::id::{KeyId, SpaceId};
use dreamkeeper_domain::key::{Key, Permission};
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::ports::{ControlStore, PortError, SpaceRecord};
use tokio::task::JoinSet;

use super::run_rules;
use crate::builders::{a_space, minute, next_id_bytes};

/// Where a control store under test keeps what it is told.
#[async_trait]
pub trait ControlPlace: Send + Sync {
    /// Opens the control store that is kept here. A rule drops what it opened before it opens again.
    async fn open(&self) -> Arc<dyn ControlStore>;
}

/// Runs every rule, each on a place that the factory makes anew.
pub async fn run_all<P: ControlPlace>(fresh: impl Fn() -> P) {
    use self as rules;
    run_rules!(fresh();
        rules::spaces_are_listed_by_name,
        rules::a_known_name_answers_the_space_that_has_it,
        rules::of_concurrent_spaces_of_one_name_one_is_recorded,
        rules::every_property_of_a_key_is_read_back,
        rules::a_key_is_found_by_its_hash_and_by_no_other,
        rules::keys_are_listed_newest_first,
        rules::revoked_and_expired_keys_are_still_told_of,
        rules::revoking_twice_keeps_the_first_time,
        rules::a_key_is_never_overwritten,
        rules::what_was_acknowledged_is_there_after_reopening,
    );
}

fn a_record(name: &str) -> SpaceRecord {
    SpaceRecord { id: a_space(), name: name.to_owned(), created_at: minute(0) }
}

async fn a_recorded_space(control: &dyn ControlStore) -> SpaceId {
    told(control.create_space(a_record("a space")).await).id
}

fn a_key(space: SpaceId, hash: u8) -> Key {
    Key {
        id: KeyId::new(minute(0), next_id_bytes()),
        space,
        name: "laptop".into(),
        prefix: "dk_abc".into(),
        hash: [hash; 32],
        permissions: [Permission::Read, Permission::Write].into(),
        ceiling: Origin::User,
        created_at: minute(0),
        expires_at: None,
        revoked_at: None,
    }
}

/// Whatever the order they were made in.
pub async fn spaces_are_listed_by_name(place: &dyn ControlPlace) {
    let control = place.open().await;
    assert_eq!(told(control.spaces().await), []);
    let mut made = ["work", "Home", "home", "a'--"].map(a_record);
    for space in &made {
        assert_eq!(told(control.create_space(space.clone()).await), *space);
    }
    made.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(told(control.spaces().await), made);
}

/// Unchanged, so that two processes can make sure of a space.
pub async fn a_known_name_answers_the_space_that_has_it(place: &dyn ControlPlace) {
    let control = place.open().await;
    let first = told(control.create_space(a_record("home")).await);
    let second = SpaceRecord { created_at: minute(9), ..a_record("home") };
    assert_eq!(told(control.create_space(second).await), first);
    assert_eq!(told(control.spaces().await), [first]);
}

/// All are answered the same one.
pub async fn of_concurrent_spaces_of_one_name_one_is_recorded(place: &dyn ControlPlace) {
    let control = place.open().await;
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let control = Arc::clone(&control);
        tasks.spawn(async move { told(control.create_space(a_record("home")).await) });
    }
    let answers = tasks.join_all().await;
    let recorded = told(control.spaces().await);
    assert_eq!(recorded.len(), 1);
    assert!(answers.iter().all(|answer| *answer == recorded[0]), "{answers:?}");
}

/// Each permission and ceiling, times set and not set.
pub async fn every_property_of_a_key_is_read_back(place: &dyn ControlPlace) {
    let control = place.open().await;
    let space = a_recorded_space(&*control).await;
    let mut made = Vec::new();
    for (number, ceiling) in Origin::ALL.into_iter().enumerate() {
        let mut key = a_key(space, number as u8 + 1);
        key.ceiling = ceiling;
        key.permissions = Permission::ALL.into_iter().skip(number).collect();
        key.expires_at = (number % 2 == 0).then(|| minute(number as i64));
        key.name = format!("key ñ {number}");
        made.push(key);
    }
    made.push(Key { permissions: [].into(), prefix: String::new(), ..a_key(space, 99) });
    for key in &made {
        told(control.create_key(key.clone()).await);
        assert_eq!(told(control.key_by_hash(&key.hash).await).as_ref(), Some(key));
    }
    let mut listed = told(control.keys().await);
    listed.sort_by_key(|key| key.id);
    assert_eq!(listed, made);
}

/// All 32 bytes count.
pub async fn a_key_is_found_by_its_hash_and_by_no_other(place: &dyn ControlPlace) {
    let control = place.open().await;
    let space = a_recorded_space(&*control).await;
    let (one, other) = (a_key(space, 1), a_key(space, 2));
    told(control.create_key(one.clone()).await);
    told(control.create_key(other.clone()).await);
    assert_eq!(told(control.key_by_hash(&one.hash).await), Some(one.clone()));
    assert_eq!(told(control.key_by_hash(&other.hash).await), Some(other));
    let mut near = one.hash;
    near[31] ^= 1;
    assert_eq!(told(control.key_by_hash(&near).await), None);
    assert_eq!(told(control.key_by_hash(&[0; 32]).await), None);
}

/// By when they were made.
pub async fn keys_are_listed_newest_first(place: &dyn ControlPlace) {
    let control = place.open().await;
    let space = a_recorded_space(&*control).await;
    for (hash, when) in [(1, 5), (2, 9), (3, 1), (4, 7)] {
        told(control.create_key(Key { created_at: minute(when), ..a_key(space, hash) }).await);
    }
    let order: Vec<u8> = told(control.keys().await).iter().map(|key| key.hash[0]).collect();
    assert_eq!(order, [2, 4, 1, 3]);
}

/// Who may come in is the caller's question, asked of its own clock.
pub async fn revoked_and_expired_keys_are_still_told_of(place: &dyn ControlPlace) {
    let control = place.open().await;
    let space = a_recorded_space(&*control).await;
    let expired = Key { expires_at: Some(minute(-9_999)), ..a_key(space, 1) };
    let revoked = a_key(space, 2);
    told(control.create_key(expired.clone()).await);
    told(control.create_key(revoked.clone()).await);
    assert!(told(control.revoke_key(revoked.id, minute(3)).await));
    let revoked = Key { revoked_at: Some(minute(3)), ..revoked };
    assert_eq!(told(control.key_by_hash(&expired.hash).await), Some(expired));
    assert_eq!(told(control.key_by_hash(&revoked.hash).await), Some(revoked));
    assert_eq!(told(control.keys().await).len(), 2);
}

/// The record says since when the key has been shut; a key that is not there is said to be absent.
pub async fn revoking_twice_keeps_the_first_time(place: &dyn ControlPlace) {
    let control = place.open().await;
    let space = a_recorded_space(&*control).await;
    let (key, other) = (a_key(space, 1), a_key(space, 2));
    told(control.create_key(key.clone()).await);
    told(control.create_key(other.clone()).await);
    assert!(told(control.revoke_key(key.id, minute(3)).await));
    assert!(told(control.revoke_key(key.id, minute(8)).await));
    let found = told(control.key_by_hash(&key.hash).await).expect("the key is there");
    assert_eq!(found.revoked_at, Some(minute(3)));
    assert!(!told(control.revoke_key(a_key(space, 3).id, minute(3)).await), "there is no such key");
    assert_eq!(told(control.key_by_hash(&other.hash).await), Some(other), "no other key is revoked");
}

/// Neither its id nor its hash can be taken by another.
pub async fn a_key_is_never_overwritten(place: &dyn ControlPlace) {
    let control = place.open().await;
    let space = a_recorded_space(&*control).await;
    let key = a_key(space, 1);
    told(control.create_key(key.clone()).await);
    let same_id = Key { id: key.id, permissions: Permission::ALL.into(), ..a_key(space, 2) };
    let same_hash = Key { permissions: Permission::ALL.into(), ..a_key(space, 1) };
    for thief in [same_id, same_hash] {
        assert!(control.create_key(thief).await.is_err());
    }
    assert_eq!(told(control.keys().await), [key]);
}

/// Spaces, keys and revocations.
pub async fn what_was_acknowledged_is_there_after_reopening(place: &dyn ControlPlace) {
    let control = place.open().await;
    let space = a_recorded_space(&*control).await;
    let key = a_key(space, 1);
    told(control.create_key(key.clone()).await);
    told(control.create_key(a_key(space, 2)).await);
    told(control.revoke_key(key.id, minute(3)).await);
    let before = (told(control.spaces().await), told(control.keys().await));
    drop(control);
    let control = place.open().await;
    assert_eq!((told(control.spaces().await), told(control.keys().await)), before);
}

fn told<T>(answer: Result<T, PortError>) -> T {
    answer.expect("the control store answers")
}
