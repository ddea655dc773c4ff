//! What can be asked of a dream, and what is refused.

use dreamkeeper_domain::dream::{DreamFailure, DreamStatus, DreamTarget};
use dreamkeeper_domain::id::{SessionId, StoreId};
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::ports::DreamQuery;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::dream::NewDream;
use dreamkeeper_engine::{EraseTarget, NewMessage, VerbError};
use dreamkeeper_testkit::builders::{next_id_bytes, put_store};

use super::shelf::Shelf;
use crate::house::append;

async fn refused(shelf: &Shelf, new: NewDream) -> String {
    let refused = shelf.house.engine.dream(&shelf.house.operator, new).await;
    let Err(VerbError::Invalid { field, .. }) = refused else { panic!("{refused:?}") };
    field
}

#[tokio::test]
async fn a_request_that_cannot_be_dreamt_is_refused_by_its_field() {
    let shelf = Shelf::new().await;
    let over = || NewDream::over(shelf.target());
    let nothing = DreamTarget { store: None, scope: None };
    assert_eq!(refused(&shelf, NewDream::over(nothing)).await, "target");
    let many: Vec<SessionId> = (0..101).map(|_| SessionId::new(shelf.now(), next_id_bytes())).collect();
    assert_eq!(refused(&shelf, NewDream { sessions: many, ..over() }).await, "sessions");
    assert_eq!(
        refused(&shelf, NewDream { instructions: Some("x".repeat(4_097)), ..over() }).await,
        "instructions"
    );
    assert_eq!(refused(&shelf, NewDream { model: Some("unheard-of".into()), ..over() }).await, "model");
}

#[tokio::test]
async fn a_dream_over_what_is_not_there_fails_and_says_why() {
    let shelf = Shelf::new().await;
    let target = DreamTarget { store: Some(StoreId::new(shelf.now(), next_id_bytes())), scope: None };
    let dreamt = shelf.dream_over(NewDream::over(target)).await;
    let error = dreamt.dream.error.unwrap();
    assert_eq!(
        (dreamt.dream.status, error.kind),
        (DreamStatus::Failed, DreamFailure::InputMemoryStoreUnavailable)
    );
    let mut closed = shelf.store.clone();
    closed.archived_at = Some(shelf.now());
    closed.version = 2;
    shelf.apply(vec![put_store(&closed)]).await;
    let dreamt = shelf.dream().await;
    assert_eq!(dreamt.dream.error.unwrap().kind, DreamFailure::InputMemoryStoreUnavailable);
}

#[tokio::test]
async fn an_erased_session_is_no_source() {
    let shelf = Shelf::new().await;
    let house = &shelf.house;
    let said = house
        .engine
        .append(&house.operator, append("one", vec![NewMessage::text(Role::User, "Always use tabs.")]))
        .await
        .unwrap();
    let target = EraseTarget::Session(said.session);
    house.engine.erase(&house.operator, target, None).await.unwrap();
    let new = NewDream { sessions: vec![said.session], ..NewDream::over(shelf.target()) };
    let dreamt = shelf.dream_over(new).await;
    let error = dreamt.dream.error.unwrap();
    assert_eq!(error.kind, DreamFailure::InputSessionUnavailable);
    assert!(error.message.contains(&said.session.to_string()), "{}", error.message);
}

#[tokio::test]
async fn other_users_sessions_are_not_read() {
    let shelf = Shelf::new().await;
    let house = &shelf.house;
    for session in ["one", "two", "three"] {
        let mut messages = append(session, vec![NewMessage::text(Role::User, "Always use tabs here.")]);
        messages.scope = Scope::user("bo");
        house.engine.append(&house.operator, messages).await.unwrap();
    }
    let dreamt = shelf.dream().await;
    assert_eq!((dreamt.told().len(), dreamt.dream.sessions.len()), (0, 0));
}

#[tokio::test]
async fn dreams_are_listed_shown_and_archived() {
    let shelf = Shelf::new().await;
    shelf.write("/a.md", "- It rained last month.\n").await;
    let dreamt = shelf.dream().await;
    let house = &shelf.house;
    let query = DreamQuery { limit: 10, ..DreamQuery::default() };
    assert_eq!(
        house.engine.list_dreams(&house.local, &query).await.unwrap().items,
        std::slice::from_ref(&dreamt.dream)
    );
    let view = house.engine.get_dream(&house.local, dreamt.dream.id).await.unwrap();
    assert_eq!((&view.dream, &view.changes), (&dreamt.dream, &dreamt.changes));
    let change = house.engine.get_change(&house.local, dreamt.dream.id, 1).await.unwrap();
    assert_eq!(change.change, dreamt.changes[0]);
    let gone = house.engine.get_change(&house.local, dreamt.dream.id, 2).await;
    assert!(matches!(gone, Err(VerbError::NotFound { .. })), "{gone:?}");
    let refused = house.engine.cancel_dream(&house.local, dreamt.dream.id).await;
    assert!(matches!(refused, Err(VerbError::Invalid { .. })), "{refused:?}");
    house.engine.archive_dream(&house.local, dreamt.dream.id).await.unwrap();
    assert_eq!(house.engine.list_dreams(&house.local, &query).await.unwrap().items, []);
}
