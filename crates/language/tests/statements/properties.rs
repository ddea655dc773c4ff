//! What holds of every message, however odd.

use dreamkeeper_domain::passage::Span;
use proptest::prelude::*;

use crate::reading;

/// Pieces that the grammar knows, so that odd texts reach deep into it.
const PIECES: [&str; 36] = [
    "I",
    "I'm",
    "my",
    "sister",
    "Ana",
    ",",
    ".",
    "?",
    "!",
    "live in",
    "Porto",
    "not",
    "n't",
    "no longer",
    "anymore",
    "\"",
    "“",
    "and",
    "who",
    "since",
    "if",
    "always",
    "remember that",
    "forget",
    ":",
    "\n",
    "'s",
    "’s",
    "the",
    "34",
    "work at",
    "```",
    "ﬀ",
    "İ",
    "e\u{301}",
    "on Tuesday",
];

fn check(text: &str) -> Result<(), TestCaseError> {
    let first = reading(text);
    prop_assert_eq!(&first, &reading(text), "read twice, read the same");
    let valid = |span: &Span| span.start < span.end && span.of(text).is_some();
    for statement in &first.statements {
        prop_assert!(valid(&statement.quote), "{:?}", statement);
        let quote = statement.quote.of(text).unwrap_or_default();
        prop_assert!(text.contains(&statement.value) && !statement.text.is_empty());
        let numbers = |text: &str| -> Vec<String> {
            text.split(|one: char| !one.is_ascii_digit())
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let quoted = numbers(quote);
        prop_assert!(
            numbers(&statement.text).iter().all(|number| quoted.contains(number)),
            "{:?}",
            statement
        );
    }
    prop_assert!(first.forget.iter().all(valid));
    prop_assert!(first.skipped.iter().all(|(span, _)| valid(span)));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_read_the_same_twice_with_spans_that_stand(text in "\\PC{0,200}") {
        check(&text)?;
    }

    #[test]
    fn any_words_of_the_grammar_are_read_with_spans_that_stand(
        pieces in proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..30),
        spaced in proptest::collection::vec(any::<bool>(), 30),
    ) {
        let mut text = String::new();
        for (piece, spaced) in pieces.iter().zip(&spaced) {
            text.push_str(piece);
            if *spaced {
                text.push(' ');
            }
        }
        check(&text)?;
    }
}
