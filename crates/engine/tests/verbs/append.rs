//! Append: order, idempotency, origin, sessions, bounds.

use dreamkeeper_domain::changeset::{ApplyError, IdempotencyKey};
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::{NewMessage, SessionRef, VerbError};
use jiff::SignedDuration;

use crate::house::{append, house};

fn said(client_id: &str, text: &str) -> NewMessage {
    NewMessage { client_id: Some(client_id.to_owned()), ..NewMessage::text(Role::User, text) }
}

#[tokio::test]
async fn appending_the_same_client_id_again_changes_nothing() {
    let house = house().await;
    let request = append("monday", vec![said("1", "I moved to Porto."), said("2", "The cat came too.")]);
    let first = house.engine.append(&house.local, request.clone()).await.unwrap();
    assert!(first.session_created);
    let again = house.engine.append(&house.local, request).await.unwrap();
    assert_eq!(again.session, first.session);
    for (first, again) in first.messages.iter().zip(&again.messages) {
        assert_eq!((first.id, first.ordinal, false), (again.id, again.ordinal, first.duplicate));
        assert!(again.duplicate);
    }
    let turns = house.engine.turns(&house.local, first.session, 0, None).await.unwrap();
    assert_eq!(turns.iter().map(|turn| turn.ordinal).collect::<Vec<_>>(), [0, 1]);
}

#[tokio::test]
async fn a_client_id_with_other_content_is_refused_and_nothing_of_the_batch_is_written() {
    let house = house().await;
    let first = house.engine.append(&house.local, append("s", vec![said("1", "Tea.")])).await.unwrap();
    let request = append("s", vec![said("2", "New."), said("1", "Coffee.")]);
    let error = house.engine.append(&house.local, request).await.unwrap_err();
    assert!(matches!(error, VerbError::Apply(ApplyError::ClientIdReused { .. })), "{error}");
    let turns = house.engine.turns(&house.local, first.session, 0, None).await.unwrap();
    assert_eq!(turns.len(), 1);
}

#[tokio::test]
async fn an_idempotency_key_answers_the_first_time_again_and_refuses_another_request() {
    let house = house().await;
    let mut request = append("s", vec![NewMessage::text(Role::User, "Once.")]);
    request.idempotency_key = Some(IdempotencyKey("k".into()));
    let first = house.engine.append(&house.local, request.clone()).await.unwrap();
    let again = house.engine.append(&house.local, request.clone()).await.unwrap();
    assert!(again.replayed && !first.replayed);
    assert_eq!(first.messages, again.messages);
    request.messages[0] = NewMessage::text(Role::User, "Twice.");
    let error = house.engine.append(&house.local, request).await.unwrap_err();
    assert!(matches!(error, VerbError::Apply(ApplyError::IdempotencyKeyReused(_))), "{error}");
}

#[tokio::test]
async fn a_role_and_a_ceiling_lower_an_origin_and_nothing_raises_it() {
    let house = house().await;
    let with = |role, origin| NewMessage { origin, ..NewMessage::text(role, "Words.") };
    let messages = vec![
        with(Role::User, None),
        with(Role::User, Some(Origin::External)),
        with(Role::Tool, Some(Origin::User)),
        with(Role::System, None),
        with(Role::Assistant, Some(Origin::Operator)),
    ];
    let check = async |principal, session: &str, expected: [Origin; 5]| {
        let request = append(session, messages.clone());
        let appended = house.engine.append(principal, request).await.unwrap();
        let turns = house.engine.turns(principal, appended.session, 0, None).await.unwrap();
        assert_eq!(turns.iter().map(|turn| turn.origin).collect::<Vec<_>>(), expected);
    };
    use Origin::{Assistant, External, Operator, Tool, User};
    check(&house.operator, "a", [User, External, Tool, Operator, Assistant]).await;
    check(&house.local, "b", [User, External, Tool, User, Assistant]).await;
}

#[tokio::test]
async fn the_current_session_closes_after_half_an_hour_of_silence() {
    let house = house().await;
    let mut request = append("", vec![NewMessage::text(Role::User, "Hello.")]);
    request.session = SessionRef::Current;
    let first = house.engine.append(&house.local, request.clone()).await.unwrap();
    house.clock.advance(SignedDuration::from_mins(29));
    let second = house.engine.append(&house.local, request.clone()).await.unwrap();
    assert_eq!(second.session, first.session);
    house.clock.advance(SignedDuration::from_mins(30));
    let third = house.engine.append(&house.local, request).await.unwrap();
    assert_ne!(third.session, first.session);
}

#[tokio::test]
async fn two_users_may_call_their_sessions_alike() {
    let house = house().await;
    let ana = append("1", vec![NewMessage::text(Role::User, "Mine.")]);
    let mut bo = ana.clone();
    bo.scope = Scope::user("bo");
    let ana = house.engine.append(&house.local, ana).await.unwrap();
    let bo = house.engine.append(&house.local, bo).await.unwrap();
    assert_ne!(ana.session, bo.session);
}

#[tokio::test]
async fn what_is_over_a_bound_is_refused_by_name() {
    let house = house().await;
    let check = async |request, field: &str| {
        let error = house.engine.append(&house.local, request).await.unwrap_err();
        assert!(matches!(&error, VerbError::Invalid { field: named, .. } if named == field), "{error}");
    };
    check(append("s", Vec::new()), "messages").await;
    check(append("s", vec![NewMessage::text(Role::User, "x"); 1_001]), "messages").await;
    check(append("", vec![NewMessage::text(Role::User, "x")]), "session").await;
    check(append("s", vec![NewMessage::text(Role::User, "x".repeat(1 << 21))]), "messages[0].parts").await;
    let mut request = append("s", vec![NewMessage::text(Role::User, "x")]);
    request.scope.user = Some(String::new());
    check(request, "scope").await;
}

#[tokio::test]
async fn an_embedder_that_fails_loses_nothing() {
    use dreamkeeper_domain::ports::{PortError, PortErrorKind};
    let house = house().await;
    house.embedder.fail_next(1, &PortError::temporary(PortErrorKind::Unavailable, "gone"));
    let request = append("s", vec![NewMessage::text(Role::User, "Kept without a vector.")]);
    house.engine.append(&house.local, request).await.unwrap();
    assert_eq!(house.engine.stats(&house.local).await.unwrap().store.stale_passage_count, 1);
}
