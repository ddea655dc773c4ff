//! What holds for any text at any moment.

use dreamkeeper_language::time::{Anchor, read};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

/// Pieces that phrases of time are made of, and what can stand between them.
const PIECES: [&str; 88] = [
    "yesterday",
    "tomorrow",
    "today",
    "tonight",
    "last",
    "next",
    "this",
    "the",
    "a",
    "an",
    "in",
    "on",
    "at",
    "of",
    "from",
    "to",
    "between",
    "and",
    "ago",
    "from now",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "day",
    "days",
    "hours",
    "minutes",
    "fortnight",
    "quarter",
    "weekend",
    "Monday",
    "Tuesday",
    "Friday",
    "Sun",
    "March",
    "May",
    "June",
    "february",
    "Dec.",
    "summer",
    "winter",
    "morning",
    "night",
    "noon",
    "midnight",
    "3",
    "15",
    "29",
    "31",
    "2024",
    "1999",
    "0",
    "9999",
    "4294967296",
    "99999999999999",
    "3pm",
    "14:30",
    "25:61",
    "2024-02-30",
    "12/25/2023",
    "5th",
    "first",
    "twenty",
    "-",
    "–",
    ",",
    ".",
    ":",
    "/",
    "'s",
    "’s",
    "every",
    "each",
    "before",
    "after",
    "since",
    "early",
    "mid",
    "end of",
    "Q2",
    "half past",
    "a couple of",
    "was",
    "will",
    "İst\u{307}",
];

fn anchors() -> impl Strategy<Value = Anchor> {
    const ZONES: [&str; 5] =
        ["UTC", "Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati"];
    let (low, high) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    let second = prop_oneof![
        4 => 0_i64..2_500_000_000,
        1 => low..=low + 40_000_000,
        1 => high - 40_000_000..=high,
        1 => low..=high,
    ];
    (second, prop::sample::select(&ZONES[..])).prop_map(|(second, zone)| Anchor {
        at: Timestamp::from_second(second).unwrap(),
        zone: TimeZone::get(zone).unwrap(),
    })
}

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
        1 => any::<String>(),
    ];
    let space = prop::sample::select(&[" ", " ", " ", "", "\n", "\u{a0}"][..]);
    prop::collection::vec((piece, space), 0..14)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, space)| piece + space).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn any_text_is_read_and_its_phrases_stand_in_order_inside_it(text in texts(), anchor in anchors()) {
        let phrases = read(&text, &anchor);
        let mut end = 0;
        for phrase in &phrases {
            prop_assert!(phrase.span.start >= end && phrase.span.start < phrase.span.end);
            prop_assert!(phrase.span.of(&text).is_some(), "{:?} in {text:?}", phrase.span);
            end = phrase.span.end;
        }
    }

    #[test]
    fn what_is_meant_begins_before_it_ends(text in texts(), anchor in anchors()) {
        for phrase in read(&text, &anchor) {
            let Some(meaning) = phrase.meaning else {
                prop_assert!(phrase.interval(&anchor).is_none());
                continue;
            };
            prop_assert!(meaning.start < meaning.end);
            if let Some(interval) = phrase.interval(&anchor) {
                prop_assert!(interval.from.is_some() && interval.to.is_some() && interval.from < interval.to);
            }
        }
    }

    #[test]
    fn the_same_message_is_always_read_the_same_way(text in texts(), anchor in anchors()) {
        prop_assert_eq!(read(&text, &anchor), read(&text, &anchor));
    }
}
