//! Guards: what makes a sentence or a clause one that nothing is learned from, each with its reason.

use super::Skip;
use super::grammar::Grammar;
use super::index::Patterns;
use super::lexicon::Class;
use super::pattern::Found;
use super::tokens::{Shape, Token};

/// The first of the patterns that fits from exactly this token.
pub(super) fn first_at(patterns: &Patterns, words: &[Token<'_>], at: usize) -> Option<Found> {
    patterns.first_at(words, at)
}

/// Whether one of the patterns fits anywhere from `from` on.
pub(super) fn anywhere(patterns: &Patterns, words: &[Token<'_>], from: usize) -> Option<usize> {
    (from..words.len()).find(|at| first_at(patterns, words, *at).is_some())
}

/// Whether the sentence is a joke, role play, fiction or lyrics. `marks` runs to the sentence's very end.
pub(super) fn is_not_meant(grammar: &Grammar, marks: &[Token<'_>], from: usize) -> bool {
    anywhere(&grammar.requests.not_meant, marks, from).is_some()
        || first_at(&grammar.requests.supposed, marks, from).is_some()
        || is_joke(grammar, marks, from)
}

/// Whether the sentence laughs.
pub(super) fn is_joke(grammar: &Grammar, marks: &[Token<'_>], from: usize) -> bool {
    // "I'm totally a morning person, NOT."
    let words = marks[from..].iter().rev().find(|token| !token.is_mark());
    words.is_some_and(|last| last.text == "NOT") || anywhere(&grammar.requests.joke, marks, from).is_some()
}

/// Whether the speaker asks that this be not remembered.
pub(super) fn is_off_record(grammar: &Grammar, words: &[Token<'_>], from: usize) -> bool {
    let by_somebody = |at: usize| {
        at > from
            && (words[at - 1].is(Class::FirstPerson)
                || words[at - 1].is(Class::ThirdPerson)
                || (words[at - 1].is_name_like() && words[at - 1].classes == 0))
    };
    (from..words.len())
        .any(|at| !by_somebody(at) && first_at(&grammar.requests.off_record, words, at).is_some())
}

/// Whether the clause's words make what it says uncertain.
pub(super) fn is_hedged(grammar: &Grammar, words: &[Token<'_>], from: usize, to: usize) -> bool {
    let clause = &words[..to];
    // "almost nine years" is no doubt about them.
    let measures = |at: usize| {
        matches!(clause[at].text, "almost" | "nearly" | "probably")
            && clause.get(at + 1).is_some_and(super::slots::is_number)
            || clause[at].text == "almost" && clause.get(at + 1).is_some_and(|next| next.is(Class::Article))
    };
    (from..to).any(|at| clause[at].is(Class::Hedge) && !measures(at))
        || first_at(&grammar.requests.hedge, clause, from).is_some()
}

/// Whether a clause is said of the moment only.
pub(super) fn is_of_the_moment(grammar: &Grammar, words: &[Token<'_>], from: usize, to: usize) -> bool {
    anywhere(&grammar.requests.passing, &words[..to], from).is_some()
}

/// Whether words point to something outside themselves: "it", "this", "your".
pub(super) fn points(words: &[Token<'_>]) -> bool {
    words.iter().enumerate().any(|(at, token)| {
        let is = |known: &[&str]| known.iter().any(|known| token.text.eq_ignore_ascii_case(known));
        let of_time = words.get(at + 1).is_none_or(|next| {
            let starts = |unit: &str| next.text.starts_with(unit);
            next.is(Class::Weekday)
                || next.is(Class::Month)
                || [
                    "year",
                    "week",
                    "month",
                    "summer",
                    "winter",
                    "spring",
                    "fall",
                    "autumn",
                    "semester",
                    "quarter",
                    "term",
                    "afternoon",
                    "evening",
                    "coming",
                    "days",
                ]
                .into_iter()
                .any(starts)
        });
        let ends = at + 1 == words.len();
        is(&["it", "those", "you", "your", "yours", "him", "itself"])
            || (is(&["this", "these"]) && (!of_time || ends))
            || (ends && is(&["that"]))
    })
}

/// Whether what is liked is one thing at hand, "the new design", and no kind of thing.
pub(super) fn is_this_one(words: &[Token<'_>]) -> bool {
    let first = words.iter().position(|token| token.text != "all");
    let Some(at) = first.filter(|at| words[*at].text == "the") else { return false };
    words.get(at + 1).is_none_or(|next| !next.is(Class::LovedThe) && !next.is_name_like())
}

/// Whether a clause is about what was: "last week", "ago".
pub(super) fn is_past(words: &[Token<'_>]) -> bool {
    words
        .iter()
        .any(|token| matches!(token.text, "last" | "ago" | "yesterday" | "was" | "were" | "had" | "went"))
}

/// Whether a clause names a time: a day, a month, a date, a clock.
pub(super) fn is_dated(words: &[Token<'_>]) -> bool {
    words.iter().enumerate().any(|(at, token)| {
        let next = words.get(at + 1);
        let unit = |token: &Token<'_>| {
            [
                "day", "week", "month", "year", "weekend", "summer", "winter", "spring", "fall", "autumn",
                "semester", "quarter",
            ]
            .iter()
            .any(|unit| token.text.starts_with(unit))
        };
        let by =
            ["next", "last", "this", "in", "coming"].iter().any(|word| token.text.eq_ignore_ascii_case(word));
        let soon = by && next.is_some_and(|next| unit(next) || next.is(Class::Weekday));
        let is_age = words.get(at + 2).is_some_and(|old| matches!(old.text, "old" | "olds"));
        let counted = token.is(Class::NumberWord)
            && !is_age
            && next.is_some_and(|next| unit(next) || matches!(next.text, "am" | "pm"));
        let year = token.shape == Shape::Number
            && token.text.len() == 4
            && (token.text.starts_with("19") || token.text.starts_with("20"));
        let clock = token.shape == Shape::Number
            && (token.text.contains(':')
                || token.text.ends_with("am")
                || token.text.ends_with("pm")
                || ["st", "nd", "rd", "th"].iter().any(|end| token.text.ends_with(end)));
        let month = token.is(Class::Month)
            && token.shape == Shape::Capital
            && !(matches!(token.text, "May" | "March") && at == 0);
        token.is(Class::Weekday)
            || month
            || soon
            || counted
            || year
            || clock
            || matches!(
                token.text,
                "tomorrow" | "Tomorrow" | "Christmas" | "Easter" | "Thanksgiving" | "noon" | "midnight"
            )
    })
}

/// Why nothing was learned from a sentence that no rule has read.
pub(super) fn reason(grammar: &Grammar, words: &[Token<'_>], from: usize, is_question: bool) -> Skip {
    let own = &words[from.min(words.len())..];
    let any = |class: Class| own.iter().any(|token| token.is(class));
    let first =
        own.iter().find(|token| !token.is(Class::Opener) && !token.is(Class::Adverb) && !token.is_mark());
    if is_question {
        Skip::Question
    } else if own.iter().filter(|token| !token.is_mark()).all(|token| token.is_quoted) && !own.is_empty() {
        Skip::Quoted
    } else if first_at(&grammar.requests.hedge, words, from).is_some() {
        Skip::Negated
    } else if any(Class::Condition) || any(Class::Modal) {
        Skip::Hypothetical
    } else if is_hedged(grammar, words, from, words.len()) || any(Class::Not) {
        Skip::Negated
    } else if own.iter().any(|token| token.is(Class::Speech)) && own.iter().any(|token| token.is_quoted) {
        Skip::Quoted
    } else if first.is_some_and(|first| first.is(Class::TaskVerb)) {
        Skip::OneOff
    } else if any(Class::Mood) || any(Class::Momentary) || is_of_the_moment(grammar, words, from, words.len())
    {
        Skip::Passing
    } else if first.is_some_and(Token::is_name_like)
        && first.is_some_and(|first| !first.is(Class::FirstPerson))
    {
        Skip::Stranger
    } else if own.iter().any(|token| token.is(Class::FirstPerson))
        && own.iter().any(|token| token.is(Class::Demonstrative))
    {
        Skip::Passing
    } else {
        Skip::NotUnderstood
    }
}
