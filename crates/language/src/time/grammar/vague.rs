//! Phrases of time that are no interval: what comes again, what lasts, what is vague. They are found, so that
//! nothing inside them is taken for an interval.

use super::Parsed;
use super::days::{nth, which};
use super::numbers::{amount, cardinal, unit};
use super::{interval, numbers};
use crate::time::expression::Expression;
use crate::time::lexicon::{Lex, Unit, Which};
use crate::time::tokens::Tokens;

/// Phrases that say nothing exact, whole.
const FIXED: [&[&str]; 21] = [
    &["the", "other", "day"],
    &["the", "other", "night"],
    &["the", "other", "week"],
    &["these", "days"],
    &["those", "days"],
    &["one", "day"],
    &["some", "day"],
    &["one", "night"],
    &["one", "morning"],
    &["one", "evening"],
    &["one", "afternoon"],
    &["back", "then"],
    &["long", "ago"],
    &["in", "the", "future"],
    &["sooner", "or", "later"],
    &["a", "long", "time", "ago"],
    &["a", "while", "ago"],
    &["a", "while", "back"],
    &["some", "time", "ago"],
    &["in", "a", "while"],
    &["all", "day", "long"],
];

/// What cuts a part out of a stretch of time.
const PORTIONS: [&str; 13] = [
    "end",
    "beginning",
    "start",
    "middle",
    "half",
    "rest",
    "turn",
    "close",
    "course",
    "remainder",
    "part",
    "most",
    "bulk",
];

/// A phrase that stays as said.
pub(super) fn phrase(tokens: &Tokens<'_>, at: usize) -> Parsed<Expression> {
    let end = fixed(tokens, at)
        .or_else(|| recurrence(tokens, at).map(|(_, end)| end))
        .or_else(|| portion(tokens, at))
        .or_else(|| bounded(tokens, at))
        .or_else(|| told(tokens, at))
        .or_else(|| beside_event(tokens, at))
        .or_else(|| word(tokens, at))?;
    Some((Expression::Unresolved, end))
}

fn fixed(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let found = FIXED.iter().find(|words| tokens.run(at, words))?;
    Some(at + found.len())
}

fn word(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    match tokens.lex(at)? {
        Lex::Vague if tokens.word(at) == "ages" => Some(tokens.skip(at + 1, &["ago"])),
        // "years ago", "weeks ago": how many is not said.
        Lex::Units(_) if tokens.word(at + 1) == "ago" => Some(at + 2),
        // "sometime next week"
        Lex::Vague if tokens.word(at) == "sometime" => Some(interval_end(tokens, at + 1).unwrap_or(at + 1)),
        Lex::Vague => Some(at + 1),
        _ => None,
    }
}

/// "every Tuesday", "on Mondays", "twice a week", "daily", with the day and the hour that go with it.
pub(super) fn recurrence(tokens: &Tokens<'_>, at: usize) -> Parsed<Expression> {
    let on = tokens.skip(at, &["on", "in", "at", "most"]);
    let on = tokens.skip(on, &["the", "most", "my"]);
    let start = if matches!(tokens.lex(on), Some(Lex::Recurring)) { Some(on) } else { None };
    let mut end = match start {
        Some(place) if tokens.is(place, &["every", "each"]) => every(tokens, place + 1)?,
        Some(place) => place + 1,
        None => times_a(tokens, at)?,
    };
    while let Some(next) = more(tokens, end) {
        end = next;
    }
    Some((Expression::Unresolved, end))
}

/// What comes again after "every".
fn every(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let mut next = tokens.skip(at, &["single", "other", "few", "last", "now", "early", "late"]);
    if let Some((_, end)) = numbers::ordinal(tokens, next) {
        next = end;
    }
    if let Some((_, end)) = amount(tokens, next) {
        return Some(end);
    }
    match tokens.lex(next)? {
        Lex::Unit(_)
        | Lex::Units(_)
        | Lex::Weekday(_)
        | Lex::ShortWeekday(_)
        | Lex::Month(_)
        | Lex::Season(_)
        | Lex::Part(_)
        | Lex::Weekend => Some(next + 1),
        _ => (numbers::ordinal(tokens, at).is_some()).then_some(next),
    }
}

