//! Durability: what was acknowledged is there after opening again, in a backup, and on a full disk.

use std::sync::Mutex;

use dreamkeeper_domain::changeset::{ApplyError, Expected, Outcome};
use dreamkeeper_domain::ports::{PortErrorKind, SpaceStore};
use dreamkeeper_domain::session::Session;
use dreamkeeper_domain::version::Operation;
use serde_json::json;

use super::reading::{Asked, everything};
use super::{StorePlace, apply, open, refuse, told};
use crate::ScriptedEmbedder;
use crate::builders::{
    MemoryBuilder, a_memory, a_message, a_named_session, a_receipt, a_scope, a_space, changes, minute,
};

/// Some of everything, under an idempotency key.
async fn fill(space: &dyn SpaceStore) -> (Session, Asked) {
    let embedder = ScriptedEmbedder::default();
    let session = a_named_session(a_scope("ana", &[]), "chat");
    let said = a_message("I like tea").in_session(&session).client_id("c-1");
    let memory = a_memory("Ana likes tea").scope(session.scope.clone()).resting_on(&said.clone().build());
    let reworded = MemoryBuilder::next(&memory.clone().build(), minute(1)).text("Ana likes coffee").pinned();
    let receipt = a_receipt(session.scope.clone(), Vec::new());
    let asked = Asked {
        messages: vec![said.clone().build().id],
        memories: vec![memory.clone().build().id],
        state: vec![(session.scope.clone(), "plan".into())],
        receipts: vec![receipt.id],
        moments: vec![minute(0), minute(1)],
    };
    let set = changes()
        .idempotent("request 1", 1)
        .open(&session)
        .writes([said.write_embedded(&embedder), memory.write_embedded(&embedder)])
        .state(&session.scope, "plan", Some(json!("pro")), Expected::Absent)
        .write(dreamkeeper_domain::changeset::Write::PutReceipt(Box::new(receipt)));
    apply(space, set).await;
    apply(space, changes().at(minute(1)).write(reworded.write_next(Operation::Update))).await;
    (session, asked)
}

/// Every read, and the answers that repetitions get.
pub async fn what_was_acknowledged_is_there_after_reopening(place: &dyn StorePlace) {
    let id = a_space();
    let space = told(place.open().await.space(id).await);
    let (session, asked) = fill(&*space).await;
    let before = everything(&*space, &asked).await;
    drop(space);
    let space = told(place.open().await.space(id).await);
    assert_eq!(everything(&*space, &asked).await, before);
    let other_request = changes().idempotent("request 1", 2).open(&session);
    let error = refuse(&*space, other_request).await;
    assert!(matches!(error, ApplyError::IdempotencyKeyReused(_)), "{error:?}");
    let again = a_message("I like tea").in_session(&session).client_id("c-1");
    let outcomes = apply(&*space, changes().write(again.write())).await;
    assert!(matches!(outcomes[..], [Outcome::Duplicate { .. }]), "{outcomes:?}");
    assert_eq!(told(space.check().await), Vec::<String>::new());
}

/// Whole, and apart from what is written afterwards.
pub async fn a_backup_holds_the_space_as_it_was(place: &dyn StorePlace) {
    let store = place.open().await;
    let id = a_space();
    let space = told(store.space(id).await);
    let (session, asked) = fill(&*space).await;
    let before = everything(&*space, &asked).await;
    let path = place.new_path();
    told(space.backup(&path, &|_, _| {}).await);
    apply(&*space, changes().write(a_message("later").in_session(&session).write())).await;
    let copy = place.open_copy(&path, id).await;
    assert_eq!(everything(&*copy, &asked).await, before, "the copy is the space as it was");
    assert_eq!(told(copy.check().await), Vec::<String>::new());
    assert_eq!(told(space.turns(session.id, 0, 10).await).len(), 2, "the space has gone on");
    assert_eq!(told(copy.turns(session.id, 0, 10).await).len(), 1, "without the copy");
}

/// Progress ends at the whole; a file that is there already stays as it is.
pub async fn a_backup_tells_its_progress_and_overwrites_nothing(place: &dyn StorePlace) {
    let store = place.open().await;
    let id = a_space();
    let space = told(store.space(id).await);
    let (session, asked) = fill(&*space).await;
    let path = place.new_path();
    let steps: Mutex<Vec<(u64, u64)>> = Mutex::default();
    let record = |done, all| steps.lock().expect("no step panics").push((done, all));
    told(space.backup(&path, &record).await);
    let steps = steps.into_inner().expect("no step panics");
    assert!(steps.is_sorted_by(|a, b| a.0 <= b.0), "{steps:?} grow");
    assert!(steps.last().is_some_and(|(done, all)| done == all && *all > 0), "{steps:?} end at the whole");
    let before = everything(&*space, &asked).await;
    apply(&*space, changes().write(a_message("later").in_session(&session).write())).await;
    assert!(space.backup(&path, &|_, _| {}).await.is_err(), "a backup makes a new file");
    let copy = place.open_copy(&path, id).await;
    assert_eq!(everything(&*copy, &asked).await, before, "and leaves an old one alone");
}

/// With the kind that says why; and once there is room again, writes go on.
pub async fn a_store_that_cannot_write_says_so_and_reads_on(place: &dyn StorePlace) {
    for kind in [PortErrorKind::Full, PortErrorKind::ReadOnly] {
        let space = open(place).await;
        let (session, asked) = fill(&*space).await;
        let before = everything(&*space, &asked).await;
        if !place.refuse_writes(Some(kind)) {
            continue;
        }
        // Large enough that no room left in a page or journal takes it in.
        let large = a_message(&"Many words. ".repeat(80_000)).in_session(&session);
        let error = refuse(&*space, changes().write(large.clone().write())).await;
        let ApplyError::Port(error) = error else { panic!("{error:?}") };
        assert_eq!(error.kind, kind, "{error}");
        assert_eq!(everything(&*space, &asked).await, before, "reads go on, and see nothing of it");
        place.refuse_writes(None);
        apply(&*space, changes().write(large.write())).await;
        assert_eq!(told(space.turns(session.id, 0, 10).await).len(), 2);
    }
}
