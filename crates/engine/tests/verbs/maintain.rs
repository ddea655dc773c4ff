//! Maintenance: what is archived, taken away and erased, and that a dry run tells the same and writes nothing.

use std::collections::BTreeSet;

use dreamkeeper_domain::memory::{Kind, Memory, Status};
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::version::Operation;
use dreamkeeper_engine::learn::Proposal;
use dreamkeeper_engine::recall::RecallRequest;
use dreamkeeper_engine::{Append, ArchiveRule, EvidenceRef, Maintained, NewMemory, NewMessage, VerbError};
use jiff::SignedDuration;

use crate::house::{House, append, house};

async fn remember(house: &House, text: &str, expires_at: Option<&str>) -> Memory {
    let new = NewMemory {
        expires_at: expires_at.map(|text| text.parse().expect("a moment")),
        ..NewMemory::new(Kind::Fact, text, Scope::user("ana"))
    };
    house.engine.remember(&house.operator, new).await.expect("remembered")
}

async fn maintain(house: &House, dry_run: bool) -> Maintained {
    house.engine.maintain(&house.operator, dry_run, &|_| {}).await.expect("maintained")
}

fn temporary(text: &str) -> Append {
    Append { temporary: true, ..append("secret talk", vec![NewMessage::text(Role::User, text)]) }
}

#[tokio::test]
async fn what_expired_long_ago_is_archived_and_can_be_restored() {
    let house = house().await;
    let old = remember(&house, "The lease ends in March.", Some("2026-03-05T00:00:00Z")).await;
    remember(&house, "Ana plays the cello.", None).await;
    remember(&house, "The gate code changes in May.", Some("2026-05-01T00:00:00Z")).await;
    house.clock.advance(SignedDuration::from_hours(24 * 40));
    let told = maintain(&house, true).await;
    assert_eq!(told.archived_counts, [(ArchiveRule::Expired, 1)].into());
    assert_eq!(told.archived[0].memory, old.id);
    let still = house.engine.history(&house.operator, old.id).await.unwrap();
    assert_eq!(still.memory.status, Status::Active, "a dry run writes nothing");
    let done = maintain(&house, false).await;
    assert_eq!(Maintained { dry_run: true, ..done }, told, "a dry run tells what a run does");
    let history = house.engine.history(&house.operator, old.id).await.unwrap();
    assert_eq!(history.memory.status, Status::Archived);
    let last = history.versions.last().unwrap();
    assert_eq!((last.operation, last.actor.to_string().as_str()), (Operation::Archive, "system:maintain"));
    assert!(last.reason.as_deref().unwrap().contains("2026-03-05"), "{last:?}");
    assert!(maintain(&house, false).await.archived.is_empty(), "once is enough");
    let back = house.engine.restore(&house.operator, old.id, None, None).await.unwrap();
    assert_eq!(back.status, Status::Active);
}

#[tokio::test]
async fn more_than_one_page_is_archived_whole() {
    let house = house().await;
    for number in 0..600 {
        remember(&house, &format!("Parcel {number} is at the door."), Some("2026-03-03T00:00:00Z")).await;
    }
    house.clock.advance(SignedDuration::from_hours(24 * 60));
    let done = maintain(&house, false).await;
    assert_eq!((done.memory_count, done.archived_counts[&ArchiveRule::Expired]), (600, 600));
    assert_eq!(done.archived.len(), dreamkeeper_domain::limits::MAINTAIN_TOLD_MAX);
}

#[tokio::test]
async fn a_space_is_maintained_when_it_is_due_and_not_before() {
    let house = house().await;
    let every = SignedDuration::from_hours(24);
    assert_eq!(house.engine.maintain_due(every).await.len(), 1);
    assert_eq!(house.engine.maintain_due(every).await.len(), 0);
    house.clock.advance(SignedDuration::from_hours(23));
    assert_eq!(house.engine.maintain_due(every).await.len(), 0);
    house.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(house.engine.maintain_due(every).await.len(), 1);
}

