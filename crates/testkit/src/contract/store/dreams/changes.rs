//! Proposed changes: kept by number, and emptied with what they rest on.

use dreamkeeper_domain::changeset::{ApplyError, Write};
use dreamkeeper_domain::dream::{ChangeReview, Effect, MemoryEffect, ProposedChange, SessionQuote};
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::version::Operation;

use super::{StorePlace, apply, dream_at, open, propose, put, refuse, told};
use crate::builders::{
    MemoryBuilder, a_memory, a_message, a_named_session, a_proposed_change, a_scope, an_actor, changes,
    minute,
};

/// One with the number of another takes its place.
pub async fn changes_are_kept_by_number(place: &dyn StorePlace) {
    let space = open(place).await;
    let dream = dream_at(minute(0));
    let unknown = Write::PutProposedChanges { dream: dream.id, changes: Vec::new() };
    let error = refuse(&*space, changes().write(unknown)).await;
    assert!(matches!(error, ApplyError::NotFound { .. }), "{error}");
    apply(&*space, changes().write(put(&dream))).await;
    let mut proposed: Vec<_> = [2, 1, 3].map(|number| a_proposed_change(dream.id, number)).into();
    propose(&*space, &dream, &proposed).await;
    proposed[0].review = ChangeReview::SetAside { reasons: vec!["it loses a claim".into()] };
    propose(&*space, &dream, &proposed[..1]).await;
    proposed.sort_by_key(|change| change.number);
    assert_eq!(told(space.proposed_changes(dream.id).await), proposed);
}

/// Whatever was decided about a change, it reads back.
pub async fn every_review_of_a_change_is_kept(place: &dyn StorePlace) {
    let space = open(place).await;
    let dream = dream_at(minute(0));
    apply(&*space, changes().write(put(&dream))).await;
    let (actor, at) = (an_actor(), minute(1));
    let reviews = [
        ChangeReview::Waiting,
        ChangeReview::Accepted { actor: actor.clone(), at },
        ChangeReview::Rejected { actor: actor.clone(), at, reason: Some("not yet".into()) },
        ChangeReview::Rejected { actor, at, reason: None },
        ChangeReview::SetAside { reasons: vec!["it loses a claim".into()] },
        ChangeReview::Adopted { adoption: 1 },
        ChangeReview::RolledBack { adoption: 1 },
    ];
    for review in reviews {
        let change = ProposedChange { review, ..a_proposed_change(dream.id, 1) };
        propose(&*space, &dream, std::slice::from_ref(&change)).await;
        assert_eq!(told(space.proposed_changes(dream.id).await), [change]);
    }
}

/// Also where it is proposed again.
pub async fn erasing_a_source_empties_what_was_proposed_of_it(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_named_session(a_scope("ana", &[]), "monday");
    let said = a_message("I like tea").in_session(&session);
    let message = said.clone().build();
    let memory = a_memory("Ana likes tea").scope(a_scope("ana", &[])).build();
    let dream = dream_at(minute(0));
    let remembered = MemoryBuilder::from(memory.clone()).write();
    let set = changes().open(&session).writes([said.write(), remembered, put(&dream)]);
    apply(&*space, set).await;
    let quoting = ProposedChange {
        evidence: vec![SessionQuote { message: message.id, quote: "I like tea".into() }],
        ..a_proposed_change(dream.id, 1)
    };
    let changing = ProposedChange { effects: vec![archiving(&memory)], ..a_proposed_change(dream.id, 2) };
    let bystander = a_proposed_change(dream.id, 3);
    let proposed = [quoting, changing, bystander.clone()];
    propose(&*space, &dream, &proposed).await;
    let erase_message = Write::EraseMessage { id: message.id, reason: None };
    let erase_memory = Write::EraseMemory { id: memory.id, reason: None };
    apply(&*space, changes().write(erase_message).write(erase_memory)).await;
    let check = |found: &[ProposedChange]| {
        for change in &found[..2] {
            assert!(matches!(change.review, ChangeReview::SetAside { .. }), "{change:?}");
            assert!(change.title.is_empty() && change.effects.is_empty(), "{change:?}");
            assert!(change.evidence.iter().all(|quote| quote.quote.is_empty()), "{change:?}");
        }
        assert_eq!(found[2], bystander);
    };
    check(&told(space.proposed_changes(dream.id).await));
    propose(&*space, &dream, &proposed).await;
    check(&told(space.proposed_changes(dream.id).await));
}

/// The change itself rests on the memories, which stay.
pub async fn erasing_a_message_takes_its_quotes_from_memories_that_a_change_touches(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_named_session(a_scope("ana", &[]), "monday");
    let said = a_message("I like tea").in_session(&session);
    let message = said.clone().build();
    let memory = a_memory("Ana likes tea").scope(a_scope("ana", &[])).resting_on(&message).build();
    let dream = dream_at(minute(0));
    let remembered = MemoryBuilder::from(memory.clone()).write();
    let set = changes().open(&session).writes([said.write(), remembered, put(&dream)]);
    apply(&*space, set).await;
    let change = ProposedChange { effects: vec![archiving(&memory)], ..a_proposed_change(dream.id, 1) };
    propose(&*space, &dream, std::slice::from_ref(&change)).await;
    apply(&*space, changes().write(Write::EraseMessage { id: message.id, reason: None })).await;
    let mut hollow = memory.clone();
    hollow.evidence.iter_mut().for_each(|evidence| evidence.quote.clear());
    let expected = ProposedChange { effects: vec![archiving(&hollow)], ..change.clone() };
    assert_eq!(told(space.proposed_changes(dream.id).await), std::slice::from_ref(&expected));
    propose(&*space, &dream, &[change]).await;
    assert_eq!(told(space.proposed_changes(dream.id).await), [expected]);
}

fn archiving(memory: &Memory) -> Effect {
    Effect::Memory(MemoryEffect {
        memory: memory.id,
        expected: Some(1),
        operation: Operation::Archive,
        before: Some(Box::new(memory.clone())),
        after: Box::new(memory.clone()),
    })
}
