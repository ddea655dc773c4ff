//! A name that a quote takes from the turn before it gets that turn as evidence.

use dreamkeeper_domain::event::Verdict;
use dreamkeeper_domain::memory::Status;
use dreamkeeper_engine::NewMessage;

use crate::house::{house, said};
use crate::model::{item, port, proposing};

fn by(author: &str, text: &str) -> NewMessage {
    NewMessage { author: Some(author.to_owned()), ..said("2026-01-05T10:00:00Z", text) }
}

/// Learns what a model proposes of the answer to a turn; the quotes of what is kept, or nothing where it is held back.
async fn check(asked: &str, answer: &'static str, proposed: &str, expected: &[&str]) {
    let script = vec![(answer, item(proposed, ("Jon", "note", "it"), answer))];
    let house = house(port(&proposing(script))).await;
    let event = house.hear("talk", vec![by("Gina", asked), by("Jon", answer)]).await;
    let held = event.report.decisions.iter().any(|said| matches!(said.verdict, Verdict::Quarantine { .. }));
    assert_eq!(held, expected.is_empty(), "{proposed}: {:?}", event.report.decisions);
    let memories = house.memories(&[Status::Active]).await;
    let quotes: Vec<&str> = memories
        .iter()
        .filter(|memory| memory.text == proposed)
        .flat_map(|memory| memory.evidence.iter().map(|evidence| evidence.quote.as_str()))
        .collect();
    assert_eq!(quotes, expected, "{proposed}");
}

#[tokio::test]
async fn what_stands_for_a_name_cites_where_it_was_named() {
    let (asked, answer) = ("Hello. Have you been to Porto? I was.", "I spend every summer there.");
    check(asked, answer, "Jon spends every summer in Porto", &["Have you been to Porto?", answer]).await;
}

#[tokio::test]
async fn what_is_done_by_speaking_cites_whom_it_answers() {
    let (asked, answer) = ("Here is the key. Take care!", "Thanks for lending me the flat.");
    check(asked, answer, "Jon thanked Gina for lending him the flat", &["Here is the key.", answer]).await;
}

#[tokio::test]
async fn what_was_named_by_nobody_is_held_back() {
    let asked = "Have you been to Porto?";
    check(asked, "I spend every summer there.", "Jon spends every summer in Rome", &[]).await;
    check(asked, "I spend every summer abroad.", "Jon spends every summer in Porto", &[]).await;
    check(asked, "I spend every summer there.", "Gina spends every summer in Porto", &[]).await;
    check(asked, "I spent 3 summers there.", "Jon spent 4 summers in Porto", &[]).await;
}
