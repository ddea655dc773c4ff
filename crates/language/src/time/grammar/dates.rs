//! Dates: a day of a named month, in the orders that English knows, and in digits.

use super::Parsed;
use super::days::weekday_name;
use super::numbers::{day_of_month, is_free, ordinal, runs_on, unit, year_after};
use crate::time::expression::{Day, Year};
use crate::time::lexicon::Lex;
use crate::time::tokens::Tokens;

/// Words after "on the 15th" with which the number still names a day.
const AFTER_DAY_OF_MONTH: [&str; 40] = [
    "at", "in", "for", "to", "with", "and", "or", "but", "we", "i", "he", "she", "they", "it", "you", "is",
    "was", "will", "because", "so", "when", "after", "before", "if", "as", "from", "my", "our", "the", "by",
    "then", "where", "that", "please", "around", "since", "are", "were", "though", "instead",
];

/// A date, after its weekday where one is said.
pub(super) fn date(tokens: &Tokens<'_>, at: usize) -> Parsed<Day> {
    if let Some(weekday) = weekday_name(tokens, at, true) {
        let mut next = at + 1;
        if tokens.is_mark(next, &[',', '.']) {
            next += 1;
        }
        let Some((found, end)) = plain(tokens, tokens.skip(next, &["the"])) else {
            let (Day::OfMonth { day, .. }, end) = day_alone(tokens, next)? else { return None };
            return Some((Day::OfMonth { day, weekday: Some(weekday) }, end));
        };
        let Day::Date { year, month, day, .. } = found else { return None };
        return Some((Day::Date { year, month, day, weekday: Some(weekday) }, end));
    }
    plain(tokens, at)
}

fn plain(tokens: &Tokens<'_>, at: usize) -> Parsed<Day> {
    digits(tokens, at).or_else(|| day_first(tokens, at)).or_else(|| month_first(tokens, at))
}

/// The month's name at a place; a short one may end in a full stop.
pub(super) fn month_name(tokens: &Tokens<'_>, at: usize) -> Parsed<i8> {
    match tokens.lex(at)? {
        Lex::Month(month) => Some((month, at + 1)),
        Lex::ShortMonth(month) => {
            let has_stop = tokens.is_mark(at + 1, &['.']) && tokens.is_glued(at + 1);
            let stop = has_stop && tokens.digits(at + 2).is_some();
            Some((month, if stop { at + 2 } else { at + 1 }))
        }
        _ => None,
    }
}

/// "5 June", "the 5th of June 2023".
fn day_first(tokens: &Tokens<'_>, at: usize) -> Parsed<Day> {
    let the = tokens.skip(at, &["the"]);
    let (day, next) = day_of_month(tokens, the)?;
    let of = tokens.skip(next, &["of"]);
    let is_free = tokens.digits(the).is_none() || !tokens.is_glued(the) || has_open_before(tokens, the);
    let (month, end) = month_name(tokens, of)?;
    // "second may", "first march": an ordinal in words needs "of", or "the" before it.
    let in_words = tokens.digits(the).is_none();
    if !is_free
        || in_words && of == next && the == at
        || is_verb(tokens, of) && of == next && !tokens.is_capital(of)
    {
        return None;
    }
    with_year(tokens, month, day, end)
}

fn has_open_before(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens
        .before(at)
        .is_some_and(|token| matches!(token.text, "(" | "\"" | "'" | "“" | "‘" | "[" | "—" | "*" | "_"))
}

/// "June 5", "June 5th, 2023", "June the fifth".
fn month_first(tokens: &Tokens<'_>, at: usize) -> Parsed<Day> {
    let (month, next) = month_name(tokens, at)?;
    let the = tokens.skip(next, &["the"]);
    let (day, end) = if the > next { ordinal_day(tokens, the)? } else { day_of_month(tokens, the)? };
    let is_number = tokens.digits(the).is_some() && end == the + 1;
    let is_other = is_number
        && (runs_on(tokens, the) || tokens.is(end, &["am", "pm", "a", "p"]) && !tokens.is(end, &["a"]));
    // "march 5 miles", "may 3 people": a verb and a count.
    let is_count = is_verb(tokens, at) && !tokens.is_capital(at) && is_number;
    if is_other || is_count || unit(tokens, end).is_some() {
        return None;
    }
    with_year(tokens, month, day, end)
}

fn ordinal_day(tokens: &Tokens<'_>, at: usize) -> Parsed<i8> {
    let (value, next) = ordinal(tokens, at)?;
    (1..=31).contains(&value).then_some((value as i8, next))
}

/// Whether the month's name is a verb as well.
pub(super) fn is_verb(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.is(at, &["march", "may", "mar", "sep"])
}

fn with_year(tokens: &Tokens<'_>, month: i8, day: i8, at: usize) -> Parsed<Day> {
    let (year, end) = year_after(tokens, at).map_or((None, at), |(year, end)| (Some(year), end));
    // "5 June, in 2023 people": what follows a comma and "in" is another phrase.
    Some((Day::Date { year, month, day, weekday: None }, end))
}

/// "2023-06-05", "2023/06/05", and orders in which one number can only be a day.
fn digits(tokens: &Tokens<'_>, at: usize) -> Parsed<Day> {
    let (first, first_length) = tokens.digits(at)?;
    let mark = tokens.mark(at + 1).filter(|mark| matches!(mark, '-' | '/' | '.'))?;
    let (second, second_length) = tokens.digits(at + 2)?;
    let is_same = tokens.mark(at + 3) == Some(mark);
    let (third, third_length) = tokens.digits(at + 4)?;
    let is_tight = (at + 1..at + 5).all(|place| tokens.is_glued(place));
    let is_open = !tokens.is_glued(at) || has_open_before(tokens, at);
    if !is_same || !is_tight || !is_open || runs_on(tokens, at + 4) || second_length > 2 {
        return None;
    }
    let date = |year: u32, month: u32, day: u32| {
        let year = Some(Year::Given(i16::try_from(year).ok()?));
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        Some((Day::Date { year, month, day, weekday: None }, at + 5))
    };
    // A machine's timestamp, whose zone is its own.
    if tokens.is_glued(at + 5) && !tokens.word(at + 5).is_empty() {
        return None;
    }
    match (first_length, third_length) {
        (4, 1..=2) if mark != '.' => date(first, second, third),
        // Which is the day and which the month is only known where one is above twelve, or both are the same.
        (1..=2, 4) if first > 12 || first == second => date(third, second, first),
        (1..=2, 4) if second > 12 => date(third, first, second),
        _ => None,
    }
}

/// "the 15th", after "on" or "by" and where no noun follows.
pub(super) fn day_alone(tokens: &Tokens<'_>, at: usize) -> Parsed<Day> {
    let the = (tokens.word(at) == "the").then_some(at + 1)?;
    if !tokens.digits(the).is_some_and(|_| is_free(tokens, the)) {
        return None;
    }
    let (day, next) = ordinal_day(tokens, the)?;
    let follows = tokens.word(next);
    let is_end =
        tokens.get(next).is_none() || tokens.mark(next).is_some_and(|mark| mark != '-' && mark != '/');
    (is_end || AFTER_DAY_OF_MONTH.contains(&follows)).then_some((Day::OfMonth { day, weekday: None }, next))
}
