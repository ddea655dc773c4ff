//! The labelled messages beside this file: how much of what is read is right, and how much is read.

use dreamkeeper_language::statements::{Statement, Utterance, read};
use dreamkeeper_language::time::Anchor;
use jiff::tz::TimeZone;
use serde::Deserialize;

#[derive(Deserialize)]
struct Line {
    text: String,
    speaker: Option<String>,
    at: jiff::Timestamp,
    zone: String,
    expect: Vec<Expected>,
}

#[derive(Deserialize)]
struct Expected {
    kind: String,
    subject: String,
    value: String,
}

fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase().replace('’', "'").replace("'s", " ");
    let parts = lower.split(|one: char| !one.is_alphanumeric() && !"'-.:+#".contains(one));
    parts
        .map(|word| word.trim_matches(['\'', '-', '.', ':']))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn has_words(text: &str, value: &str) -> bool {
    let text = words(text);
    words(value).iter().all(|word| text.contains(word))
}

/// The same subject, and the value's words in any order.
fn is_same(read: &Statement, expected: &Expected, message: &str) -> bool {
    let subject = match (read.subject == "user", expected.subject == "user") {
        (true, true) => true,
        (false, false) => words(&read.subject).iter().any(|word| words(&expected.subject).contains(word)),
        _ => false,
    };
    let quote = read.quote.of(message).unwrap_or_default();
    subject && has_words(&format!("{} {} {quote}", read.subject, read.text), &expected.value)
}

#[test]
fn labelled_messages_are_read_rightly_and_mostly() {
    check(include_str!("labelled.jsonl"));
}

#[test]
fn terse_speakers_of_many_places_are_read_rightly_and_mostly() {
    check(include_str!("terse.jsonl"));
}

fn check(lines: &str) {
    let (mut expected, mut right, mut wrong, mut kinds) = (0, 0, 0, 0);
    for line in lines.lines() {
        let line: Line = serde_json::from_str(line).expect("the labelled lines are whole");
        let anchor =
            Anchor { at: line.at, zone: TimeZone::get(&line.zone).expect("the labelled lines are whole") };
        let utterance = Utterance { text: &line.text, speaker: line.speaker.as_deref(), anchor: &anchor };
        let mut left = read(&utterance).statements;
        expected += line.expect.len();
        for one in &line.expect {
            if let Some(at) = left.iter().position(|read| is_same(read, one, &line.text)) {
                right += 1;
                kinds += usize::from(left.remove(at).kind.as_str() == one.kind);
            }
        }
        let restates = |read: &&Statement| read.kind.as_str() == "relationship" && !line.expect.is_empty();
        wrong += left.iter().filter(|read| !restates(read)).count();
    }
    let share = |part: usize, whole: usize| part as f64 / whole as f64;
    let (precision, recall) = (share(right, right + wrong), share(right, expected));
    let agreement = share(kinds, right);
    assert!(
        precision >= 0.95 && recall >= 0.60,
        "precision {precision:.3}, recall {recall:.3}, kinds {agreement:.3}"
    );
    assert!(agreement >= 0.85, "kinds {agreement:.3}");
}
