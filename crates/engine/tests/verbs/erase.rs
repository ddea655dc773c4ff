//! Erase: who may, what goes, what stays.

use dreamkeeper_domain::changeset::ApplyError;
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::memory::{Kind, Status};
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::{EraseTarget, EvidenceRef, NewMemory, NewMessage, SetState, VerbError};
use serde_json::json;

use crate::house::{append, house};

#[tokio::test]
async fn only_the_permission_erases() {
    let house = house().await;
    let memory = NewMemory::new(Kind::Fact, "Keeps a diary", Scope::user("ana"));
    let memory = house.engine.remember(&house.local, memory).await.unwrap();
    let target = EraseTarget::Memory(memory.id);
    let error = house.engine.erase(&house.local, target, None).await.unwrap_err();
    assert!(matches!(error, VerbError::Forbidden { permission: Permission::Erase, .. }), "{error}");
}

#[tokio::test]
async fn an_erased_memory_leaves_its_history_without_content_and_never_returns() {
    let house = house().await;
    let memory = NewMemory::new(Kind::Fact, "Keeps a diary", Scope::user("ana"));
    let memory = house.engine.remember(&house.local, memory).await.unwrap();
    house.engine.erase(&house.operator, EraseTarget::Memory(memory.id), Some("asked".into())).await.unwrap();
    let history = house.engine.history(&house.operator, memory.id).await.unwrap();
    assert_eq!((history.memory.status, history.memory.text.as_str()), (Status::Erased, ""));
    assert!(history.versions.iter().all(|version| version.content.is_none()));
    let error = house.engine.restore(&house.operator, memory.id, Some(1), None).await.unwrap_err();
    assert!(matches!(error, VerbError::Apply(ApplyError::Erased { .. })), "{error}");
}

#[tokio::test]
async fn erasing_a_person_takes_messages_memories_quotes_and_state_of_that_person_only() {
    let house = house().await;
    let mine =
        house.engine.append(&house.local, append("s", vec![NewMessage::text(Role::User, "My secret.")]));
    let mine = mine.await.unwrap();
    let mut shared = NewMemory::new(Kind::Fact, "Someone has a secret", Scope::user("bo"));
    shared.evidence = vec![EvidenceRef { message: mine.messages[0].id, quote: "secret".into(), span: None }];
    let shared = house.engine.remember(&house.local, shared).await.unwrap();
    let scope = Scope::user("ana");
    let own = NewMemory::new(Kind::Fact, "Has a secret", scope.clone());
    let own = house.engine.remember(&house.local, own).await.unwrap();
    let state = SetState {
        scope: scope.clone(),
        key: "k".into(),
        value: Some(json!("secret")),
        expected_version: None,
        reason: None,
    };
    house.engine.set_state(&house.local, state).await.unwrap();

    let erased = house.engine.erase(&house.operator, EraseTarget::Scope(scope), None).await.unwrap();
    assert_eq!((erased.message_count, erased.memory_count, erased.state_count), (1, 1, 1));
    let message = house.engine.message(&house.local, mine.messages[0].id).await.unwrap();
    assert!(message.erased && message.parts.is_empty());
    assert_eq!(house.engine.memory(&house.local, own.id).await.unwrap().status, Status::Erased);
    let shared = house.engine.memory(&house.local, shared.id).await.unwrap();
    assert_eq!(shared.status, Status::Active, "another person's memory stays");
    assert!(shared.evidence.iter().all(|evidence| evidence.quote.is_empty()), "its quote does not");
}

#[tokio::test]
async fn a_scope_that_names_nobody_is_refused() {
    let house = house().await;
    let nobody = Scope { labels: ["x".to_owned()].into(), ..Scope::default() };
    for scope in [Scope::default(), nobody] {
        let error = house.engine.erase(&house.operator, EraseTarget::Scope(scope), None).await.unwrap_err();
        assert!(matches!(error, VerbError::Invalid { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_removed_state_key_is_erased_with_its_person() {
    let house = house().await;
    let scope = Scope::user("ana");
    let set = |value| SetState {
        scope: scope.clone(),
        key: "pin".into(),
        value,
        expected_version: None,
        reason: None,
    };
    house.engine.set_state(&house.local, set(Some(json!("4711")))).await.unwrap();
    house.engine.set_state(&house.local, set(None)).await.unwrap();
    let target = EraseTarget::Scope(scope.clone());
    let erased = house.engine.erase(&house.operator, target, None).await.unwrap();
    assert_eq!(erased.state_count, 1);
    let history = house.engine.state_history(&house.local, &scope, "pin").await.unwrap();
    assert!(history.iter().all(|version| version.content.is_none()));
}

#[tokio::test]
async fn a_label_of_their_own_marks_the_messages_that_go() {
    let house = house().await;
    let labelled = NewMessage { labels: vec!["work".into()], ..NewMessage::text(Role::User, "At work.") };
    let messages = vec![labelled, NewMessage::text(Role::User, "At home.")];
    let appended = house.engine.append(&house.local, append("s", messages)).await.unwrap();
    let scope = Scope { labels: ["work".to_owned()].into(), ..Scope::user("ana") };
    let erased = house.engine.erase(&house.operator, EraseTarget::Scope(scope), None).await.unwrap();
    assert_eq!(erased.message_count, 1);
    let turns = house.engine.turns(&house.local, appended.session, 0, None).await.unwrap();
    assert_eq!(turns.iter().map(|turn| turn.erased).collect::<Vec<_>>(), [true, false]);
}
