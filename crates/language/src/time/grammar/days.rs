//! Days by their weekday, or counted from today.

use jiff::civil::Weekday;

use super::Parsed;
use super::numbers::{Amount, amount, ordinal};
use crate::time::expression::Day;
use crate::time::lexicon::{Lex, Unit, Which};
use crate::time::tokens::Tokens;

/// A day that is no date: "yesterday", "last Friday", "a week from Friday".
pub(super) fn day(tokens: &Tokens<'_>, at: usize) -> Parsed<Day> {
    neighbour(tokens, at)
        .or_else(|| counted_from(tokens, at))
        .or_else(|| week_first(tokens, at))
        .or_else(|| nth_weekday(tokens, at))
        .or_else(|| weekday(tokens, at))
        .filter(|(_, next)| is_whole(tokens, *next))
}

/// "today", "the day before yesterday", "tomorrow week".
fn neighbour(tokens: &Tokens<'_>, at: usize) -> Parsed<Day> {
    let the = tokens.skip(at, &["the"]);
    if tokens.run(the, &["day", "before", "yesterday"]) {
        return Some((Day::Offset(-2), the + 3));
    }
    if tokens.run(the, &["day", "after", "tomorrow"]) {
        return Some((Day::Offset(2), the + 3));
    }
    let Some(Lex::Relative(days)) = tokens.lex(at) else { return None };
    let is_week_on = days >= 0 && tokens.word(at + 1) == "week" && tokens.clitic(at + 2).is_none();
    Some(if is_week_on { (Day::Offset(days + 7), at + 2) } else { (Day::Offset(days), at + 1) })
}

/// "a week from Friday", "two days from tomorrow", "two weeks ago Tuesday", "a year ago today".
fn counted_from(tokens: &Tokens<'_>, at: usize) -> Parsed<Day> {
    let (Amount::Exact { unit, count }, next) = amount(tokens, at)? else { return None };
    let count = i32::try_from(count).ok()?;
    let days = match unit {
        Unit::Day => count,
        Unit::Week => count.checked_mul(7)?,
        Unit::Fortnight => count.checked_mul(14)?,
        _ => 0,
    };
    let on = tokens.skip(next + 1, &["on"]);
    match tokens.word(next) {
        "from" | "on" | "after" => {
            if tokens.word(next + 1) == "now" {
                return None;
            }
            match tokens.lex(next + 1)? {
                Lex::Relative(from) if days > 0 => Some((Day::Offset(from.checked_add(days)?), next + 2)),
                Lex::Weekday(weekday) if days % 7 == 0 && days > 0 => {
                    Some((Day::Weekday { weekday, which: Some(Which::Coming), weeks: days / 7 }, next + 2))
                }
                _ => None,
            }
        }
        "ago" => match tokens.lex(on)? {
            Lex::Relative(from @ (0 | -1)) if days > 0 => {
                Some((Day::Offset(from.checked_sub(days)?), on + 1))
            }
            Lex::Relative(0) if matches!(unit, Unit::Month | Unit::Year) => {
                Some((Day::Moved { unit, count: -count }, on + 1))
            }
            Lex::Weekday(weekday) if days % 7 == 0 && days > 0 => {
                Some((Day::OfWeek { weekday, weeks: -days / 7 }, on + 1))
            }
            _ => None,
        },
        _ => None,
    }
}

/// "last week on Friday", "next week Tuesday".
fn week_first(tokens: &Tokens<'_>, at: usize) -> Parsed<Day> {
    let (weeks, next) = week(tokens, at)?;
    let mut on = if tokens.is_mark(next, &[',']) { next + 1 } else { next };
    on = tokens.skip(on, &["on"]);
    let Some(Lex::Weekday(weekday)) = tokens.lex(on) else { return None };
    Some((Day::OfWeek { weekday, weeks }, on + 1))
}

/// "last week" and its like, in weeks from the current one.
fn week(tokens: &Tokens<'_>, at: usize) -> Parsed<i32> {
    let the = tokens.skip(at, &["the"]);
    if tokens.run(the, &["week", "before", "last"]) {
        return Some((-2, the + 3));
    }
    if tokens.run(the, &["week", "after", "next"]) {
        return Some((2, the + 3));
    }
    let weeks = match tokens.word(at) {
        "last" => -1,
        "this" => 0,
        "next" => 1,
        _ => return None,
    };
    (tokens.word(at + 1) == "week").then_some((weeks, at + 2))
}