/// "once a month", "three times per week", "twice every year".
fn times_a(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let next = if tokens.is(at, &["once", "twice"]) {
        at + 1
    } else {
        let (_, next) = cardinal(tokens, at)?;
        tokens.is(next, &["times", "hours", "days", "minutes", "nights"]).then_some(next + 1)?
    };
    let a = tokens.is(next, &["a", "an", "per", "each", "every"]).then_some(next + 1)?;
    unit(tokens, a).map(|_| a + 1)
}

/// What still belongs to what comes again: another weekday, a day, an hour.
fn more(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let and = if tokens.is_mark(at, &[',']) { at + 1 } else { at };
    let and = tokens.skip(and, &["and", "or"]);
    if matches!(tokens.lex(and), Some(Lex::Recurring)) && and > at {
        return Some(and + 1);
    }
    if and > at && matches!(tokens.lex(and), Some(Lex::Weekday(_))) && !tokens.is_mark(at, &[',']) {
        return Some(and + 1);
    }
    (and == at).then(|| interval_end(tokens, at)).flatten().filter(|end| *end > at)
}

fn interval_end(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    interval(tokens, at).map(|(_, end)| end)
}

/// "the end of the month", "early March", "later this week", "mid-June".
fn portion(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let opened = tokens.skip(
        at,
        &[
            "in", "at", "by", "towards", "toward", "around", "until", "from", "on", "for", "since", "before",
            "after", "during",
        ],
    );
    let mut next = tokens.skip(opened, &["the"]);
    let is_sized =
        tokens.is(next, &["very", "first", "second", "latter", "last", "early", "better", "whole"]);
    next = if is_sized && tokens.is(next + 1, &PORTIONS) { next + 1 } else { next };
    if tokens.is(next, &PORTIONS) {
        let of = tokens.is(next + 1, &["of"]).then_some(next + 2)?;
        return stretch_end(tokens, of);
    }
    // "the first week of May", "the last days of June"; a quarter of a year is exact.
    if let Some((_, unit_at)) = nth(tokens, next)
        && matches!(
            tokens.lex(unit_at),
            Some(Lex::Unit(Unit::Day | Unit::Week | Unit::Month) | Lex::Units(_))
        )
        && tokens.is(unit_at + 1, &["of", "in"])
    {
        return stretch_end(tokens, unit_at + 2);
    }
    // "all week", "the whole summer"
    if tokens.is(next, &["all", "whole", "entire"]) {
        let named = tokens.skip(next + 1, &["the", "of"]);
        return match tokens.lex(named)? {
            Lex::Unit(_) | Lex::Season(_) | Lex::Part(_) | Lex::Weekend => Some(named + 1),
            _ => None,
        };
    }
    let is_mid = tokens.is(next, &["early", "late", "mid", "later", "earlier", "sometime"]);
    if !is_mid {
        return None;
    }
    let mut named = next + 1;
    if tokens.is_mark(named, &['-']) {
        named += 1;
    }
    let of = tokens.skip(named, &["in", "on", "at"]);
    // "earlier today" is no less exact than today.
    if matches!(tokens.lex(of), Some(Lex::Relative(_))) && !tokens.is(next, &["early", "late"]) {
        return None;
    }
    stretch_end(tokens, of).filter(|_| tokens.lex(of).is_some() || tokens.digits(of).is_some() || of > named)
}

/// The end of a stretch that something is cut out of.
fn stretch_end(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    if let Some((_, end)) = numbers::given_year(tokens, at) {
        return Some(end);
    }
    // As if opened: "early March".
    if let Some(end) = interval_end(tokens, at) {
        return Some(end);
    }
    let the = tokens.skip(at, &["the", "this", "that", "my", "a", "each", "every"]);
    match tokens.lex(the)? {
        Lex::Unit(_) | Lex::Season(_) | Lex::Part(_) | Lex::Weekend | Lex::Month(_) | Lex::ShortMonth(_) => {
            Some(the + 1)
        }
        _ => None,
    }
}

