//! Stretches of the calendar: weeks, weekends, months, quarters, seasons, years.

use super::Parsed;
use super::dates::{is_verb, month_name};
use super::days::{nth, which};
use super::numbers::{given_year, ordinal, year_after};
use crate::time::expression::{Period, Year};
use crate::time::lexicon::{Lex, Unit, Which};
use crate::time::tokens::Tokens;

/// Words before a month that make it one, whatever else its name may mean.
const BEFORE_MONTH: [&str; 5] = ["in", "during", "through", "throughout", "until"];

/// A stretch of the calendar; `at` is after any preposition.
pub(super) fn period(tokens: &Tokens<'_>, at: usize) -> Parsed<Period> {
    unit(tokens, at)
        .or_else(|| weekend(tokens, at))
        .or_else(|| month(tokens, at))
        .or_else(|| season(tokens, at))
        .or_else(|| quarter(tokens, at))
        .or_else(|| year(tokens, at))
}

/// "last week", "the month before last".
fn unit(tokens: &Tokens<'_>, at: usize) -> Parsed<Period> {
    let the = tokens.skip(at, &["the"]);
    if let Some(Lex::Unit(unit)) = tokens.lex(the).filter(|lex| is_calendar(*lex)) {
        let (offset, length) = match (tokens.word(the + 1), tokens.word(the + 2)) {
            ("before", "last") => (-2, 3),
            ("after", "next") => (2, 3),
            _ => return None,
        };
        return Some((Period::Unit(unit, offset), the + length));
    }
    let offset = match tokens.word(at) {
        "last" => -1,
        "this" => 0,
        "next" => 1,
        _ => return None,
    };
    let calendar = tokens.skip(at + 1, &["calendar"]);
    if tokens.lex(calendar) == Some(Lex::Unit(Unit::Year)) {
        let year = Year::Offset(i16::try_from(offset).ok()?);
        let whole = (Period::Unit(Unit::Year, offset), calendar + 1);
        return Some(part_of_year(tokens, calendar + 1, year).unwrap_or(whole));
    }
    match tokens.lex(calendar) {
        Some(Lex::Unit(unit)) if is_calendar(Lex::Unit(unit)) => {
            Some((Period::Unit(unit, offset), calendar + 1))
        }
        _ => None,
    }
}

/// "in March", "in the summer", after the year that it is a part of.
pub(super) fn part_of_year(tokens: &Tokens<'_>, at: usize, year: Year) -> Parsed<Period> {
    let comma = if tokens.is_mark(at, &[',']) { at + 1 } else { at };
    let named = tokens.is(comma, &["in"]).then_some(comma + 1)?;
    if let Some((month, end)) = month_name(tokens, named) {
        let is_whole = optional_year(tokens, end).0.is_none() && tokens.digits(end).is_none();
        return is_whole.then_some((Period::Month { month, year: Some(year), which: None }, end));
    }
    let the = tokens.skip(named, &["the"]);
    let Some(Lex::Season(season)) = tokens.lex(the) else { return None };
    Some((Period::Season { season, year: Some(year), which: None }, the + 1))
}

fn is_calendar(lex: Lex) -> bool {
    matches!(lex, Lex::Unit(Unit::Week | Unit::Month | Unit::Quarter | Unit::Year))
}

/// "the weekend", "this weekend", "the weekend before last", "the first weekend of June".
fn weekend(tokens: &Tokens<'_>, at: usize) -> Parsed<Period> {
    let the = tokens.skip(at, &["the"]);
    let (which, next) = which(tokens, the);
    if tokens.lex(next) == Some(Lex::Weekend) {
        let weekend = |which, weeks, end| Some((Period::Weekend { which, weeks }, end));
        return match which {
            None if the == at => None,
            None if tokens.run(next + 1, &["before", "last"]) => weekend(Some(Which::Last), -1, next + 3),
            None if tokens.run(next + 1, &["after", "next"]) => weekend(Some(Which::Next), 1, next + 3),
            None => weekend(None, 0, next + 1),
            // "the last weekend", "the next weekend" are counted from what is told.
            Some(Which::Coming) => weekend(which, 0, next + 1),
            Some(_) if the > at => None,
            Some(_) => weekend(which, 0, next + 1),
        };
    }
    let (nth, next) = nth(tokens, the)?;
    if tokens.lex(next) != Some(Lex::Weekend) || !tokens.is(next + 1, &["of", "in"]) {
        return None;
    }
    let (month, next) = month_name(tokens, next + 2)?;
    let (year, end) = optional_year(tokens, next);
    Some((Period::NthWeekend { nth, month, year }, end))
}

