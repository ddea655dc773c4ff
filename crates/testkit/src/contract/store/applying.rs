//! Applying: whole or not at all, alone in its failure, once under one name.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use dreamkeeper_domain::actor::Actor;
use dreamkeeper_domain::changeset::{ApplyError, ChangeSet, Expected, Outcome, Write};
use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::ports::{SnapshotQuery, SpaceStore};
use dreamkeeper_domain::version::Operation;
use serde_json::json;
use tokio::task::JoinSet;

use super::reading::{Asked, everything};
use super::{StorePlace, apply, open, refuse, told};
use crate::builders::{
    MemoryBuilder, a_memory, a_message, a_receipt, a_scope, a_session, a_session_at, changes, minute,
};

/// Whatever stands before or after the write that fails.
pub async fn a_failing_changeset_writes_nothing(place: &dyn StorePlace) {
    let space = open(place).await;
    let scope = a_scope("ana", &[]);
    let (session, new_session) = (a_session(scope.clone()), a_session_at(scope.clone(), minute(60)));
    let memory = a_memory("Ana likes tea").scope(scope.clone()).build();
    let said = a_message("one").in_session(&session);
    let first = changes()
        .open(&session)
        .writes([said.clone().write(), MemoryBuilder::from(memory.clone()).write()])
        .state(&scope, "plan", Some(json!("free")), Expected::Absent);
    apply(&*space, first).await;

    let (appended, created) = (a_message("two").in_session(&session), a_memory("new").scope(scope.clone()));
    let changed = MemoryBuilder::next(&memory, minute(1)).text("Ana likes coffee");
    let receipt = a_receipt(scope.clone(), Vec::new());
    let asked = Asked {
        messages: vec![said.clone().build().id, appended.clone().build().id],
        memories: vec![memory.id, created.clone().build().id],
        state: vec![(scope.clone(), "plan".into()), (scope.clone(), "other".into())],
        receipts: vec![receipt.id],
        moments: vec![minute(0), minute(1)],
    };
    let before = everything(&*space, &asked).await;
    let sound = changes()
        .at(minute(1))
        .open(&new_session)
        .writes([appended.write(), created.write(), changed.write_next(Operation::Update)])
        .state(&scope, "plan", Some(json!("pro")), Expected::Version(1))
        .state(&scope, "other", Some(json!(1)), Expected::Absent)
        .writes([
            Write::PutReceipt(Box::new(receipt)),
            Write::EraseMessage { id: said.build().id, reason: None },
        ]);
    let missing = Write::EraseMemory { id: MemoryId::new(minute(0), [9; 10]), reason: None };
    refuse(&*space, sound.clone().write(missing.clone())).await;
    assert_eq!(everything(&*space, &asked).await, before, "nothing of what stands before the failing write");
    refuse(&*space, changes().write(missing).writes(sound.clone().build().writes)).await;
    assert_eq!(everything(&*space, &asked).await, before, "nothing of what stands after it");
    apply(&*space, sound).await;
    assert_ne!(everything(&*space, &asked).await, before, "and without it all of it is applied");
}