/// "Friday" with what says which one.
fn weekday(tokens: &Tokens<'_>, at: usize) -> Parsed<Day> {
    let the = tokens.skip(at, &["the"]);
    let (which, name_at) = which(tokens, the);
    let weekday = weekday_name(tokens, name_at, which.is_some())?;
    let next = name_at + 1;
    if the > at && which.is_none() {
        return bound(tokens, weekday, next);
    }
    if the > at && !matches!(which, Some(Which::Coming)) {
        return None;
    }
    if let Some(which) = which {
        return Some((Day::Weekday { weekday, which: Some(which), weeks: 0 }, next));
    }
    if let Some(found) = bound(tokens, weekday, next) {
        return Some(found);
    }
    // "Friday week", as the British say.
    if tokens.word(next) == "week" && tokens.clitic(next + 1).is_none() {
        return Some((Day::Weekday { weekday, which: Some(Which::Coming), weeks: 1 }, next + 1));
    }
    Some((Day::Weekday { weekday, which: None, weeks: 0 }, next))
}

/// "Friday of last week", "Friday before last", "Friday after next".
fn bound(tokens: &Tokens<'_>, weekday: Weekday, next: usize) -> Parsed<Day> {
    if tokens.run(next, &["before", "last"]) {
        return Some((Day::Weekday { weekday, which: Some(Which::Last), weeks: -1 }, next + 2));
    }
    if tokens.run(next, &["after", "next"]) {
        return Some((Day::Weekday { weekday, which: Some(Which::Next), weeks: 1 }, next + 2));
    }
    let mut of = if tokens.is_mark(next, &[',']) { next + 1 } else { next };
    of = tokens.skip(of, &["of", "in"]);
    let (weeks, end) = week(tokens, of)?;
    Some((Day::OfWeek { weekday, weeks }, end))
}

/// "last", "this past", "the coming" and so on, before a weekday.
pub(super) fn which(tokens: &Tokens<'_>, at: usize) -> (Option<Which>, usize) {
    let this = tokens.skip(at, &["this"]);
    match tokens.lex(this) {
        Some(Lex::Which(Which::Last)) if this > at || tokens.word(this) == "last" => {
            (Some(Which::Last), this + 1)
        }
        Some(Lex::Which(Which::Coming)) => (Some(Which::Coming), this + 1),
        Some(Lex::Which(Which::Next)) if this == at => (Some(Which::Next), at + 1),
        _ if this > at => (Some(Which::This), this),
        _ => (None, at),
    }
}

/// A weekday's name; a short one only where it can be nothing else.
pub(super) fn weekday_name(tokens: &Tokens<'_>, at: usize, is_opened: bool) -> Option<Weekday> {
    match tokens.lex(at)? {
        Lex::Weekday(weekday) => Some(weekday),
        Lex::ShortWeekday(weekday) => {
            let opened = is_opened || at > 0 && tokens.is(at - 1, &["on", "by"]);
            let is_clear = !matches!(tokens.word(at), "sun" | "sat" | "wed" | "mon" | "fri" | "thu");
            let followed = tokens.digits(at + 1).is_some()
                || tokens.is_mark(at + 1, &[',']) && tokens.digits(at + 2).is_some();
            (tokens.is_capital(at) && (opened || is_clear || followed)).then_some(weekday)
        }
        _ => None,
    }
}

/// "the first Monday of June", "the last Friday in March 2024".
fn nth_weekday(tokens: &Tokens<'_>, at: usize) -> Parsed<Day> {
    let the = tokens.skip(at, &["the"]);
    let (nth, next) = nth(tokens, the)?;
    let Some(Lex::Weekday(weekday)) = tokens.lex(next) else { return None };
    let of = tokens.is(next + 1, &["of", "in"]).then_some(next + 2)?;
    let Some(Lex::Month(month) | Lex::ShortMonth(month)) = tokens.lex(of) else { return None };
    let (year, end) = match super::numbers::year_after(tokens, of + 1) {
        Some((year, end)) => (Some(year), end),
        None => (None, of + 1),
    };
    Some((Day::Nth { nth, weekday, month, year }, end))
}

/// "first" to "fifth", or "last" as -1.
pub(super) fn nth(tokens: &Tokens<'_>, at: usize) -> Parsed<i8> {
    if tokens.word(at) == "last" {
        return Some((-1, at + 1));
    }
    let (value, next) = ordinal(tokens, at)?;
    (1..=5).contains(&value).then_some((value as i8, next))
}

/// No possessive of a weekday: "Friday's" is a restaurant as often as a day.
fn is_whole(tokens: &Tokens<'_>, next: usize) -> bool {
    let is_weekday = next > 0 && matches!(tokens.lex(next - 1), Some(Lex::Weekday(_) | Lex::ShortWeekday(_)));
    // "last Friday's game" can only be the day.
    let is_chosen = next > 1 && matches!(tokens.lex(next - 2), Some(Lex::Which(_)));
    !(is_weekday && !is_chosen && tokens.clitic(next).is_some_and(|clitic| clitic.ends_with('s')))
}