#[tokio::test]
async fn only_who_may_administer_maintains() {
    let house = house().await;
    let refused = house.engine.maintain(&house.local, true, &|_| {}).await;
    assert!(matches!(refused, Err(VerbError::Forbidden { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_temporary_session_leaves_nothing() {
    let house = house().await;
    let said = house.engine.append(&house.operator, temporary("I am allergic to walnuts.")).await.unwrap();
    let learn = dreamkeeper_engine::LearnFrom { session: said.session, from: 0, wait: true };
    let refused = house.engine.learn(&house.operator, learn).await;
    assert!(matches!(refused, Err(VerbError::Invalid { .. })), "{refused:?}");
    let now = Append { learn: dreamkeeper_engine::Learn::Now, ..temporary("And to figs.") };
    let appended = house.engine.append(&house.operator, now).await.unwrap();
    assert!(appended.events.is_empty() && appended.learned.is_empty());
    let question =
        RecallRequest { all: true, ..RecallRequest::new("What is Ana allergic to?", Scope::user("ana")) };
    let answer = house.engine.recall(&house.operator, question).await.unwrap();
    assert!(answer.conversation.is_empty() && answer.memories.is_empty(), "{answer:?}");
    let health = house.engine.doctor(&house.operator, &|_| {}).await.unwrap();
    assert!(health.mended.is_empty(), "doctor does not cut what is to leave nothing: {health:?}");
    house.clock.advance(SignedDuration::from_hours(23));
    assert!(maintain(&house, false).await.sessions_erased.is_empty());
    house.clock.advance(SignedDuration::from_hours(2));
    assert_eq!(maintain(&house, true).await.sessions_erased, [said.session]);
    assert_eq!(maintain(&house, false).await.sessions_erased, [said.session]);
    assert!(maintain(&house, false).await.sessions_erased.is_empty());
    let space = house.store.space_of(house.operator.space);
    let turns = dreamkeeper_domain::ports::SpaceStore::turns(&*space, said.session, 0, 9).await.unwrap();
    assert!(turns.iter().all(|turn| turn.erased && turn.parts.is_empty()), "{turns:?}");
}

#[tokio::test]
async fn a_session_is_temporary_from_its_first_message_or_not_at_all() {
    let house = house().await;
    let plain = append("secret talk", vec![NewMessage::text(Role::User, "hello")]);
    house.engine.append(&house.operator, plain).await.unwrap();
    let refused = house.engine.append(&house.operator, temporary("psst")).await;
    assert!(matches!(refused, Err(VerbError::Invalid { .. })), "{refused:?}");
    let keyless =
        Append { session: dreamkeeper_engine::SessionRef::Current, ..temporary("which session is this?") };
    let refused = house.engine.append(&house.operator, keyless).await;
    assert!(matches!(refused, Err(VerbError::Invalid { .. })), "{refused:?}");
}

#[tokio::test]
async fn nothing_may_rest_on_what_a_temporary_session_said() {
    let house = house().await;
    let said = house.engine.append(&house.operator, temporary("I collect stamps.")).await.expect("appended");
    let evidence =
        EvidenceRef { message: said.messages[0].id, quote: "I collect stamps".to_owned(), span: None };
    let new = NewMemory {
        evidence: vec![evidence.clone()],
        ..NewMemory::new(Kind::Fact, "Ana collects stamps", Scope::user("ana"))
    };
    let refused = house.engine.remember(&house.operator, new).await.expect_err("it would stay");
    assert!(refused.to_string().contains("is temporary"), "{refused}");
    let proposal = Proposal {
        text: "Ana collects stamps".to_owned(),
        kind: Kind::Fact,
        scope: Scope::user("ana"),
        slot: None,
        entities: Vec::new(),
        relations: Vec::new(),
        time: None,
        importance: None,
        categories: BTreeSet::new(),
        evidence: vec![evidence],
    };
    let refused = house.engine.propose(&house.operator, vec![proposal]).await.expect_err("it would stay");
    assert!(refused.to_string().contains("candidates[0].evidence"), "{refused}");
}