/// ChangeSets that arrive at once may share one commit: the bad ones fail, with their own errors, and all
/// others stand.
pub async fn one_bad_member_fails_alone_in_a_group(place: &dyn StorePlace) {
    const COUNT: usize = 48;
    let space = open(place).await;
    let session = a_session(a_scope("ana", &[]));
    let memory = a_memory("Ana likes tea").scope(session.scope.clone()).build();
    apply(&*space, changes().open(&session).write(MemoryBuilder::from(memory.clone()).write())).await;
    let member = |number: usize| -> ChangeSet {
        let said = a_message(&format!("number {number}")).in_session(&session).write();
        let set = changes().write(said);
        let late = MemoryBuilder::next(&memory, minute(1)).with(|memory| memory.version = 10);
        let missing = Write::EraseMemory { id: MemoryId::new(minute(0), [9; 10]), reason: None };
        match number % 4 {
            1 => set.write(late.write_next(Operation::Update)).build(),
            3 => set.write(missing).build(),
            _ => set.build(),
        }
    };
    let answers = all_at_once(&space, (0..COUNT).map(member).collect()).await;
    let mut expected = BTreeSet::new();
    for (number, answer) in answers.into_iter().enumerate() {
        match (number % 4, answer) {
            (1, Err(ApplyError::VersionConflict { found: 1, .. }))
            | (3, Err(ApplyError::NotFound { .. })) => {}
            (0 | 2, Ok(outcomes)) => {
                assert!(matches!(outcomes[..], [Outcome::Appended { .. }]), "{outcomes:?}");
                expected.insert(format!("number {number}"));
            }
            (_, answer) => panic!("number {number} was answered {answer:?}"),
        }
    }
    let turns = told(space.turns(session.id, 0, 1_000).await);
    assert!(turns.iter().map(|turn| turn.ordinal).eq(0..expected.len() as u32), "no ordinal is missing");
    assert_eq!(turns.iter().map(Message::text).collect::<BTreeSet<_>>(), expected);
    assert_eq!(told(space.audit(0, 1_000).await).len(), 1 + expected.len(), "failures are not audited");
}

/// A read takes a ChangeSet whole or not at all, whenever it comes.
pub async fn no_read_sees_half_of_a_changeset(place: &dyn StorePlace) {
    let space = open(place).await;
    let scope = a_scope("ana", &[]);
    let both = |count: u32| {
        let value = Some(json!(count));
        changes().state(&scope, "one", value.clone(), Expected::Any).state(
            &scope,
            "other",
            value,
            Expected::Any,
        )
    };
    apply(&*space, both(0)).await;
    let mut writers = JoinSet::new();
    for number in 1..=12 {
        let (space, set) = (Arc::clone(&space), both(number).build());
        writers.spawn(async move { space.apply(set).await.expect("a sound ChangeSet is applied") });
    }
    let check = async || {
        let query = SnapshotQuery { scope: scope.clone(), ..SnapshotQuery::default() };
        let state = told(space.snapshot(&query).await).state;
        assert!(state.len() == 2 && state[0].value == state[1].value, "{state:?}");
        let listed = told(space.list_state(&scope).await);
        assert!(listed.len() == 2 && listed[0].version == listed[1].version, "{listed:?}");
    };
    for number in 13..=24 {
        // Step by step, with a read at every point at which an application can pause.
        let mut application = space.apply(both(number).build());
        while step(&mut application).await.is_none() {
            check().await;
            tokio::task::yield_now().await;
        }
        check().await;
    }
    writers.join_all().await;
    check().await;
    assert_eq!(told(space.state(&scope, "one").await).map(|entry| entry.version), Some(25));
}