fn month(tokens: &Tokens<'_>, at: usize) -> Parsed<Period> {
    let (which, name_at) = which(tokens, at);
    let (month, next) = month_name(tokens, name_at)?;
    let (year, end) = optional_year(tokens, next);
    let found = Some((Period::Month { month, year, which }, end));
    if is_possessive(tokens, next) {
        return None;
    }
    if year.is_some() {
        // "march 2000 miles", "may 2019 people".
        let follows_number =
            tokens.digits(next).is_some() && is_verb(tokens, name_at) && !tokens.is_capital(name_at);
        return if follows_number && !is_opened(tokens, name_at) { None } else { found };
    }
    if tokens.digits(next).is_some() && tokens.mark(next).is_none() {
        return None;
    }
    if which.is_some() {
        let is_name_of_month =
            !is_verb(tokens, name_at) || tokens.is_capital(name_at) || tokens.word(at) != "this";
        return if is_name_of_month { found } else { None };
    }
    let is_long = matches!(tokens.lex(name_at), Some(Lex::Month(_)));
    // January, February, July and the last four of the year are nothing but months.
    let is_clear = is_long && !matches!(month, 3..=6 | 8) && tokens.is_capital(name_at);
    if is_opened(tokens, name_at) || is_clear { found } else { None }
}

fn is_opened(tokens: &Tokens<'_>, at: usize) -> bool {
    at > 0 && tokens.is(at - 1, &BEFORE_MONTH)
}

fn is_possessive(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.clitic(at).is_some_and(|clitic| clitic.ends_with('s'))
}

fn optional_year(tokens: &Tokens<'_>, at: usize) -> (Option<Year>, usize) {
    year_after(tokens, at).map_or((None, at), |(year, end)| (Some(year), end))
}

/// "last summer", "in the summer of 2018", "spring 2020"; a bare name is as often no time.
fn season(tokens: &Tokens<'_>, at: usize) -> Parsed<Period> {
    let the = tokens.skip(at, &["the"]);
    let (which, name_at) = which(tokens, the);
    let Some(Lex::Season(season)) = tokens.lex(name_at) else { return None };
    let next = name_at + 1;
    if is_possessive(tokens, next) || which.is_some() && which != Some(Which::Coming) && the > at {
        return None;
    }
    let (year, end) = optional_year(tokens, next);
    let found = Some((Period::Season { season, year, which }, end));
    if year.is_some() {
        return found;
    }
    let is_opened = which.is_some() || at > 0 && tokens.is(at - 1, &["in", "during"]);
    // "this summer dress", "in the spring water": a noun follows.
    let is_noun = tokens.is(next, &crate::time::lookalikes::AFTER_SEASON);
    if is_opened && !is_noun { found } else { None }
}

/// "Q2 2023", "the third quarter of 2022".
fn quarter(tokens: &Tokens<'_>, at: usize) -> Parsed<Period> {
    if tokens.word(at) == "q" && tokens.is_capital(at) && tokens.is_glued(at + 1) {
        let (quarter @ 1..=4, 1) = tokens.digits(at + 1)? else { return None };
        let (year, end) = optional_year(tokens, at + 2);
        let is_opened = at > 0 && tokens.is(at - 1, &["in", "during", "for", "of", "by"]);
        let is_cut = tokens.is_glued(at + 2)
            && (tokens.mark(at + 2).is_none() || tokens.is_mark(at + 2, &['-', '_', '/']));
        let quarter = Period::Quarter { quarter: quarter as i8, year };
        return ((year.is_some() || is_opened) && !is_cut).then_some((quarter, end));
    }
    let the = tokens.skip(at, &["the"]);
    let (nth, next) = match tokens.word(the) {
        "last" | "final" => (4, the + 1),
        _ => ordinal(tokens, the)?,
    };
    if tokens.lex(next) != Some(Lex::Unit(Unit::Quarter)) || !(1..=4).contains(&nth) {
        return None;
    }
    let (year, end) = year_after(tokens, next + 1)?;
    Some((Period::Quarter { quarter: nth as i8, year: Some(year) }, end))
}

/// "in 2019"; a number without a word that opens it is no year.
fn year(tokens: &Tokens<'_>, at: usize) -> Parsed<Period> {
    let the_year = if tokens.run(at, &["the", "year"]) { at + 2 } else { at };
    let (year, end) = given_year(tokens, the_year)?;
    let openers = ["in", "during", "since", "until", "before", "after", "by"];
    let is_opened = the_year > at || at > 0 && tokens.is(at - 1, &openers);
    let is_real = is_opened && !counts(tokens, end) && year >= 1500;
    is_real.then_some((Period::Year(Year::Given(year)), end))
}

/// A year of a range, which needs no word that opens it.
pub(super) fn year_of_range(tokens: &Tokens<'_>, at: usize) -> Parsed<Period> {
    let (year, end) = given_year(tokens, at)?;
    (year >= 1500 && !counts(tokens, end)).then_some((Period::Year(Year::Given(year)), end))
}

/// Whether the number before the place counts something, or belongs to a longer one.
fn counts(tokens: &Tokens<'_>, at: usize) -> bool {
    let word = tokens.word(at);
    let is_plural = word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && word != "this";
    let is_span = tokens.is_mark(at, &['-', '–', '/']) && tokens.is_glued(at);
    is_plural
        || is_span
        || tokens.is(at, &crate::time::lookalikes::COUNTED)
        || super::numbers::unit(tokens, at).is_some()
}
