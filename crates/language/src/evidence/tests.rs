//! Tests of what follows from a quote and what does not.

use dreamkeeper_domain::time::Granularity;
use jiff::civil::date;
use proptest::prelude::*;

use super::{Sources, find_quote, negation_flipped, unsupported};
use crate::time::Meaning;

fn meaning(start: jiff::civil::Date, end: jiff::civil::Date, granularity: Granularity) -> Meaning {
    Meaning { start: start.at(0, 0, 0, 0), end: end.at(0, 0, 0, 0), granularity }
}

/// Checks which words of a memory the quote does not bear.
fn check(text: &str, quote: &str, expected: &[&str]) {
    check_with(text, &Sources { quotes: &[quote], speakers: &["Melanie"], ..Sources::default() }, expected);
}

fn check_with(text: &str, sources: &Sources<'_>, expected: &[&str]) {
    let found: Vec<String> = unsupported(text, sources).into_iter().map(|claim| claim.word).collect();
    assert_eq!(found, expected, "{text:?} from {sources:?}");
}

#[test]
fn what_was_said_follows() {
    for (text, quote) in [
        ("Melanie lives in Lisbon", "I live in Lisbon now"),
        ("User has two dogs", "We have 2 dogs"),
        ("User has 2 dogs", "we have two dogs"),
        ("User has one cat", "I have a cat"),
        ("Melanie's sister Ana is a nurse", "my sister ana is a nurse"),
        ("User weighs 71.5 kg", "I weigh 71,5kg"),
        ("User earns 1500 euros", "I earn 1,500 euros"),
        ("User ran 10,000 steps", "ran 10k steps"),
        ("The house cost 1.5 million", "it cost 1,500,000"),
        ("User has twenty-one books", "21 books"),
        ("User has a dozen eggs", "12 eggs"),
        ("User works at McDonald's", "I work at McDonalds"),
        ("User's friend José moved to Łódź", "jose moved to lodz"),
        ("User likes Thai food", "I like thai food"),
        ("User was born on 5 May 1990", "I was born May 5th, 1990"),
        ("User was born on 1990-05-05", "born 5 May 1990"),
        ("The party is in May 2026", "the party is on May 5, 2026"),
        ("User wakes at 15:30", "I wake at 3:30pm"),
        ("User gets up at 7 am on Mondays", "every Monday I get up at 7am"),
        ("User takes vitamin B12", "I take b12"),
        ("I moved to Porto", "I moved to Porto"),
        ("User joined last Tuesday", "I joined last Tues."),
        ("User took one of the jobs first", "I took it"),
        ("Cooking is what the user loves", "I love to cook"),
        ("Dr. Smith treats Melanie", "Dr Smith treats me"),
        ("User may move in spring", "I may move"),
        ("", ""),
    ] {
        check(text, quote, &[]);
    }
}

#[test]
fn what_was_not_said_does_not_follow() {
    for (text, quote, expected) in [
        ("Melanie lives in Porto", "I live in Lisbon", "Porto"),
        ("User has three dogs", "we have 2 dogs", "three"),
        ("User has 12 dogs", "we have 2 dogs", "12"),
        ("User earns 1500 euros", "I earn 15,000 euros", "1500"),
        ("User weighs 71.5 kg", "I weigh 71.6 kg", "71.5"),
        ("Ana is a nurse", "my sister is a nurse", "Ana"),
        ("User's sister is called Zyphora", "my sister", "Zyphora"),
        ("Zyphora is a nurse", "my sister is a nurse", "Zyphora"),
        ("User works at IBM", "I work at a big company", "IBM"),
        ("User drives a Tesla", "I drive an electric car", "Tesla"),
        ("User was born on 6 May 1990", "I was born May 5th, 1990", "6 May 1990"),
        ("User was born in May 1991", "I was born May 5th, 1990", "May 1991"),
        ("User gets up at 7 am", "I get up at 7 pm", "7 am"),
        ("The meeting is on Tuesday", "the meeting is on Monday", "Tuesday"),
        ("User takes B12", "I take vitamins", "B12"),
        ("User moved in 2019", "I moved some years ago", "2019"),
        ("User has an iPhone", "I have a phone", "iPhone"),
    ] {
        check(text, quote, &[expected]);
    }
}

#[test]
fn a_name_of_the_conversation_is_one_where_a_sentence_begins_with_it() {
    let mut sources = Sources { quotes: &["I met some investors"], speakers: &["Jon"], ..Sources::default() };
    check_with("Rose met some investors", &sources, &[]);
    sources.others = &["Rose"];
    check_with("Rose met some investors", &sources, &["Rose"]);
    check_with("Rose's store met some investors", &sources, &["Rose's"]);
}

#[test]
fn names_that_change_places_pass() {
    check("Ana is the mother of Rita", "Rita is the mother of Ana", &[]);
}

