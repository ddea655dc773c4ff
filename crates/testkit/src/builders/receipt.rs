//! Receipts.

use dreamkeeper_domain::id::ReceiptId;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::Span;
use dreamkeeper_domain::receipt::{Receipt, ScorePart, Section, ServedItem, ServedSubject};
use dreamkeeper_domain::scope::Scope;

use super::{EPOCH, an_actor, at, next_id_bytes};

/// A receipt of what was served in a scope.
pub fn a_receipt(scope: Scope, items: Vec<ServedItem>) -> Receipt {
    Receipt {
        id: ReceiptId::new(at(EPOCH), next_id_bytes()),
        at: at(EPOCH),
        actor: an_actor(),
        query: "what do I know?".into(),
        scope,
        min_origin: Origin::User,
        asked: None,
        items,
        nearest: None,
    }
}

/// One served item with its words.
pub fn a_served(subject: ServedSubject, quote: &str) -> ServedItem {
    let section = match subject {
        ServedSubject::Message(_) => Section::Conversation,
        ServedSubject::Memory { .. } => Section::Memories,
        ServedSubject::Topic { .. } => Section::Topics,
        ServedSubject::State { .. } => Section::State,
        ServedSubject::Summary { .. } => Section::Summaries,
    };
    ServedItem {
        section,
        subject,
        quote: quote.to_owned(),
        span: Some(Span { start: 0, end: quote.len() as u32 }),
        said_by: Some("Ana".into()),
        said_at: at(EPOCH),
        origin: Origin::User,
        evidence: Vec::new(),
        score: Some(0.75),
        parts: vec![ScorePart { signal: "lexical".into(), value: 0.75 }],
    }
}
