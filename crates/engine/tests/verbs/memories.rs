//! Memories: versions, supersession, evidence, bringing back.

use dreamkeeper_domain::changeset::ApplyError;
use dreamkeeper_domain::memory::{Kind, Memory, Status};
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::version::Operation;
use dreamkeeper_engine::{EvidenceRef, MemoryPatch, NewMemory, NewMessage, Update, VerbError};
use jiff::SignedDuration;

use crate::house::{House, append, house};

fn tea() -> NewMemory {
    NewMemory::new(Kind::Preference, "Drinks tea in the evening", Scope::user("ana"))
}

async fn operations(house: &House, memory: &Memory) -> Vec<Operation> {
    let history = house.engine.history(&house.local, memory.id).await.expect("the memory is there");
    let numbers: Vec<u32> = history.versions.iter().map(|version| version.number).collect();
    assert_eq!(numbers, (1..=numbers.len() as u32).collect::<Vec<_>>());
    history.versions.iter().map(|version| version.operation).collect()
}

#[tokio::test]
async fn every_change_is_a_version_with_its_actor_and_reason() {
    let house = house().await;
    let memory = house.engine.remember(&house.local, tea()).await.unwrap();
    let text = Some("Drinks mint tea in the evening".to_owned());
    let update = Update {
        patch: MemoryPatch { text, pinned: Some(true), ..MemoryPatch::default() },
        expected_version: Some(1),
        reason: Some("she said so".into()),
    };
    let memory = house.engine.update(&house.operator, memory.id, update).await.unwrap();
    assert_eq!((memory.version, memory.pinned), (2, true));
    house.engine.forget(&house.local, memory.id, None).await.unwrap();
    house.engine.forget(&house.local, memory.id, None).await.unwrap();
    let memory = house.engine.restore(&house.local, memory.id, Some(1), None).await.unwrap();
    assert_eq!((memory.text.as_str(), memory.status), ("Drinks tea in the evening", Status::Active));
    use Operation::{Create, Forget, Restore, Update as Updated};
    assert_eq!(operations(&house, &memory).await, [Create, Updated, Forget, Restore]);
    let history = house.engine.history(&house.local, memory.id).await.unwrap();
    assert_eq!(history.versions[1].reason.as_deref(), Some("she said so"));
    assert_eq!(history.versions[1].actor, house.operator.actor);
}

#[tokio::test]
async fn an_update_puts_no_words_under_a_higher_origin_than_the_writers() {
    let house = house().await;
    let memory = house.engine.remember(&house.operator, tea()).await.unwrap();
    assert_eq!(memory.origin, Origin::Operator);
    let pin = MemoryPatch { pinned: Some(true), ..MemoryPatch::default() };
    let update = |patch| Update { patch, ..Update::default() };
    let memory = house.engine.update(&house.local, memory.id, update(pin)).await.unwrap();
    assert_eq!(memory.origin, Origin::Operator);
    let words = MemoryPatch { text: Some("Always send her tea money".into()), ..MemoryPatch::default() };
    let memory = house.engine.update(&house.local, memory.id, update(words)).await.unwrap();
    assert_eq!(memory.origin, Origin::User);
}

#[tokio::test]
async fn an_update_of_an_older_version_is_refused_with_what_is_there() {
    let house = house().await;
    let memory = house.engine.remember(&house.local, tea()).await.unwrap();
    let update = |version| Update { expected_version: Some(version), ..Update::default() };
    house.engine.update(&house.local, memory.id, update(1)).await.unwrap();
    let error = house.engine.update(&house.local, memory.id, update(1)).await.unwrap_err();
    assert!(matches!(error, VerbError::Apply(ApplyError::VersionConflict { found: 2, .. })), "{error}");
}

#[tokio::test]
async fn superseding_closes_the_old_validity_and_keeps_both() {
    let house = house().await;
    let old = house.engine.remember(&house.local, tea()).await.unwrap();
    house.clock.advance(SignedDuration::from_hours(24));
    let coffee = NewMemory::new(Kind::Preference, "Drinks coffee now", Scope::user("ana"));
    let new = house.engine.supersede(&house.local, old.id, coffee).await.unwrap();
    let old = house.engine.memory(&house.local, old.id).await.unwrap();
    assert_eq!((old.status, old.superseded_by), (Status::Superseded, Some(new.id)));
    assert_eq!(old.validity.to, Some(new.created_at));
    assert_eq!((new.supersedes, new.status), (Some(old.id), Status::Active));
    let back = house.engine.restore(&house.local, old.id, None, None).await.unwrap();
    assert_eq!((back.status, back.validity.to, back.superseded_by), (Status::Active, None, None));
}

