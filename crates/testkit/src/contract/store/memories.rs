//! Memories: whole records, versions, and what stood at a moment.

use dreamkeeper_domain::actor::Actor;
use dreamkeeper_domain::changeset::{ApplyError, Expected, Outcome, Write};
use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::memory::{Kind, Memory, Status};
use dreamkeeper_domain::origin::{Origin, Via};
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::time::Interval;
use dreamkeeper_domain::version::Operation;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{StorePlace, apply, open, refuse, told};
use crate::builders::{MemoryBuilder, a_memory, a_message, a_scope, a_session, changes, minute};

/// Every property, none of them at its default.
pub async fn every_property_of_a_memory_is_read_back(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_session(a_scope("ana", &[]));
    let said = a_message("I moved to Faro in May").in_session(&session);
    let before = a_memory("Ana lives in Lisbon").scope(a_scope("ana", &[])).build();
    let rich = a_memory("Ana lives in Faro 猫").resting_on(&said.clone().build()).with(|memory| {
        memory.kind = Kind::OpenQuestion;
        memory.scope = a_scope("ana", &["home", "travel"]);
        memory.scope.run = Some("r-1".into());
        memory.origin = Origin::Assistant;
        memory.via = Via::Derived;
        memory.author = Actor::system("learn");
        memory.aliases = vec!["home town".into(), "Faro".into()];
        memory.categories = ["places".to_owned(), "life".to_owned()].into();
        memory.metadata =
            serde_json::Map::from_iter([("n".to_owned(), json!({"deep": [1, 2.5, null, "x"]}))]);
        memory.validity = Interval { from: Some(minute(-60)), to: Some(minute(600)) };
        memory.expires_at = Some(minute(60) + SignedDuration::from_micros(1));
        memory.pinned = true;
        memory.supersedes = Some(before.id);
        memory.superseded_by = Some(MemoryId::new(minute(0), [1; 10]));
        memory.created_at = minute(1) + SignedDuration::from_micros(999_999);
        memory.updated_at = memory.created_at;
    });
    let writes = [said.write(), put_new(&before), rich.clone().write()];
    let outcomes = apply(&*space, changes().open(&session).writes(writes)).await;
    let rich = rich.build();
    assert!(
        matches!(&outcomes[3], Outcome::Memory { id, version: 1, passages } if *id == rich.id && passages.len() == 1),
        "{:?}",
        outcomes[3]
    );
    let stranger = MemoryId::new(minute(0), [9; 10]);
    let mut both = told(space.memories(&[before.id, stranger, rich.id], None).await);
    both.sort_by_key(|memory| memory.id);
    assert_eq!(both, [before, rich], "whole, and unknown ids are left out");
}

/// Each version tells its number, operation, whole content, actor, time and reason; oldest first.
pub async fn versions_tell_what_who_when_and_why(place: &dyn StorePlace) {
    let space = open(place).await;
    let first = a_memory("Ana likes tea").scope(a_scope("ana", &[])).build();
    let second = MemoryBuilder::next(&first, minute(1)).text("Ana likes coffee").build();
    let third = MemoryBuilder::next(&second, minute(2)).status(Status::Forgotten).build();
    let steps = [
        (&first, Expected::Absent, Operation::Create, None, "ana"),
        (&second, Expected::Version(1), Operation::Update, Some("she changed her mind"), "bo"),
        (&third, Expected::Any, Operation::Forget, Some("asked to"), "cleo"),
    ];
    for (memory, expected, operation, reason, who) in steps {
        let write = Write::PutMemory {
            memory: Box::new(memory.clone()),
            expected,
            operation,
            reason: reason.map(str::to_owned),
            passages: None,
        };
        let mut set = changes().at(memory.updated_at).write(write).build();
        set.actor = Actor::operator(who);
        let outcomes = space.apply(set).await.expect("a sound ChangeSet is applied").outcomes;
        let version = memory.version;
        assert_eq!(outcomes, [Outcome::Memory { id: first.id, version, passages: Vec::new() }]);
    }
    let versions = told(space.memory_versions(first.id).await);
    assert_eq!(versions.len(), 3);
    for ((memory, _, operation, reason, who), version) in steps.into_iter().zip(versions) {
        let content = version.content.expect("nothing was erased");
        assert_eq!(serde_json::from_value::<Memory>(content).expect("a whole memory"), *memory);
        assert_eq!((version.number, version.operation), (memory.version, operation));
        assert_eq!((version.actor, version.at), (Actor::operator(who), memory.updated_at));
        assert_eq!(version.reason.as_deref(), reason);
    }
    assert_eq!(told(space.memory_versions(MemoryId::new(minute(0), [9; 10])).await), []);
}