/// "since Monday", "before 2019", "until the 5th of June": one end only is said.
fn bounded(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let opener =
        tokens.is(at, &["since", "before", "after", "until", "till", "til", "past"]).then_some(at + 1)?;
    let opener = tokens.skip(opener, &["about", "around", "at", "early", "late"]);
    interval_end(tokens, opener).or_else(|| {
        // Bare months are names otherwise.
        matches!(tokens.lex(opener), Some(Lex::Month(_)) if tokens.is_capital(opener)).then_some(opener + 1)
    })
}

/// Counted from what is told, not from now: "the next day", "that Friday", "the last two weeks", "the past year".
fn told(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let opened = tokens.skip(at, &["in", "on", "over", "during", "for", "within", "by", "at"]);
    let the = tokens
        .is(opened, &["the", "that", "those", "my", "a", "an", "some", "one", "this", "these"])
        .then_some(opened + 1);
    let is_that = tokens.is(opened, &["that", "those", "a", "some", "one"]);
    let start = the.unwrap_or(opened);
    let chooser =
        ["last", "next", "past", "previous", "following", "same", "coming", "preceding", "first", "final"];
    let mut next = tokens.skip(start, &chooser);
    // "are coming", "the first": a chooser without an article is a verb or a number.
    let is_chosen = next > start
        && (the.is_some() || tokens.is(start, &["last", "next", "past", "previous", "following"]));
    if is_chosen && tokens.run(start, &["last", "but"]) {
        return None;
    }
    if is_chosen && let Some((_, end)) = amount(tokens, next) {
        return Some(end);
    }
    if is_chosen && tokens.is(next, &["few", "couple", "several"]) {
        next = tokens.skip(next + 1, &["of"]);
        return unit(tokens, next).map(|_| next + 1);
    }
    // "last week", "this past Friday", "the coming weekend" are exact.
    if the.is_none() && !tokens.is(start, &["past", "previous", "following"])
        || tokens.word(opened) == "this" && !tokens.is(start, &["past"])
    {
        return None;
    }
    if !is_chosen && !is_that || tokens.run(start, &["last", "night"]) {
        return None;
    }
    let is_exact = matches!(which(tokens, start).0, Some(Which::Coming))
        || tokens.is(next + 1, &["before", "after"]) && tokens.is(next + 2, &["last", "next"])
        || tokens.is(next + 1, &["of", "in"])
        || tokens.word(opened) == "this" && !matches!(tokens.lex(next), Some(Lex::Unit(_)));
    if is_exact && interval_end(tokens, opened).is_some() {
        return None;
    }
    match tokens.lex(next)? {
        Lex::Unit(_) if is_chosen || tokens.is(opened, &["that"]) => Some(next + 1),
        Lex::Weekday(_) | Lex::Weekend | Lex::Season(_) => Some(next + 1),
        Lex::Part(_) if is_chosen || tokens.is(opened, &["that"]) => Some(next + 1),
        Lex::Month(_) if is_chosen => Some(next + 1),
        _ => None,
    }
}

/// "two days before the wedding", "a week later", "the day after".
fn beside_event(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let the = tokens.skip(at, &["the"]);
    if the > at && matches!(tokens.lex(the), Some(Lex::Unit(_) | Lex::Part(_))) {
        let is_beside = tokens.is(the + 1, &["before", "after"]);
        let is_exact = tokens.is(the + 2, &["last", "next", "yesterday", "tomorrow"]);
        return if is_beside && !is_exact {
            Some(interval_end(tokens, the + 2).unwrap_or(the + 2))
        } else {
            None
        };
    }
    let (_, next) = amount(tokens, at)?;
    if tokens.is(next, &["later", "earlier"]) {
        return Some(next + 1);
    }
    let is_beside = tokens.is(next, &["before", "after", "into", "until", "till", "since"]);
    if !is_beside {
        return None;
    }
    // "a week after tomorrow" is counted from today.
    if interval(tokens, at).is_some_and(|(found, end)| found != Expression::Unresolved && end > next) {
        return None;
    }
    Some(interval_end(tokens, next + 1).unwrap_or(next + 1))
}
