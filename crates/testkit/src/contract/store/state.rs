//! State: compare and set, exact scopes, history, and what a snapshot serves.

use dreamkeeper_domain::changeset::{ApplyError, Expected, Outcome, Write};
use dreamkeeper_domain::filter::{Field, Filter, Test};
use dreamkeeper_domain::limits::{PINNED_RECALL_COUNT_MAX, STATE_RECALL_COUNT_MAX};
use dreamkeeper_domain::memory::Status;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::ports::{PinTest, Snapshot, SnapshotQuery};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::state::StateEntry;
use dreamkeeper_domain::version::Operation;
use serde_json::json;

use super::{StorePlace, apply, open, refuse, told};
use crate::builders::{MemoryBuilder, a_memory, a_scope, an_actor, changes, minute};

/// A value is set only over the version that its writer has seen.
pub async fn state_is_compared_and_set(place: &dyn StorePlace) {
    let space = open(place).await;
    let scope = a_scope("ana", &[]);
    let set = |value, expected| changes().state(&scope, "plan", Some(json!(value)), expected);
    assert_eq!(told(space.state(&scope, "plan").await), None);
    assert_eq!(apply(&*space, set("free", Expected::Absent)).await, [Outcome::State { version: 1 }]);
    for expected in [Expected::Absent, Expected::Version(2), Expected::Version(0)] {
        let error = refuse(&*space, set("stolen", expected)).await;
        let ApplyError::VersionConflict { found, record, .. } = &error else { panic!("{error:?}") };
        assert_eq!(*found, 1, "with {expected:?}");
        assert!(record.contains("plan"), "`{record}` names the key");
    }
    assert_eq!(apply(&*space, set("pro", Expected::Version(1))).await, [Outcome::State { version: 2 }]);
    assert_eq!(apply(&*space, set("team", Expected::Any)).await, [Outcome::State { version: 3 }]);
    let entry = told(space.state(&scope, "plan").await).expect("the key has a value");
    assert_eq!((entry.value, entry.version), (Some(json!("team")), 3));
    let error = refuse(&*space, changes().state(&scope, "other", Some(json!(1)), Expected::Version(1))).await;
    let absent = matches!(&error, ApplyError::NotFound { .. } | ApplyError::VersionConflict { found: 0, .. });
    assert!(absent, "a version of nothing is not found: {error:?}");
    assert_eq!(told(space.state(&scope, "other").await), None);
}

/// An entry belongs to one exact scope, labels included.
pub async fn state_of_two_exact_scopes_never_meets(place: &dyn StorePlace) {
    let space = open(place).await;
    let ana = a_scope("ana", &[]);
    let scopes = [
        Scope::default(),
        ana.clone(),
        a_scope("ana", &["x"]),
        a_scope("ana", &["x", "y"]),
        a_scope("bo", &[]),
        Scope { agent: Some("ana".into()), ..Scope::default() },
        Scope { app: Some("x".into()), ..ana.clone() },
        Scope { run: Some("x".into()), ..ana.clone() },
    ];
    for (number, scope) in scopes.iter().enumerate() {
        let write = changes().state(scope, "plan", Some(json!({"number": number})), Expected::Absent);
        assert_eq!(apply(&*space, write).await, [Outcome::State { version: 1 }], "{scope:?}");
    }
    for (number, scope) in scopes.iter().enumerate() {
        let entry = told(space.state(scope, "plan").await).expect("each scope has its own");
        let expected = StateEntry {
            scope: scope.clone(),
            key: "plan".into(),
            value: Some(json!({"number": number})),
            version: 1,
            updated_at: minute(0),
            actor: an_actor(),
            reason: None,
        };
        assert_eq!(entry, expected);
        assert_eq!(told(space.state_versions(scope, "plan").await).len(), 1);
    }
    assert_eq!(told(space.state(&a_scope("ana", &["y"]), "plan").await), None);
}

/// Removing leaves an entry without a value, which is not listed; versions go on.
pub async fn a_removed_key_is_kept_with_its_history(place: &dyn StorePlace) {
    let space = open(place).await;
    let scope = a_scope("ana", &[]);
    apply(&*space, changes().state(&scope, "plan", Some(json!("pro")), Expected::Absent)).await;
    let removal = changes().at(minute(1)).state(&scope, "plan", None, Expected::Version(1));
    assert_eq!(apply(&*space, removal).await, [Outcome::State { version: 2 }]);
    let entry = told(space.state(&scope, "plan").await).expect("a removed key is still told of");
    assert_eq!((entry.value, entry.version, entry.updated_at), (None, 2, minute(1)));
    assert_eq!(told(space.list_state(&scope).await), []);
    assert_eq!(told(space.snapshot(&of(&scope, None)).await).state, []);
    let again = changes().state(&scope, "plan", Some(json!(null)), Expected::Any);
    assert_eq!(apply(&*space, again).await, [Outcome::State { version: 3 }], "no version is used twice");
    let entry = told(space.state(&scope, "plan").await).expect("the key has a value");
    assert_eq!(entry.value, Some(json!(null)), "a null is a value");
    assert_eq!(told(space.list_state(&scope).await), [entry]);
    assert_eq!(told(space.state_versions(&scope, "plan").await).len(), 3);
}

