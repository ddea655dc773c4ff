//! Spots: a day, a part of it or an hour of it, in whatever order they are said.

use super::Parsed;
use super::clock::{Surety, clock};
use super::dates::{date, day_alone};
use super::days::day;
use crate::time::expression::{Clock, Day, Expression};
use crate::time::lexicon::{Lex, Part};
use crate::time::tokens::Tokens;

/// Names of zones: an hour there is another one here.
const ZONES: [&str; 20] = [
    "utc", "gmt", "z", "est", "edt", "et", "cst", "cdt", "ct", "mst", "mdt", "pst", "pdt", "pt", "cet",
    "cest", "bst", "ist", "jst", "aest",
];

/// Words before which a bare hour counts nothing.
const AFTER_HOUR: [&str; 26] = [
    "and", "but", "so", "because", "with", "for", "in", "on", "if", "when", "to", "i", "we", "he", "she",
    "they", "you", "it", "my", "our", "his", "her", "their", "the", "there", "please",
];

/// A day with its part and hour, or an hour alone.
pub(super) fn spot(tokens: &Tokens<'_>, at: usize) -> Parsed<Expression> {
    let (expression, end) = local_spot(tokens, at)?;
    let has_clock = matches!(expression, Expression::Spot { clock: Some(_), .. } | Expression::Clocks { .. });
    let is_elsewhere = has_clock && tokens.is_capital(end) && tokens.is(end, &ZONES);
    Some(if is_elsewhere { (Expression::Unresolved, end + 1) } else { (expression, end) })
}

fn local_spot(tokens: &Tokens<'_>, at: usize) -> Parsed<Expression> {
    let on = tokens.skip(at, &["on", "by", "for"]);
    let alone = if on > at { day_alone(tokens, on) } else { None };
    if let Some((day, part, next)) = day_and_part(tokens, on) {
        return Some(with_clock(tokens, day, part, next));
    }
    if let Some((day, next)) = alone {
        let (part, next) = part_after(tokens, next).map_or((None, next), |(part, next)| (Some(part), next));
        return Some(with_clock(tokens, day, part, next));
    }
    clock_first(tokens, at)
}

/// "Friday", "Friday evening", "the evening of 5 June", "this morning", "last night".
pub(super) fn day_and_part(tokens: &Tokens<'_>, at: usize) -> Option<(Day, Option<Part>, usize)> {
    if let Some((days, part, next)) = named_part(tokens, at) {
        return Some((Day::Offset(days), Some(part), next));
    }
    let in_the = if tokens.run(at, &["in", "the"]) { at + 2 } else { tokens.skip(at, &["the"]) };
    if in_the > at
        && let Some(Lex::Part(part)) = tokens.lex(in_the)
        && tokens.is(in_the + 1, &["of", "on"])
    {
        let (day, next) = any_day(tokens, in_the + 2)?;
        return Some((day, Some(part), next));
    }
    let (day, next) = any_day(tokens, at)?;
    match part_after(tokens, next) {
        // The night of yesterday is last night for some, and for others the one before.
        Some((Part::Night, _)) if day == Day::Offset(-1) => None,
        Some((part, end)) => Some((day, Some(part), end)),
        None => Some((day, None, next)),
    }
}

fn any_day(tokens: &Tokens<'_>, at: usize) -> Parsed<Day> {
    date(tokens, at).or_else(|| day(tokens, at))
}

/// Parts of a day that name their day themselves, in days from today.
fn named_part(tokens: &Tokens<'_>, at: usize) -> Option<(i32, Part, usize)> {
    if tokens.lex(at) == Some(Lex::Tonight) {
        return Some((0, Part::Night, at + 1));
    }
    let the = tokens.skip(at, &["the"]);
    if tokens.run(the, &["night", "before", "last"]) {
        return Some((-2, Part::Overnight, the + 3));
    }
    let Some(Lex::Part(part)) = tokens.lex(at + 1) else { return None };
    match (tokens.word(at), part) {
        ("this", Part::Night) => Some((0, Part::Night, at + 2)),
        ("this", part) => Some((0, part, at + 2)),
        ("last", Part::Night) => Some((-1, Part::Overnight, at + 2)),
        ("last", part) => Some((-1, part, at + 2)),
        _ => None,
    }
}

