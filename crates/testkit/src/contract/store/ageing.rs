//! Ageing: what is kept for a time only, and what an erasure takes from it.

use dreamkeeper_domain::changeset::{Expected, Write};
use dreamkeeper_domain::id::ReceiptId;
use dreamkeeper_domain::limits::{AUDIT_DAYS, IDEMPOTENCY_DAYS, PRUNE_COUNT_MAX, RECEIPT_DAYS};
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::receipt::{Receipt, ServedSubject};
use jiff::Timestamp;
use serde_json::json;

use super::{StorePlace, apply, open, refuse, told};
use crate::builders::{a_memory, a_message, a_receipt, a_scope, a_served, a_session, changes, minute};

fn day(day: i64) -> Timestamp {
    minute(day * 24 * 60)
}

/// Within its days a repetition is answered; after them the key is new.
pub async fn an_idempotency_key_is_remembered_for_its_days(place: &dyn StorePlace) {
    let space = open(place).await;
    let scope = a_scope("ana", &[]);
    let set = |key: &str, digest, when| {
        changes().at(when).idempotent(key, digest).state(&scope, "plan", Some(json!(digest)), Expected::Any)
    };
    apply(&*space, set("request", 1, day(0))).await;
    let repeated = set("request", 1, day(IDEMPOTENCY_DAYS)).build();
    assert!(space.apply(repeated).await.expect("a repetition is answered").replayed);
    refuse(&*space, set("request", 2, day(IDEMPOTENCY_DAYS))).await;
    apply(&*space, set("request", 2, day(IDEMPOTENCY_DAYS + 1))).await;
    let repeated = set("request", 2, day(IDEMPOTENCY_DAYS + 2)).build();
    assert!(space.apply(repeated).await.expect("a repetition is answered").replayed, "it counts anew");
}

/// The oldest go with those that come.
pub async fn receipts_are_kept_for_their_days(place: &dyn StorePlace) {
    let space = open(place).await;
    let memory = a_memory("Ana likes tea").build();
    let receipt = |when: Timestamp, number: u8| {
        let subject = ServedSubject::Memory { id: memory.id, version: 1 };
        let served = vec![a_served(subject, "Ana likes tea")];
        Receipt { id: ReceiptId::new(when, [number; 10]), at: when, ..a_receipt(a_scope("ana", &[]), served) }
    };
    let old: Vec<Receipt> = (0..PRUNE_COUNT_MAX as u8 + 2).map(|number| receipt(day(0), number)).collect();
    let young = receipt(day(1), 0);
    let put = |receipt: &Receipt| Write::PutReceipt(Box::new(receipt.clone()));
    apply(&*space, changes().at(day(0)).writes(old.iter().map(put))).await;
    apply(&*space, changes().at(day(1)).write(put(&young))).await;
    assert!(told(space.receipt(old[0].id).await).is_some());
    for number in 1..=2 {
        let new = receipt(day(RECEIPT_DAYS + 1), number);
        apply(&*space, changes().at(new.at).write(put(&new))).await;
        assert!(told(space.receipt(new.id).await).is_some());
    }
    for gone in &old {
        assert_eq!(told(space.receipt(gone.id).await), None);
    }
    assert_eq!(told(space.receipt(young.id).await), Some(young), "of its last day");
    assert_eq!(told(SpaceStore::check(&*space).await), Vec::<String>::new());
}

/// The oldest go; the numbers of those that stay are theirs, and go on.
pub async fn audit_entries_are_kept_for_their_days(place: &dyn StorePlace) {
    let space = open(place).await;
    let scope = a_scope("ana", &[]);
    let set = |when| changes().at(when).state(&scope, "plan", Some(json!(1)), Expected::Any);
    for _ in 0..5 {
        apply(&*space, set(day(0))).await;
    }
    for _ in 0..20 {
        apply(&*space, set(day(AUDIT_DAYS + 1))).await;
    }
    let entries = told(space.audit(0, 100).await);
    assert!(entries.iter().map(|entry| entry.number).eq(6..=25), "{entries:?}");
    assert_eq!(told(SpaceStore::check(&*space).await), Vec::<String>::new());
}

/// A digest could confirm a guess of what was erased: afterwards the key alone tells a repetition.
pub async fn an_erasure_drops_the_digests_of_requests(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_session(a_scope("ana", &[]));
    let message = a_message("a secret").in_session(&session);
    let set = |digest| changes().idempotent("request", digest).open(&session).write(message.clone().write());
    let first = apply(&*space, set(1)).await;
    refuse(&*space, set(2)).await;
    apply(&*space, changes().write(Write::EraseMessage { id: message.clone().build().id, reason: None }))
        .await;
    for digest in [1, 2] {
        let answer = space.apply(set(digest).build()).await.expect("nothing tells the two apart");
        assert_eq!((answer.replayed, &answer.outcomes), (true, &first));
    }
    assert_eq!(told(space.turns(session.id, 0, 10).await).len(), 1);
}
