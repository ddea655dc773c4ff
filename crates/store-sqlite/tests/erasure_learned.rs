//! What was learned of something erased is in no file any more: the files are searched for its words.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use dreamkeeper_domain::candidate::{Closing, HeldStatus};
use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::event::{LearnEvent, LearnReport, Settlement, Verdict};
use dreamkeeper_domain::receipt::ServedSubject;
use dreamkeeper_store_sqlite::{DataDir, Options};
use dreamkeeper_testkit::builders::{
    a_candidate, a_decision, a_detail, a_held, a_memory, a_message, a_named_session, a_receipt, a_scope,
    a_served, a_space, a_summary, an_actor, an_event, an_event_of, changes, minute,
};
use tempfile::TempDir;

/// Which of the words stand in any file under the directory, logs and all.
fn found(directory: &Path, words: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(self::found(&path, words));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        found.extend(words.iter().filter(|word| text.contains(**word)).map(|word| (*word).to_owned()));
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn when_an_erasure_is_answered_what_was_learned_of_it_is_in_no_file() {
    let words = ["proposedword", "heldword", "decidedword", "summedword", "rememberedword", "closedword"];
    let directory = TempDir::new().unwrap();
    let options = Options { idle: Duration::from_millis(20), ..Options::default() };
    let data = DataDir::open(directory.path(), options).unwrap();
    let space = data.store().space(a_space()).await.unwrap();
    let session = a_named_session(a_scope("ana", &[]), "talk");
    let message = a_message("Something was said").in_session(&session);
    let said = message.clone().build();
    let candidate = |text: &str| a_candidate(&text.repeat(40), &session.scope, &[&said]);
    let event = an_event_of(&session, &[&said]);
    let proposed = LearnEvent {
        proposals: vec![candidate("proposedword ")],
        due_at: minute(9),
        ..an_event(&session.scope)
    };
    let held = a_held(candidate("heldword "));
    let closed = a_held(a_candidate("closedword", &session.scope, &[]));
    let memory = a_memory("Ana once said rememberedword").scope(session.scope.clone());
    let memory = memory.with(|memory| memory.detail = a_detail("rememberedword", "x", "rememberedword"));
    let id = memory.clone().build().id;
    let subject = ServedSubject::Memory { id, version: 1 };
    let receipt = a_receipt(session.scope.clone(), vec![a_served(subject, "Ana once said rememberedword")]);
    let closing =
        Closing { actor: an_actor(), at: minute(0), reason: Some("closedword".into()), memory: Some(id) };
    let decisions = vec![a_decision(Verdict::Drop, "decidedword", &[&said])];
    let report = LearnReport { decisions, ..LearnReport::default() };
    let writes = [
        message.write(),
        Write::Enqueue(Box::new(event.clone())),
        Write::Enqueue(Box::new(proposed)),
        Write::Hold(Box::new(held)),
        Write::Hold(Box::new(closed.clone())),
        memory.write(),
        Write::CloseHeld { id: closed.candidate.id, status: HeldStatus::Released, closing },
        Write::PutReceipt(Box::new(receipt)),
        Write::PutSummary(Box::new(a_summary(&session, "summedword", 1))),
        Write::Lease { worker: "w".into(), until: minute(5), count_max: 9 },
        Write::Settle {
            worker: "w".into(),
            events: vec![event.id],
            settlement: Settlement::Succeeded(Box::new(report)),
        },
    ];
    space.apply(changes().open(&session).writes(writes).build()).await.unwrap();
    assert_eq!(found(directory.path(), &words).len(), words.len(), "the search finds what is there");
    let erase = [Write::EraseMessage { id: said.id, reason: None }, Write::EraseMemory { id, reason: None }];
    space.apply(changes().at(minute(1)).writes(erase).build()).await.unwrap();
    assert_eq!(found(directory.path(), &words), BTreeSet::new());
    assert_eq!(space.check().await.unwrap(), Vec::<String>::new());
}