/// The same as for memories.
pub async fn state_versions_tell_what_who_when_and_why(place: &dyn StorePlace) {
    let space = open(place).await;
    let scope = a_scope("ana", &["home"]);
    let steps = [
        (Some(json!({"a": [1, 2.5, null]})), Operation::Create, None),
        (Some(json!("text")), Operation::Update, Some("moved on")),
        (None, Operation::Remove, Some("not needed")),
    ];
    for (number, (value, _, reason)) in steps.iter().enumerate() {
        let write = dreamkeeper_domain::changeset::Write::PutState {
            scope: scope.clone(),
            key: "plan".into(),
            value: value.clone(),
            expected: Expected::Any,
            reason: reason.map(str::to_owned),
        };
        apply(&*space, changes().at(minute(number as i64)).write(write)).await;
    }
    let versions = told(space.state_versions(&scope, "plan").await);
    assert_eq!(versions.len(), steps.len());
    for (number, ((value, operation, reason), version)) in steps.into_iter().zip(versions).enumerate() {
        assert_eq!((version.number as usize, version.operation), (number + 1, operation));
        assert_eq!((version.actor, version.at), (an_actor(), minute(number as i64)));
        assert_eq!(version.reason.as_deref(), reason);
        let content = version.content.expect("nothing was erased");
        let entry: StateEntry = serde_json::from_value(content).expect("the whole entry");
        assert_eq!((entry.scope, entry.key, entry.value), (scope.clone(), "plan".into(), value));
    }
    assert_eq!(told(space.state_versions(&scope, "other").await), []);
}

/// Under a scope as for any record: what is not given does not restrict.
pub async fn state_is_listed_by_key_under_a_scope(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, home, bo) = (a_scope("ana", &[]), a_scope("ana", &["home"]), a_scope("bo", &[]));
    for (scope, key) in [(&ana, "b"), (&bo, "a"), (&home, "c"), (&ana, "a"), (&home, "A")] {
        apply(&*space, changes().state(scope, key, Some(json!(key)), Expected::Absent)).await;
    }
    let check = async |scope: &Scope, expected: &[&str]| {
        let entries = told(space.list_state(scope).await);
        assert!(entries.iter().all(|entry| scope.covers(&entry.scope)));
        assert_eq!(entries.iter().map(|entry| entry.key.as_str()).collect::<Vec<_>>(), expected);
    };
    check(&ana, &["A", "a", "b", "c"]).await;
    check(&home, &["A", "c"]).await;
    check(&bo, &["a"]).await;
    check(&Scope::default(), &["A", "a", "a", "b", "c"]).await;
    check(&a_scope("nobody", &[]), &[]).await;
}

/// What an erase has to go through: removed keys tell what they were, erased ones tell nothing.
pub async fn state_keys_are_those_that_have_content(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, home, bo) = (a_scope("ana", &[]), a_scope("ana", &["home"]), a_scope("bo", &[]));
    let places = [(&ana, "set"), (&ana, "removed"), (&ana, "erased"), (&home, "set"), (&bo, "set")];
    for (scope, key) in places {
        apply(&*space, changes().state(scope, key, Some(json!(key)), Expected::Absent)).await;
    }
    apply(&*space, changes().state(&ana, "removed", None, Expected::Any)).await;
    let erase = |key: &str| Write::EraseState { scope: ana.clone(), key: key.into(), reason: None };
    apply(&*space, changes().write(erase("erased"))).await;
    let check = async |scope: &Scope, expected: &[(&Scope, &str)]| {
        let mut found = told(space.state_keys(scope).await);
        found.sort();
        let mut expected: Vec<(Scope, String)> =
            expected.iter().map(|(of, key)| ((*of).clone(), (*key).to_owned())).collect();
        expected.sort();
        assert_eq!(found, expected, "under {scope:?}");
    };
    check(&ana, &[(&ana, "set"), (&ana, "removed"), (&home, "set")]).await;
    check(&home, &[(&home, "set")]).await;
    check(&Scope::default(), &[(&ana, "set"), (&ana, "removed"), (&home, "set"), (&bo, "set")]).await;
    check(&a_scope("nobody", &[]), &[]).await;
    apply(&*space, changes().writes([erase("removed"), erase("set")])).await;
    apply(&*space, changes().state(&ana, "erased", Some(json!("again")), Expected::Absent)).await;
    check(&ana, &[(&ana, "erased"), (&home, "set")]).await;
}

