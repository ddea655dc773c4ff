//! Receipts: read back as written.

use dreamkeeper_domain::changeset::{Outcome, Write};
use dreamkeeper_domain::id::{MemoryId, MessageId, ReceiptId};
use dreamkeeper_domain::memory::Evidence;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::Span;
use dreamkeeper_domain::receipt::{Receipt, Section, ServedItem, ServedSubject};

use super::{StorePlace, apply, open, told};
use crate::builders::{a_receipt, a_scope, a_served, an_actor, changes, minute};

/// Every property, in sections of every sort; of records that may be gone by now.
pub async fn every_property_of_a_receipt_is_read_back(place: &dyn StorePlace) {
    let space = open(place).await;
    let message = MessageId::new(minute(0), [1; 10]);
    let memory = ServedSubject::Memory { id: MemoryId::new(minute(0), [2; 10]), version: 7 };
    let rich = ServedItem {
        section: Section::OpenQuestions,
        span: Some(Span { start: 3, end: u32::MAX }),
        said_by: None,
        origin: Origin::External,
        evidence: vec![Evidence { message, span: Span { start: 0, end: 4 }, quote: "猫\u{0}".into() }],
        score: Some(0.1 + 0.2),
        ..a_served(memory, "a \"quote\"")
    };
    let bare = ServedItem {
        section: Section::Pinned,
        span: None,
        score: None,
        parts: Vec::new(),
        said_at: minute(-1),
        ..a_served(ServedSubject::State { key: "plan".into(), version: 1 }, "pro")
    };
    let said = a_served(ServedSubject::Message(message), "said");
    let receipt = Receipt {
        at: minute(5),
        query: "where?\n猫".into(),
        min_origin: Origin::Tool,
        nearest: Some(0.31),
        ..a_receipt(a_scope("ana", &["home"]), vec![rich, bare, said])
    };
    let empty = a_receipt(a_scope("bo", &[]), Vec::new());
    let writes = [&receipt, &empty].map(|receipt| Write::PutReceipt(Box::new(receipt.clone())));
    assert_eq!(apply(&*space, changes().writes(writes)).await, [Outcome::Done, Outcome::Done]);
    assert_eq!(receipt.actor, an_actor());
    for written in [receipt, empty] {
        assert_eq!(told(space.receipt(written.id).await), Some(written));
    }
    assert_eq!(told(space.receipt(ReceiptId::new(minute(0), [9; 10])).await), None);
}
