//! Erasing takes what was learned with it. A word that nothing else says is sought in every read.

use dreamkeeper_domain::candidate::{Closing, Held, HeldStatus};
use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::event::{ERROR_EMPTIED, LearnEvent, LearnReport, Settlement, Verdict};
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::ports::{EventQuery, HeldQuery, SpaceStore};
use dreamkeeper_domain::receipt::{Receipt, ServedSubject};
use dreamkeeper_domain::scope::Scope;

use super::{StorePlace, apply, enqueue, event_at, leased, open, settle, talk, told};
use crate::builders::{
    MemoryBuilder, a_candidate, a_decision, a_detail, a_held, a_memory, a_receipt, a_served, a_summary,
    an_actor, an_event, changes, minute,
};

const CANARY: &str = "zanzibar";

/// Everything that the learning records of the space tell.
async fn everything(space: &dyn SpaceStore) -> String {
    let events = told(space.list_events(&EventQuery { limit: 99, ..EventQuery::default() }).await);
    let held = told(space.list_held(&HeldQuery { limit: 99, ..HeldQuery::default() }).await);
    let summaries = told(space.summaries(&Scope::default(), 99).await);
    let names = told(space.names(&Scope::default(), 99).await);
    let served = told(space.served(&Scope::user("ana"), &[sentence()]).await);
    format!("{events:?} {held:?} {summaries:?} {names:?} {served:?}").to_lowercase()
}

fn sentence() -> String {
    format!("ana moves to {CANARY}")
}

fn succeeded(decisions: Vec<dreamkeeper_domain::event::Decision>) -> Settlement {
    Settlement::Succeeded(Box::new(LearnReport { decisions, ..LearnReport::default() }))
}

/// Warnings and errors may repeat a model that was shown the message, with its own event and with later ones.
pub async fn an_erased_message_leaves_no_words_of_warnings_and_errors(place: &dyn StorePlace) {
    let space = open(place).await;
    let (session, messages) = talk(&*space, "ana", 3).await;
    let (other, others) = talk(&*space, "ben", 1).await;
    let mut made: Vec<_> = messages.iter().map(|message| event_at(&session, message, 0)).collect();
    made.push(event_at(&other, &others[0], 0));
    apply(&*space, changes().writes(made.iter().map(enqueue))).await;
    leased(&*space, "w", 0, 64).await;
    let ids: Vec<_> = made.iter().map(|event| event.id).collect();
    let warned = |text: &str| {
        let warnings = vec![text.to_owned()];
        Settlement::Succeeded(Box::new(LearnReport { turns_read: 3, warnings, ..LearnReport::default() }))
    };
    let failed = |text: &str| Settlement::Failed { error: text.to_owned() };
    let writes = [
        settle("w", &ids[..1], warned(CANARY)),
        settle("w", &ids[1..2], failed(CANARY)),
        settle("w", &ids[3..], failed("no such model")),
        Write::EraseMessage { id: messages[0].id, reason: None },
        // What comes of later turns is told.
        settle("w", &ids[2..3], warned("an answer was repaired")),
    ];
    apply(&*space, changes().writes(writes)).await;
    let left = everything(&*space).await;
    assert!(!left.contains(CANARY), "{left}");
    let events = told(space.events(&ids).await);
    assert_eq!(events[0].report, LearnReport { turns_read: 3, ..LearnReport::default() });
    assert_eq!(events[1].error.as_deref(), Some(ERROR_EMPTIED));
    assert_eq!(events[2].report.warnings, ["an answer was repaired"]);
    assert_eq!(events[3].error.as_deref(), Some("no such model"), "another session's");
}

/// Proposals, held candidates, decisions and the session's summary; what rests on other messages stays.
pub async fn an_erased_message_leaves_nothing_that_was_learned_from_it(place: &dyn StorePlace) {
    let space = open(place).await;
    let (session, messages) = talk(&*space, "ana", 3).await;
    let (secret, plain) = (&messages[1], &messages[0]);
    let made = event_at(&session, secret, 0);
    let candidate = |text: &str, quoted: &[&Message]| a_candidate(text, &session.scope, quoted);
    let proposals = vec![candidate(CANARY, &[secret]), candidate("Ana rows", &[plain])];
    let proposed = LearnEvent { proposals, due_at: minute(60), ..an_event(&session.scope) };
    let mut unfound = candidate(CANARY, &[]);
    unfound.unfound = vec![(Some(secret.id), CANARY.to_owned())];
    let (held, kept) = (a_held(unfound), a_held(candidate("Ana swims", &[plain])));
    let served = |upto, text| a_served(ServedSubject::Summary { session: session.id, upto }, text);
    let receipt = a_receipt(session.scope.clone(), vec![served(2, CANARY), served(1, "Ana rows")]);
    let writes = [
        enqueue(&made),
        enqueue(&proposed),
        Write::Hold(Box::new(held.clone())),
        Write::Hold(Box::new(kept.clone())),
        Write::PutSummary(Box::new(a_summary(&session, CANARY, 2))),
        Write::PutReceipt(Box::new(receipt.clone())),
    ];
    apply(&*space, changes().writes(writes)).await;
    let ids = leased(&*space, "w", 0, 64).await;
    let decisions = vec![
        a_decision(Verdict::Drop, CANARY, &[plain, secret]),
        a_decision(Verdict::Drop, "Ana sings", &[plain]),
    ];
    apply(&*space, changes().write(settle("w", &ids, succeeded(decisions)))).await;
    assert!(everything(&*space).await.contains(CANARY));
    let erase = Write::EraseMessage { id: secret.id, reason: None };
    apply(&*space, changes().at(minute(9)).write(erase)).await;
    let left = everything(&*space).await;
    assert!(!left.contains(CANARY), "{left}");
    for stays in ["ana rows", "ana swims", "ana sings"] {
        assert!(left.contains(stays), "{stays}: {left}");
    }
    let found = told(space.held(&[held.candidate.id]).await);
    assert_eq!((found[0].status, found[0].candidate.text.as_str()), (HeldStatus::Rejected, ""));
    assert_eq!(told(space.held(&[kept.candidate.id]).await), [kept]);
    assert_eq!(told(space.summary(session.id).await), None);
    assert_eq!(quotes(&*space, &receipt).await, ["", "Ana rows"], "what reached over it");
    assert_eq!(told(space.check().await), Vec::<String>::new());
}