/// State by key, pinned active memories newest change first, each up to its bound.
pub async fn a_snapshot_serves_state_and_pinned_memories(place: &dyn StorePlace) {
    let space = open(place).await;
    let (ana, bo) = (a_scope("ana", &[]), a_scope("bo", &[]));
    assert_eq!(told(space.snapshot(&of(&ana, None)).await), Snapshot::default());
    let (mut keys, mut pinned) = (Vec::new(), Vec::new());
    let mut set = changes();
    for number in 0..STATE_RECALL_COUNT_MAX + 3 {
        keys.push(format!("key {number:03}"));
        set = set.state(&ana, &keys[number], Some(json!(number)), Expected::Absent);
    }
    for number in 0..PINNED_RECALL_COUNT_MAX + 3 {
        let memory = a_memory("pinned").scope(ana.clone()).pinned().at(minute(number as i64));
        pinned.push(memory.clone().build());
        set = set.write(memory.write());
    }
    for memory in [
        a_memory("not pinned").scope(ana.clone()).at(minute(999)),
        a_memory("not active").scope(ana.clone()).pinned().status(Status::Forgotten).at(minute(999)),
        a_memory("not hers").scope(bo.clone()).pinned().at(minute(999)),
    ] {
        set = set.write(memory.write());
    }
    apply(&*space, set.state(&bo, "his", Some(json!(1)), Expected::Absent)).await;
    let snapshot = told(space.snapshot(&of(&ana, None)).await);
    let served: Vec<&str> = snapshot.state.iter().map(|entry| entry.key.as_str()).collect();
    assert_eq!(served, keys[..STATE_RECALL_COUNT_MAX], "the first keys, in order");
    pinned.reverse();
    pinned.truncate(PINNED_RECALL_COUNT_MAX);
    assert_eq!(snapshot.pinned, pinned, "the latest changed, in order");
}

/// What a scope is served, now or at a moment, with every pin.
fn of(scope: &Scope, as_of: Option<jiff::Timestamp>) -> SnapshotQuery {
    SnapshotQuery { scope: scope.clone(), as_of, ..SnapshotQuery::default() }
}

/// Pins that are not asked for take no place of one that is.
pub async fn pins_are_tested_before_they_are_cut(place: &dyn StorePlace) {
    let space = open(place).await;
    let ana = a_scope("ana", &[]);
    let wanted = a_memory("wanted").scope(ana.clone()).pinned().build();
    let mut set = changes().write(MemoryBuilder::from(wanted.clone()).write());
    for number in 0..PINNED_RECALL_COUNT_MAX + 3 {
        let other =
            a_memory("other").scope(ana.clone()).pinned().at(minute(1)).with(|memory| match number % 4 {
                0 => memory.origin = Origin::Tool,
                1 => memory.expires_at = Some(minute(50)),
                2 => memory.validity.from = Some(minute(200)),
                _ => memory.categories = ["other".to_owned()].into(),
            });
        set = set.write(other.write());
    }
    apply(&*space, set.at(minute(1))).await;
    let is_other = Filter::Where(Field::Categories, Test::Eq(json!("other")));
    let pins = PinTest {
        min_origin: Some(Origin::User),
        valid_at: Some(minute(100)),
        unexpired_at: Some(minute(100)),
        filter: Some(Filter::Not(Box::new(is_other))),
    };
    for as_of in [None, Some(minute(100))] {
        let query = SnapshotQuery { pins: pins.clone(), ..of(&ana, as_of) };
        assert_eq!(told(space.snapshot(&query).await).pinned, std::slice::from_ref(&wanted), "{as_of:?}");
        let all = told(space.snapshot(&of(&ana, as_of)).await).pinned;
        assert_eq!(all.len(), PINNED_RECALL_COUNT_MAX);
        assert!(!all.contains(&wanted), "the others are newer");
    }
}

/// Values, pins and statuses of the past, also of what is gone since.
pub async fn a_snapshot_as_of_a_moment_serves_what_was_recorded_then(place: &dyn StorePlace) {
    let space = open(place).await;
    let scope = a_scope("ana", &[]);
    let first = a_memory("Ana likes tea").scope(scope.clone()).pinned().at(minute(10)).build();
    let second = MemoryBuilder::next(&first, minute(20)).text("Ana likes coffee").build();
    let third = MemoryBuilder::next(&second, minute(30)).status(Status::Forgotten).build();
    let state = |when, value| changes().at(minute(when)).state(&scope, "plan", value, Expected::Any);
    let create = MemoryBuilder::from(first.clone()).write();
    apply(&*space, state(10, Some(json!("free"))).write(create)).await;
    let update = MemoryBuilder::from(second.clone()).write_next(Operation::Update);
    apply(&*space, state(20, Some(json!("pro"))).write(update)).await;
    let forget = MemoryBuilder::from(third).write_next(Operation::Forget);
    apply(&*space, state(30, None).write(forget)).await;

    let at = async |when| {
        let snapshot = told(space.snapshot(&of(&scope, Some(minute(when)))).await);
        (snapshot.state.into_iter().map(|entry| entry.value).collect::<Vec<_>>(), snapshot.pinned)
    };
    assert_eq!(at(9).await, (vec![], vec![]));
    assert_eq!(at(10).await, (vec![Some(json!("free"))], vec![first.clone()]));
    assert_eq!(at(19).await, (vec![Some(json!("free"))], vec![first]));
    assert_eq!(at(20).await, (vec![Some(json!("pro"))], vec![second]));
    assert_eq!(at(30).await, (vec![], vec![]));
    assert_eq!(told(space.snapshot(&of(&scope, None)).await), Snapshot::default());
}