/// "evening", "in the evening", after a day.
fn part_after(tokens: &Tokens<'_>, at: usize) -> Parsed<Part> {
    let next = if tokens.run(at, &["in", "the"]) { at + 2 } else { tokens.skip(at, &["at"]) };
    let Some(Lex::Part(part)) = tokens.lex(next) else { return None };
    let is_title = tokens.is_capital(next) && next == at;
    (!is_title).then_some((part, next + 1))
}

/// The time of day after its day: "yesterday at 3pm", "tomorrow morning, 9:15".
fn with_clock(tokens: &Tokens<'_>, day: Day, part: Option<Part>, at: usize) -> (Expression, usize) {
    let plain = (Expression::Spot { day: Some(day), part, clock: None }, at);
    if let Some((from, to, end)) = super::ranges::hours(tokens, at) {
        return (Expression::Clocks { day: Some(day), part, from, to }, end);
    }
    let comma = if tokens.is_mark(at, &[',', '@']) { at + 1 } else { at };
    let opened = tokens.skip(comma, &["at", "around", "about"]);
    let Some(((clock, surety), next)) = clock(tokens, opened) else { return plain };
    let is_vague = opened > comma && tokens.word(comma) != "at";
    if surety == Surety::Bare && (opened == comma || !ends(tokens, next)) {
        return plain;
    }
    if let Some((expression, end)) = until(tokens, Some(day), part, clock, next) {
        return (expression, end);
    }
    let (part, next) = match part {
        Some(part) => (Some(part), next),
        None => part_after(tokens, next).map_or((None, next), |(part, end)| (Some(part), end)),
    };
    if is_vague {
        return (Expression::Unresolved, next);
    }
    (Expression::Spot { day: Some(day), part, clock: Some(clock) }, next)
}

/// "3pm on Friday", "at 9 tomorrow morning", "at 3pm".
fn clock_first(tokens: &Tokens<'_>, at: usize) -> Parsed<Expression> {
    let opened = tokens.skip(at, &["at", "around", "about"]);
    let ((clock, surety), next) = clock(tokens, opened)?;
    let next = tokens.skip(next, &["sharp", "exactly"]);
    let is_opened = opened > at;
    if surety == Surety::Colon && !is_opened && !day_follows(tokens, next) {
        return None;
    }
    if surety == Surety::Bare && (!is_opened || !ends(tokens, next) && !day_follows(tokens, next)) {
        return None;
    }
    let is_vague = is_opened && tokens.word(at) != "at";
    let (part, after_part) = part_after(tokens, next).map_or((None, next), |(part, next)| (Some(part), next));
    let comma = if tokens.is_mark(after_part, &[',']) { after_part + 1 } else { after_part };
    let on = tokens.skip(comma, &["on"]);
    let (day, part, end) = match day_and_part(tokens, on) {
        Some((day, later_part, end)) => (Some(day), part.or(later_part), end),
        None => (None, part, after_part),
    };
    if is_vague || surety == Surety::Bare && part.is_none() {
        return Some((Expression::Unresolved, end));
    }
    Some((Expression::Spot { day, part, clock: Some(clock) }, end))
}

fn day_follows(tokens: &Tokens<'_>, at: usize) -> bool {
    let on = tokens.skip(at, &["on"]);
    part_after(tokens, at).is_some() || day_and_part(tokens, on).is_some()
}

/// "at 2pm to 4pm", after a day.
fn until(
    tokens: &Tokens<'_>,
    day: Option<Day>,
    part: Option<Part>,
    from: Clock,
    at: usize,
) -> Parsed<Expression> {
    let to =
        (tokens.is(at, &["to", "until", "till"]) || tokens.is_mark(at, &['-', '–'])).then_some(at + 1)?;
    let ((to, surety), next) = clock(tokens, to)?;
    (surety != Surety::Bare).then_some((Expression::Clocks { day, part, from, to }, next))
}

/// Whether no noun follows a bare number, which would be counted by it.
fn ends(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.get(at).is_none()
        || tokens.mark(at).is_some_and(|mark| !matches!(mark, '%' | '$' | '€' | '£' | '-' | '/'))
        || tokens.is(at, &AFTER_HOUR)
}