/// A write that expects another version fails with the version that is there, and changes nothing.
pub async fn versions_conflict_is_reported_with_what_was_found(place: &dyn StorePlace) {
    let space = open(place).await;
    let first = a_memory("Ana likes tea").build();
    let second = MemoryBuilder::next(&first, minute(1)).text("Ana likes coffee").build();
    apply(&*space, changes().write(put_new(&first))).await;
    apply(&*space, changes().at(minute(1)).write(put(&second, Expected::Version(1)))).await;

    let late = MemoryBuilder::next(&first, minute(2)).text("Ana likes milk").build();
    for expected in [Expected::Version(1), Expected::Version(3), Expected::Absent] {
        let error = refuse(&*space, changes().at(minute(2)).write(put(&late, expected))).await;
        let ApplyError::VersionConflict { record, found, .. } = &error else { panic!("{error:?}") };
        assert_eq!(*found, 2, "with {expected:?}");
        assert!(record.contains(&first.id.to_string()), "`{record}` names the memory");
    }
    assert_eq!(told(space.memories(&[first.id], None).await), [second]);
    assert_eq!(told(space.memory_versions(first.id).await).len(), 2);

    let unknown = a_memory("nobody wrote this").build();
    let error = refuse(&*space, changes().write(put(&unknown, Expected::Version(1)))).await;
    let absent = matches!(&error, ApplyError::NotFound { .. } | ApplyError::VersionConflict { found: 0, .. });
    assert!(absent, "a version of nothing is not found: {error:?}");
    assert_eq!(told(space.memories(&[unknown.id], None).await), []);
}

/// The past is read as it was recorded then, at any moment between and on the changes.
pub async fn as_of_sees_what_was_recorded_then(place: &dyn StorePlace) {
    let space = open(place).await;
    let first = a_memory("Ana likes tea").at(minute(10)).build();
    let second = MemoryBuilder::next(&first, minute(20)).text("Ana likes coffee").pinned().build();
    let third = MemoryBuilder::next(&second, minute(30)).status(Status::Superseded).build();
    let other = a_memory("Bo likes milk").at(minute(25)).build();
    apply(&*space, changes().at(minute(10)).write(put_new(&first))).await;
    apply(&*space, changes().at(minute(20)).write(put(&second, Expected::Version(1)))).await;
    apply(&*space, changes().at(minute(25)).write(put_new(&other))).await;
    apply(&*space, changes().at(minute(30)).write(put(&third, Expected::Version(2)))).await;

    let moment = SignedDuration::from_micros(1);
    check_as_of(&*space, &[&first, &other], minute(10) - moment, &[]).await;
    check_as_of(&*space, &[&first, &other], minute(10), &[&first]).await;
    check_as_of(&*space, &[&first, &other], minute(20) - moment, &[&first]).await;
    check_as_of(&*space, &[&first, &other], minute(20), &[&second]).await;
    check_as_of(&*space, &[&first, &other], minute(25), &[&second, &other]).await;
    check_as_of(&*space, &[&first, &other], minute(30), &[&third, &other]).await;
    check_as_of(&*space, &[&other], minute(999), &[&other]).await;
}

async fn check_as_of(space: &dyn SpaceStore, asked: &[&Memory], moment: Timestamp, expected: &[&Memory]) {
    let ids: Vec<MemoryId> = asked.iter().map(|memory| memory.id).collect();
    let mut found = told(space.memories(&ids, Some(moment)).await);
    found.sort_by_key(|memory| memory.id);
    assert_eq!(found.iter().collect::<Vec<_>>(), expected, "as of {moment}");
}

/// Two versions of one memory in one ChangeSet: the second finds the first.
pub async fn writes_of_one_changeset_see_each_other(place: &dyn StorePlace) {
    let space = open(place).await;
    let first = a_memory("Ana likes tea").build();
    let second = MemoryBuilder::next(&first, minute(0)).text("Ana likes coffee").build();
    apply(&*space, changes().write(put_new(&first)).write(put(&second, Expected::Version(1)))).await;
    assert_eq!(told(space.memories(&[first.id], None).await), std::slice::from_ref(&second));
    assert_eq!(told(space.memory_versions(first.id).await).len(), 2);
    assert_eq!(
        told(space.memories(&[first.id], Some(minute(0))).await),
        [second],
        "of two versions of one moment the later counts"
    );
}

fn put_new(memory: &Memory) -> Write {
    put(memory, Expected::Absent)
}

fn put(memory: &Memory, expected: Expected) -> Write {
    let operation = if memory.version == 1 { Operation::Create } else { Operation::Update };
    let memory = Box::new(memory.clone());
    Write::PutMemory { memory, expected, operation, reason: None, passages: Some(Vec::new()) }
}