#[test]
fn a_resolved_date_follows_and_a_finer_or_other_one_does_not() {
    let check = |text: &str, meaning: Meaning, expected: &[&str]| {
        let times = [meaning];
        check_with(
            text,
            &Sources { quotes: &["I saw her then"], times: &times, ..Sources::default() },
            expected,
        );
    };
    let day = meaning(date(2026, 5, 5), date(2026, 5, 6), Granularity::Day);
    for text in [
        "on 5 May 2026",
        "on May 5",
        "in May 2026",
        "on 2026-05-05",
        "on Tuesday",
        "in 2026",
        "05/05/2026",
        "it was Tuesday, 5 May",
    ] {
        check(text, day, &[]);
    }
    check("on 6 May 2026", day, &["6 May 2026"]);
    check("on Monday", day, &["Monday"]);
    check("at 3pm", day, &["3pm"]);
    let month = meaning(date(2026, 5, 1), date(2026, 6, 1), Granularity::Month);
    check("in May 2026", month, &[]);
    check("on 5 May 2026", month, &["5 May 2026"]);
    let year = meaning(date(2019, 1, 1), date(2020, 1, 1), Granularity::Year);
    check("in 2019", year, &[]);
    check("in 2020", year, &["2020"]);
    check("in May 2019", year, &["May 2019"]);
    let quarter = meaning(date(2023, 4, 1), date(2023, 7, 1), Granularity::Quarter);
    check("in Q2 2023", quarter, &[]);
    check("in Q3 2023", quarter, &["Q3"]);
    let week = meaning(date(2026, 5, 4), date(2026, 5, 11), Granularity::Week);
    check("in the week of 4 May 2026", week, &[]);
    check("on 4 May 2026", week, &["4 May 2026"]);
    let winter = meaning(date(2025, 12, 1), date(2026, 3, 1), Granularity::Season);
    check("in the winter of 2025, or 2026", winter, &[]);
    let hour = Meaning {
        start: date(2026, 5, 5).at(15, 0, 0, 0),
        end: date(2026, 5, 5).at(16, 0, 0, 0),
        granularity: Granularity::Hour,
    };
    check("on 5 May 2026 at 3pm", hour, &[]);
    check("at 4pm", hour, &["4pm"]);
}

#[test]
fn a_cited_turn_lends_its_names_and_not_its_numbers() {
    let sources = Sources {
        quotes: &["she moved there"],
        turns: &["Rita moved to Braga in 2020"],
        ..Sources::default()
    };
    check_with("Rita moved to Braga", &sources, &[]);
    check_with("Rita moved to Braga in 2020", &sources, &["2020"]);
}

#[test]
fn a_memory_must_not_turn_a_no_into_a_yes() {
    for (text, quote, expected) in [
        ("User eats meat", "I don't eat meat", true),
        ("User does not eat meat", "I eat meat", true),
        ("User does not eat meat", "I never eat meat", false),
        ("User dislikes coffee", "I don't like coffee", false),
        ("User likes coffee", "I dislike coffee", true),
        ("User loves Lisbon", "I don't eat meat, but I love Lisbon", false),
        ("User loves Lisbon", "I love Lisbon and I can't wait to go", false),
        ("User has no children", "I have children", true),
        ("User stopped smoking", "I no longer smoke", false),
        ("User should start a board", "I really should start a board, shouldn't I", false),
        ("User treasures the day", "I'll never forget the day", false),
        ("User works with Ana", "It's sunny", false),
        ("User is going to Rome", "can't wait for Rome", false),
        ("", "", false),
    ] {
        assert_eq!(negation_flipped(text, quote), expected, "{text:?} from {quote:?}");
    }
}

#[test]
fn a_quote_is_found_up_to_its_typography() {
    let message = "Well — I “moved” to\n  Lisbon,  didn’t I? Party! İstanbul was nice.";
    for (quote, expected) in [
        ("to\n  Lisbon", Some("to\n  Lisbon")),
        ("moved\" to Lisbon, didn't i", Some("moved” to\n  Lisbon,  didn’t I")),
        ("well - i", Some("Well — I")),
        ("art", None),
        ("Lisbo", None),
        ("moved to Lisbon", None),
        ("Lisbon didn't", None),
        ("  Party!  ", Some("Party!")),
        ("!", None),
        ("", None),
    ] {
        let found = find_quote(message, quote).map(|span| span.of(message).unwrap());
        assert_eq!(found, expected, "{quote:?}");
    }
}

proptest! {
    #[test]
    fn a_text_that_is_its_quote_is_supported(text in any::<String>()) {
        let quotes = [text.as_str()];
        prop_assert_eq!(unsupported(&text, &Sources { quotes: &quotes, ..Sources::default() }), vec![]);
        prop_assert!(!negation_flipped(&text, &text));
    }

    #[test]
    fn talk_that_is_its_quote_is_supported(
        text in "((May|Ana|IBM|the|twenty|one|hundred|and|a|5|12|2026|3pm|a\\.m\\.|noon|Monday|not|never|don't|dislikes|05/06/2026|1,500|3\\.5|B12|week|k|million)[ .,:/-]){0,16}"
    ) {
        let quotes = [text.as_str()];
        prop_assert_eq!(unsupported(&text, &Sources { quotes: &quotes, ..Sources::default() }), vec![]);
        prop_assert!(!negation_flipped(&text, &text));
    }

    #[test]
    fn unsupported_words_are_of_the_text(text in any::<String>(), quote in any::<String>()) {
        let quotes = [quote.as_str()];
        for claim in unsupported(&text, &Sources { quotes: &quotes, ..Sources::default() }) {
            prop_assert_eq!(claim.span.of(&text), Some(claim.word.as_str()));
        }
        negation_flipped(&text, &quote);
    }

    #[test]
    fn a_found_quote_reads_equal(before in any::<String>(), quote in any::<String>(), after in any::<String>()) {
        let message = format!("{before} {quote} {after}");
        if let Some(span) = find_quote(&message, &quote) {
            let found = span.of(&message).unwrap();
            prop_assert!(find_quote(found, &quote).is_some() && find_quote(&quote, found).is_some());
        } else {
            prop_assert!(!quote.trim().chars().any(char::is_alphanumeric));
        }
    }
}