/// Decisions, the candidate it came of, sentences served, its names, and how it fared.
pub async fn an_erased_memory_leaves_nothing_that_tells_it(place: &dyn StorePlace) {
    let space = open(place).await;
    let (session, messages) = talk(&*space, "ana", 1).await;
    let memory = a_memory("Ana moves to Zanzibar").scope(session.scope.clone());
    let memory = memory.with(|memory| memory.detail = a_detail("user", "residence", CANARY));
    let memory = memory.with(|memory| memory.detail.entities = vec![CANARY.to_owned()]).build();
    let subject = ServedSubject::Memory { id: memory.id, version: 1 };
    let receipt = a_receipt(session.scope.clone(), vec![a_served(subject, &memory.text)]);
    let held = a_held(a_candidate(CANARY, &session.scope, &[]));
    let closing = Closing {
        actor: an_actor(),
        at: minute(1),
        reason: Some(CANARY.to_owned()),
        memory: Some(memory.id),
    };
    let writes = [
        MemoryBuilder::from(memory.clone()).write(),
        Write::PutReceipt(Box::new(receipt)),
        enqueue(&event_at(&session, &messages[0], 0)),
        Write::Hold(Box::new(held.clone())),
        Write::CloseHeld { id: held.candidate.id, status: HeldStatus::Released, closing },
    ];
    apply(&*space, changes().writes(writes)).await;
    let ids = leased(&*space, "w", 0, 64).await;
    let decision = a_decision(Verdict::Add { memory: memory.id }, CANARY, &[&messages[0]]);
    apply(&*space, changes().write(settle("w", &ids, succeeded(vec![decision])))).await;
    assert_eq!(told(space.served(&Scope::user("ana"), &[sentence()]).await), [sentence()]);
    apply(&*space, changes().write(Write::EraseMemory { id: memory.id, reason: None })).await;
    let left = everything(&*space).await;
    assert!(!left.contains(CANARY), "{left}");
    assert_eq!(told(space.usefulness(&[memory.id]).await), []);
    let key = memory.detail.slot.as_ref().map(dreamkeeper_domain::detail::Slot::key).unwrap_or_default();
    assert_eq!(told(space.memories_by_slot(&session.scope, &[key]).await), []);
    assert_eq!(told(space.memories_by_text(&session.scope, &[sentence(), String::new()]).await), []);
    let read = format!("{:?}", told(space.memories(&[memory.id], None).await)).to_lowercase();
    assert!(!read.contains(CANARY), "{read}");
    let closed: Vec<Held> = told(space.held(&[held.candidate.id]).await);
    assert_eq!(closed[0].status, HeldStatus::Released, "how it was closed stays");
    assert_eq!(told(space.check().await), Vec::<String>::new());
}

/// A worker may be at it while they are erased.
pub async fn what_was_learned_of_erased_messages_is_not_written(place: &dyn StorePlace) {
    let space = open(place).await;
    let (session, messages) = talk(&*space, "ana", 2).await;
    apply(&*space, changes().write(enqueue(&event_at(&session, &messages[0], 0)))).await;
    let ids = leased(&*space, "w", 0, 64).await;
    let secret = &messages[0];
    apply(&*space, changes().write(Write::EraseMessage { id: secret.id, reason: None })).await;
    let held = a_held(a_candidate(CANARY, &session.scope, &[secret]));
    let mut summary = a_summary(&session, CANARY, 2);
    summary.messages = vec![secret.id];
    // Made from a summary that told of it, too, and went with it.
    let mut going_on = a_summary(&session, CANARY, 2);
    going_on.continues = Some(1);
    let subject = ServedSubject::Summary { session: session.id, upto: 1 };
    let receipt = a_receipt(session.scope.clone(), vec![a_served(subject, CANARY)]);
    let proposals = vec![a_candidate(CANARY, &session.scope, &[secret])];
    let proposed = LearnEvent { proposals, ..an_event(&session.scope) };
    let decisions = vec![a_decision(Verdict::Drop, CANARY, &[secret])];
    let warnings = vec![format!("the model refused: {CANARY}")];
    let settlement =
        Settlement::Succeeded(Box::new(LearnReport { decisions, warnings, ..LearnReport::default() }));
    let writes = [
        Write::Hold(Box::new(held.clone())),
        Write::PutSummary(Box::new(summary)),
        Write::PutSummary(Box::new(going_on)),
        Write::PutReceipt(Box::new(receipt.clone())),
        enqueue(&proposed),
        settle("w", &ids, settlement),
    ];
    apply(&*space, changes().writes(writes)).await;
    let left = everything(&*space).await;
    assert!(!left.contains(CANARY), "{left}");
    assert_eq!(told(space.held(&[held.candidate.id]).await)[0].status, HeldStatus::Rejected);
    assert_eq!(quotes(&*space, &receipt).await, [""]);
}

/// What a receipt still quotes.
async fn quotes(space: &dyn SpaceStore, receipt: &Receipt) -> Vec<String> {
    let kept = told(space.receipt(receipt.id).await).expect("the receipt was written");
    kept.items.into_iter().map(|item| item.quote).collect()
}
