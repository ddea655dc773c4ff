//! Labelled sentences: exactly the expected meaning is resolved, and nothing else.

use dreamkeeper_domain::time::{Granularity, Interval, Zone};
use dreamkeeper_language::time::{Anchor, Meaning, read};
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::Deserialize;

#[derive(Deserialize)]
struct Line {
    text: String,
    at: Timestamp,
    zone: Zone,
    expect: Option<Expected>,
}

#[derive(Deserialize)]
struct Expected {
    start: DateTime,
    end: DateTime,
    granularity: Granularity,
}

fn check(table: &str) {
    let mut failures = Vec::new();
    for line in table.lines() {
        let line: Line = serde_json::from_str(line).unwrap();
        let anchor = Anchor { at: line.at, zone: line.zone.rules() };
        let phrases = read(&line.text, &anchor);
        let found: Vec<Meaning> = phrases.into_iter().filter_map(|phrase| phrase.meaning).collect();
        let expected =
            line.expect.map(|Expected { start, end, granularity }| Meaning { start, end, granularity });
        if found != expected.into_iter().collect::<Vec<_>>() {
            failures.push(format!(
                "{} [{} {}]\n  expected {expected:?}\n  found {found:?}",
                line.text, line.at, line.zone
            ));
        }
    }
    assert!(failures.is_empty(), "{} lines:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn sentences_of_one_phrase_are_resolved_as_labelled() {
    check(include_str!("table.jsonl"));
}

#[test]
fn wordings_orders_and_look_alikes_are_resolved_as_labelled() {
    check(include_str!("wordings.jsonl"));
}

fn anchor(at: &str, zone: &str) -> Anchor {
    Anchor { at: at.parse().unwrap(), zone: Zone::new(zone).unwrap().rules() }
}

fn interval_of(text: &str, at: &str, zone: &str) -> Interval {
    let anchor = anchor(at, zone);
    read(text, &anchor).iter().find_map(|phrase| phrase.interval(&anchor)).unwrap()
}

fn check_interval(text: &str, at: &str, zone: &str, expected: (&str, &str)) {
    let bound = |bound: &str| Some(bound.parse().unwrap());
    let expected = Interval { from: bound(expected.0), to: bound(expected.1) };
    assert_eq!(interval_of(text, at, zone), expected, "{text}");
}

#[test]
fn a_day_of_a_clock_change_is_as_long_as_it_was() {
    let at = "2024-04-01T10:00:00Z";
    check_interval(
        "We met yesterday.",
        at,
        "Europe/Berlin",
        ("2024-03-30T23:00:00Z", "2024-03-31T22:00:00Z"),
    );
    let at = "2024-10-28T10:00:00Z";
    check_interval(
        "We met yesterday.",
        at,
        "Europe/Berlin",
        ("2024-10-26T22:00:00Z", "2024-10-27T23:00:00Z"),
    );
}

#[test]
fn an_hour_that_is_skipped_moves_ahead_and_one_lived_twice_is_whole() {
    let at = "2024-03-31T10:00:00Z";
    check_interval(
        "I woke up at 2am.",
        at,
        "Europe/Berlin",
        ("2024-03-31T01:00:00Z", "2024-03-31T02:00:00Z"),
    );
    let at = "2024-10-27T10:00:00Z";
    check_interval(
        "I woke up at 2am.",
        at,
        "Europe/Berlin",
        ("2024-10-27T00:00:00Z", "2024-10-27T02:00:00Z"),
    );
}

#[test]
fn a_phrase_is_marked_where_it_stands() {
    let text = "Señor Müller came back — yesterday morning — from Köln, every Tuesday he does.";
    let phrases = read(text, &anchor("2024-06-12T10:00:00Z", "UTC"));
    let told: Vec<_> =
        phrases.iter().map(|phrase| (phrase.span.of(text), phrase.meaning.is_some())).collect();
    assert_eq!(told, [(Some("yesterday morning"), true), (Some("every Tuesday"), false)]);
}

#[test]
fn what_is_vague_or_comes_again_is_found_and_stays_as_said() {
    for text in
        ["I moved recently.", "every Tuesday", "for two years", "at the end of the month", "a while back"]
    {
        let phrases = read(text, &anchor("2024-06-12T10:00:00Z", "UTC"));
        assert_eq!(phrases.iter().map(|phrase| phrase.meaning).collect::<Vec<_>>(), [None], "{text}");
    }
}

#[test]
fn two_phrases_of_a_sentence_are_both_found() {
    let phrases = read(
        "I went to Rome in March and I'm flying to Oslo on Friday.",
        &anchor("2024-06-12T10:00:00Z", "UTC"),
    );
    let starts: Vec<String> =
        phrases.iter().map(|phrase| phrase.meaning.unwrap().start.date().to_string()).collect();
    assert_eq!(starts, ["2024-03-01", "2024-06-14"]);
}