#[tokio::test]
async fn a_quote_must_be_verbatim_and_lends_its_origin() {
    let house = house().await;
    let mail =
        NewMessage { origin: Some(Origin::External), ..NewMessage::text(Role::User, "Mail: rent is 900.") };
    let appended = house.engine.append(&house.local, append("s", vec![mail])).await.unwrap();
    let evidence =
        |quote: &str| EvidenceRef { message: appended.messages[0].id, quote: quote.to_owned(), span: None };
    let mut rent = NewMemory::new(Kind::Fact, "The rent is 900", Scope::user("ana"));
    rent.evidence = vec![evidence("rent is 800")];
    let error = house.engine.remember(&house.local, rent.clone()).await.unwrap_err();
    assert!(error.to_string().contains("evidence[0].quote"), "{error}");
    rent.evidence = vec![evidence("rent is 900")];
    let memory = house.engine.remember(&house.operator, rent).await.unwrap();
    assert_eq!(memory.origin, Origin::External, "even the operator's word rests on a mail here");
    assert_eq!((memory.evidence[0].span.start, memory.evidence[0].span.end), (6, 17));
    let update = Update {
        patch: MemoryPatch { text: Some("The rent is 950".into()), ..MemoryPatch::default() },
        ..Update::default()
    };
    let memory = house.engine.update(&house.local, memory.id, update).await.unwrap();
    assert!(memory.evidence.is_empty(), "the quote spoke for the old words");
}

#[tokio::test]
async fn rewriting_words_does_not_launder_their_origin() {
    let house = house().await;
    let mut planted = tea();
    planted.origin = Some(Origin::External);
    let memory = house.engine.remember(&house.local, planted).await.unwrap();
    let update =
        Update { patch: MemoryPatch { pinned: Some(true), ..MemoryPatch::default() }, ..Update::default() };
    let memory = house.engine.update(&house.local, memory.id, update).await.unwrap();
    assert_eq!(memory.origin, Origin::External);
}

#[tokio::test]
async fn bad_memories_are_refused_by_field() {
    let house = house().await;
    let check = async |new: NewMemory, field: &str| {
        let error = house.engine.remember(&house.local, new).await.unwrap_err();
        assert!(error.to_string().starts_with(field), "{error}");
    };
    check(NewMemory::new(Kind::Fact, "  ", Scope::user("ana")), "text").await;
    check(NewMemory::new(Kind::Fact, "x".repeat(20_000), Scope::user("ana")), "text").await;
    let mut backwards = tea();
    backwards.validity.from = Some("2026-02-02T00:00:00Z".parse().unwrap());
    backwards.validity.to = Some("2026-02-01T00:00:00Z".parse().unwrap());
    check(backwards, "validity").await;
    let mut crowded = tea();
    crowded.aliases = vec!["x".into(); 33];
    check(crowded, "aliases").await;
}

#[tokio::test]
async fn a_memory_of_another_space_looks_absent() {
    let house = house().await;
    let memory = house.engine.remember(&house.local, tea()).await.unwrap();
    let other = house.engine.open_space("other").await.unwrap();
    let stranger = dreamkeeper_engine::Principal::operator(other, "stranger");
    let error = house.engine.memory(&stranger, memory.id).await.unwrap_err();
    assert!(matches!(error, VerbError::NotFound { .. }), "{error}");
}

#[tokio::test]
async fn restoring_undoes_what_superseding_closed_and_nothing_more() {
    let house = house().await;
    let mut lease = NewMemory::new(Kind::Fact, "The lease runs", Scope::user("ana"));
    lease.validity.to = Some("2025-12-31T00:00:00Z".parse().unwrap());
    let old = house.engine.remember(&house.local, lease.clone()).await.unwrap();
    let new = NewMemory::new(Kind::Fact, "A new lease runs", Scope::user("ana"));
    house.engine.supersede(&house.local, old.id, new).await.unwrap();
    for version in [None, Some(1)] {
        let back = house.engine.restore(&house.local, old.id, version, None).await.unwrap();
        assert_eq!(back.validity, lease.validity, "an ended fact does not become true by coming back");
    }
}

#[tokio::test]
async fn only_restore_brings_a_forgotten_memory_back() {
    let house = house().await;
    let memory = house.engine.remember(&house.local, tea()).await.unwrap();
    house.engine.forget(&house.local, memory.id, None).await.unwrap();
    let revive = Update {
        patch: MemoryPatch { status: Some(Status::Active), ..MemoryPatch::default() },
        ..Update::default()
    };
    let error = house.engine.update(&house.local, memory.id, revive).await.unwrap_err();
    assert!(error.to_string().contains("restore"), "{error}");
    let error = house.engine.supersede(&house.local, memory.id, tea()).await.unwrap_err();
    assert!(error.to_string().contains("restore"), "{error}");
}
