//! Isolation: no question to one space is answered from another.

use dreamkeeper_domain::changeset::{ApplyError, Expected, Outcome, Write};
use dreamkeeper_domain::version::Operation;
use serde_json::json;

use super::reading::{Asked, everything};
use super::{StorePlace, apply, refuse, told};
use crate::builders::{
    MemoryBuilder, a_memory, a_message, a_named_session, a_receipt, a_scope, a_space, changes, minute,
};

/// The same ids, keys and names in two spaces are two different things, and writes to one change no byte
/// of the other's answers.
pub async fn two_spaces_never_meet(place: &dyn StorePlace) {
    let store = place.open().await;
    let (here, there) = (told(store.space(a_space()).await), told(store.space(a_space()).await));
    let session = a_named_session(a_scope("ana", &[]), "chat");
    let said = a_message("said here").in_session(&session).client_id("c-1");
    let memory = a_memory("kept here").scope(session.scope.clone()).pinned();
    let receipt = a_receipt(session.scope.clone(), Vec::new());
    let asked = Asked {
        messages: vec![said.clone().build().id],
        memories: vec![memory.clone().build().id],
        state: vec![(session.scope.clone(), "plan".into())],
        receipts: vec![receipt.id],
        moments: vec![minute(0)],
    };
    let nothing = everything(&*there, &asked).await;
    let set = changes()
        .idempotent("request 1", 1)
        .open(&session)
        .writes([said.clone().write(), memory.clone().write(), Write::PutReceipt(Box::new(receipt))])
        .state(&session.scope, "plan", Some(json!("here")), Expected::Absent);
    apply(&*here, set).await;
    assert_eq!(everything(&*there, &asked).await, nothing, "nothing of one space is read in the other");
    assert_eq!(told(there.session_by_key(&session.scope, "chat").await), None);

    // Ids of the other space are indistinguishable from absent ones.
    let foreign = [
        said.clone().write(),
        Write::EraseMemory { id: memory.clone().build().id, reason: None },
        Write::EraseMessage { id: said.clone().build().id, reason: None },
        Write::EraseState { scope: session.scope.clone(), key: "plan".into(), reason: None },
    ];
    for write in foreign {
        let error = refuse(&*there, changes().write(write)).await;
        assert!(matches!(error, ApplyError::NotFound { .. }), "{error:?}");
    }
    let before = everything(&*here, &asked).await;
    let other = a_message("said there").in_session(&session).client_id("c-1");
    let kept = MemoryBuilder::from(memory.clone().build()).text("kept there");
    let set = changes()
        .idempotent("request 1", 2)
        .open(&session)
        .writes([other.write(), kept.clone().write()])
        .state(&session.scope, "plan", Some(json!("there")), Expected::Absent);
    let outcomes = apply(&*there, set).await;
    assert!(matches!(outcomes[0], Outcome::Session { created: true, .. }), "{outcomes:?}");
    let next = MemoryBuilder::next(&kept.build(), minute(1)).text("and changed there");
    apply(&*there, changes().at(minute(1)).write(next.write_next(Operation::Update))).await;
    apply(&*there, changes().write(Write::EraseMemory { id: memory.build().id, reason: None })).await;
    assert_eq!(everything(&*here, &asked).await, before, "writes there change nothing here");
}