/// A caller may stop waiting at any moment; what it asked for is then done or not, but never in part, and
/// nobody else is held up.
pub async fn a_caller_that_goes_away_leaves_a_whole_changeset_or_none(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_session(a_scope("ana", &[]));
    apply(&*space, changes().open(&session)).await;
    let scope = session.scope.clone();
    for number in 0..24 {
        let set = changes()
            .write(a_message(&format!("number {number}")).in_session(&session).write())
            .state(&scope, &format!("number {number}"), Some(json!(1)), Expected::Absent)
            .build();
        let mut application = space.apply(set);
        for _ in 0..number % 4 {
            if step(&mut application).await.is_some() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(application);
    }
    let last = changes().write(a_message("the last").in_session(&session).write());
    apply(&*space, last.state(&scope, "the last", Some(json!(1)), Expected::Absent)).await;
    let turns = told(space.turns(session.id, 0, 1_000).await);
    assert!(turns.iter().map(|turn| turn.ordinal).eq(0..turns.len() as u32));
    let said: BTreeSet<String> = turns.iter().map(Message::text).collect();
    let kept: BTreeSet<String> =
        told(space.list_state(&scope).await).into_iter().map(|entry| entry.key).collect();
    assert_eq!(said, kept, "each ChangeSet is there with both of its writes or with none");
    assert!(said.contains("the last"));
}

/// Compare and set holds under concurrency.
pub async fn of_concurrent_changes_to_one_version_one_wins(place: &dyn StorePlace) {
    let space = open(place).await;
    let scope = a_scope("ana", &[]);
    apply(&*space, changes().state(&scope, "count", Some(json!(0)), Expected::Absent)).await;
    for round in 1..=5_u32 {
        let bid = |bidder: u32| {
            let value = Some(json!({"round": round, "bidder": bidder}));
            changes().state(&scope, "count", value, Expected::Version(round)).build()
        };
        let answers = all_at_once(&space, (0..8).map(bid).collect()).await;
        let mut winners = Vec::new();
        for (bidder, answer) in answers.into_iter().enumerate() {
            match answer {
                Ok(outcomes) => {
                    assert_eq!(outcomes, [Outcome::State { version: round + 1 }]);
                    winners.push(bidder);
                }
                Err(ApplyError::VersionConflict { found, .. }) => assert_eq!(found, round + 1),
                Err(error) => panic!("{error:?}"),
            }
        }
        assert_eq!(winners.len(), 1, "in round {round}");
        let entry = told(space.state(&scope, "count").await).expect("the key has a value");
        assert_eq!(entry.value, Some(json!({"round": round, "bidder": winners[0]})));
    }
}

/// The same outcomes again, marked as a repetition, and nothing written.
pub async fn idempotency_keys_replay_the_first_answer(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_session(a_scope("ana", &[]));
    let memory = a_memory("Ana likes tea").scope(session.scope.clone());
    let set = changes()
        .idempotent("request 1", 7)
        .open(&session)
        .writes([a_message("one").in_session(&session).write(), memory.clone().write()])
        .state(&session.scope, "plan", Some(json!(1)), Expected::Absent);
    let first = apply(&*space, set.clone()).await;
    let asked = Asked { memories: vec![memory.build().id], ..Asked::default() };
    let before = everything(&*space, &asked).await;
    for _ in 0..2 {
        let again = space.apply(set.clone().build()).await.expect("a repetition is answered");
        assert!(again.replayed, "a repetition is told as one");
        assert_eq!(again.outcomes, first);
    }
    // What happened in between makes no difference: the answer is the first one's.
    apply(&*space, changes().state(&session.scope, "plan", Some(json!(2)), Expected::Version(1))).await;
    let late = space.apply(set.build()).await.expect("a repetition is answered");
    assert_eq!((late.replayed, late.outcomes), (true, first));
    apply(&*space, changes().state(&session.scope, "plan", Some(json!(1)), Expected::Version(2))).await;
    let after = everything(&*space, &asked).await;
    assert_ne!(after, before, "the changes in between stand");
    let entry = told(space.state(&session.scope, "plan").await).expect("the key has a value");
    assert_eq!(entry.version, 3, "and the repetitions wrote nothing");
    assert_eq!(told(space.turns(session.id, 0, 10).await).len(), 1);
}

/// One key, two digests: the second request is another one.
pub async fn an_idempotency_key_of_another_request_is_refused(place: &dyn StorePlace) {
    let space = open(place).await;
    let scope = a_scope("ana", &[]);
    let set = |key: &str, digest, value| {
        changes().idempotent(key, digest).state(&scope, "plan", Some(json!(value)), Expected::Any)
    };
    apply(&*space, set("request 1", 1, "free")).await;
    let error = refuse(&*space, set("request 1", 2, "pro")).await;
    assert_eq!(error, ApplyError::IdempotencyKeyReused("request 1".into()));
    let entry = told(space.state(&scope, "plan").await).expect("the key has a value");
    assert_eq!((entry.value, entry.version), (Some(json!("free")), 1));
    apply(&*space, set("request 2", 1, "pro")).await;
}

/// A request that failed may be tried again under its key.
pub async fn a_failed_changeset_leaves_its_idempotency_key_unused(place: &dyn StorePlace) {
    let space = open(place).await;
    let scope = a_scope("ana", &[]);
    let set =
        changes().idempotent("request 1", 1).state(&scope, "plan", Some(json!(2)), Expected::Version(1));
    refuse(&*space, set.clone()).await;
    apply(&*space, changes().state(&scope, "plan", Some(json!(1)), Expected::Absent)).await;
    assert_eq!(apply(&*space, set).await, [Outcome::State { version: 2 }]);
}

/// A client that sends a request many times at once gets one application.
pub async fn of_concurrent_repetitions_one_is_applied(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_session(a_scope("ana", &[]));
    apply(&*space, changes().open(&session)).await;
    let set =
        changes().idempotent("request 1", 1).write(a_message("one").in_session(&session).write()).build();
    let mut tasks = JoinSet::new();
    for _ in 0..12 {
        let (space, set) = (Arc::clone(&space), set.clone());
        tasks.spawn(async move { space.apply(set).await.expect("each is answered") });
    }
    let answers = tasks.join_all().await;
    assert_eq!(answers.iter().filter(|applied| !applied.replayed).count(), 1);
    assert!(answers.iter().all(|applied| applied.outcomes == answers[0].outcomes));
    assert_eq!(told(space.turns(session.id, 0, 10).await).len(), 1);
}

/// One entry for each, numbered from 1 without gaps; none for failures and repetitions.
pub async fn every_applied_changeset_is_audited_once(place: &dyn StorePlace) {
    let space = open(place).await;
    let scope = a_scope("ana", &[]);
    assert_eq!(told(space.audit(0, 10).await), []);
    for number in 1..=5_u32 {
        let mut set = changes()
            .at(minute(i64::from(number)))
            .idempotent(&format!("request {number}"), 1)
            .state(&scope, "plan", Some(json!("very secret plan")), Expected::Version(number - 1))
            .build();
        if number == 1 {
            let Write::PutState { expected, .. } = &mut set.writes[0] else { unreachable!() };
            *expected = Expected::Absent;
        }
        if number == 3 {
            set.writes.push(a_memory("very secret memory").write());
        }
        set.actor = Actor::operator(format!("person {number}"));
        space.apply(set.clone()).await.expect("a sound ChangeSet is applied");
        space.apply(set).await.expect("a repetition is answered");
        refuse(&*space, changes().state(&scope, "plan", None, Expected::Version(99))).await;
    }
    let entries = told(space.audit(0, 100).await);
    assert!(entries.iter().map(|entry| entry.number).eq(1..=5), "{entries:?}");
    for entry in &entries {
        assert_eq!(entry.at, minute(entry.number as i64));
        assert_eq!(entry.actor, Actor::operator(format!("person {}", entry.number)));
        assert_eq!(entry.writes.len(), if entry.number == 3 { 2 } else { 1 }, "one word for each write");
    }
    assert!(!format!("{entries:?}").contains("secret"), "the audit tells records, not content");
    assert_eq!(told(space.audit(1, 2).await), entries[1..3]);
    assert_eq!(told(space.audit(5, 10).await), []);
}

/// Lets a call go on until it pauses; its answer, once it has one, after which it must be left alone.
async fn step<T>(call: &mut Pin<Box<dyn Future<Output = T> + Send + '_>>) -> Option<T> {
    poll_fn(|context| match call.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

/// Applies each in a task of its own; the answers come in the order of the ChangeSets.
async fn all_at_once(
    space: &Arc<dyn SpaceStore>,
    sets: Vec<ChangeSet>,
) -> Vec<Result<Vec<Outcome>, ApplyError>> {
    let mut tasks = JoinSet::new();
    for (number, set) in sets.into_iter().enumerate() {
        let space = Arc::clone(space);
        tasks.spawn(async move { (number, space.apply(set).await.map(|applied| applied.outcomes)) });
    }
    let mut answers = tasks.join_all().await;
    answers.sort_by_key(|(number, _)| *number);
    answers.into_iter().map(|(_, answer)| answer).collect()
}
