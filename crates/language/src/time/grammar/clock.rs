//! Times of day: "3pm", "14:30", "half past three", "noon".

use super::Parsed;
use super::numbers::{cardinal, runs_on};
use crate::time::expression::Clock;
use crate::time::lexicon::Lex;
use crate::time::tokens::Tokens;

/// Whether a time of day says by itself that it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Surety {
    /// "3pm", "noon", "half past three".
    Sure,
    /// "14:30": only where a word or a day makes it one.
    Colon,
    /// "at 3": only beside a day or its part.
    Bare,
}

/// A time of day.
pub(super) fn clock(tokens: &Tokens<'_>, at: usize) -> Parsed<(Clock, Surety)> {
    match tokens.lex(at) {
        Some(Lex::Noon) => return Some(((Clock::Hour(12), Surety::Sure), at + 1)),
        Some(Lex::Midnight) => return Some(((Clock::Midnight, Surety::Sure), at + 1)),
        _ => {}
    }
    spoken(tokens, at).or_else(|| written(tokens, at))
}

/// "half past three", "quarter to five", "twenty past nine".
fn spoken(tokens: &Tokens<'_>, at: usize) -> Parsed<(Clock, Surety)> {
    let a = tokens.skip(at, &["a"]);
    let (minutes, next) = match tokens.word(a) {
        "half" => (30, a + 1),
        "quarter" => (15, a + 1),
        _ => {
            let (minutes, next) = cardinal(tokens, at)?;
            (i8::try_from(minutes).ok().filter(|minutes| (1..=29).contains(minutes))?, next)
        }
    };
    let next = tokens.skip(next, &["minutes", "mins"]);
    let is_past = match tokens.word(next) {
        "past" | "after" => true,
        "to" | "before" | "of" | "till" if minutes != 30 => false,
        _ => return None,
    };
    let (hour, next) = cardinal(tokens, next + 1)?;
    let hour = i8::try_from(hour).ok().filter(|hour| (1..=12).contains(hour))?;
    let is_range_or_score = tokens.digits(at).is_some();
    let (is_pm, end) = half_of_day(tokens, next);
    if is_range_or_score && is_pm.is_none() && tokens.word(next) != "o'clock" {
        return None;
    }
    let end = tokens.skip(end, &["o'clock"]);
    let (hour, minute) = match (is_past, hour) {
        (true, hour) => (hour, minutes),
        (false, 1) => (12, 60 - minutes),
        (false, hour) => (hour - 1, 60 - minutes),
    };
    let clock = match is_pm {
        Some(is_pm) => Clock::Minute(full_hour(hour, is_pm), minute),
        None => Clock::UnsureMinute(hour, minute),
    };
    Some(((clock, Surety::Sure), end))
}

/// "3pm", "3:30 p.m.", "14:30", "three o'clock", "3".
fn written(tokens: &Tokens<'_>, at: usize) -> Parsed<(Clock, Surety)> {
    if let Some((hour, _)) = tokens.digits(at)
        && let Some(found) = with_minutes(tokens, at, hour)
    {
        return found;
    }
    if tokens.digits(at).is_some() && (runs_on(tokens, at) || tokens.is_glued(at) && !is_opened(tokens, at)) {
        return None;
    }
    let (hour, next) = match tokens.digits(at) {
        Some((value, 1..=2)) => (value, at + 1),
        Some(_) => return None,
        None => cardinal(tokens, at)?,
    };
    let hour = i8::try_from(hour).ok().filter(|hour| (0..=23).contains(hour))?;
    if let (Some(is_pm), end) = half_of_day(tokens, next) {
        return (1..=12).contains(&hour).then(|| ((Clock::Hour(full_hour(hour, is_pm)), Surety::Sure), end));
    }
    if !(1..=12).contains(&hour) {
        return None;
    }
    if tokens.word(next).starts_with("o'clock") || tokens.word(next).starts_with("o\u{2019}clock") {
        return Some(((Clock::UnsureHour(hour), Surety::Sure), next + 1));
    }
    Some(((Clock::UnsureHour(hour), Surety::Bare), next))
}

/// A dash or a bracket may stand directly before a time of day.
fn is_opened(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens
        .before(at)
        .is_some_and(|token| matches!(token.text, "-" | "–" | "—" | "(" | "@" | "~" | "\"" | "'"))
}

/// With minutes: `Some(None)` where the digits after the colon are no minutes.
fn with_minutes(tokens: &Tokens<'_>, at: usize, hour: u32) -> Option<Parsed<(Clock, Surety)>> {
    let mark = tokens.mark(at + 1).filter(|mark| matches!(mark, ':' | '.'))?;
    let (minute, length) = tokens.digits(at + 2)?;
    if !(tokens.is_glued(at + 1) && tokens.is_glued(at + 2)) {
        return None;
    }
    let (is_pm, mut end) = half_of_day(tokens, at + 3);
    if mark == '.' && is_pm.is_none() {
        return Some(None);
    }
    let has_seconds =
        tokens.is_mark(at + 3, &[':']) && tokens.is_glued(at + 3) && tokens.digits(at + 4).is_some();
    if has_seconds {
        end = at + 5;
    }
    let (Ok(hour), Ok(minute)) = (i8::try_from(hour), i8::try_from(minute)) else { return Some(None) };
    let is_time = length == 2 && hour <= 23 && minute <= 59 && !runs_on(tokens, end - 1);
    let is_loose = !tokens.is_glued(at) || is_opened(tokens, at);
    if !is_time || !is_loose {
        return Some(None);
    }
    let clock = match is_pm {
        Some(is_pm) if (1..=12).contains(&hour) => Clock::Minute(full_hour(hour, is_pm), minute),
        Some(_) => return Some(None),
        // "3:30" is said of both halves of the day, "09:30" and "14:30" of one.
        None if (1..=8).contains(&hour) && tokens.get(at).is_some_and(|token| token.text.len() == 1) => {
            Clock::UnsureMinute(hour, minute)
        }
        None => Clock::Minute(hour, minute),
    };
    let surety = if is_pm.is_some() { Surety::Sure } else { Surety::Colon };
    Some(Some(((clock, surety), end)))
}

/// "am", "p.m.": whether it is the second half of the day.
fn half_of_day(tokens: &Tokens<'_>, at: usize) -> (Option<bool>, usize) {
    match tokens.word(at) {
        "am" => (Some(false), at + 1),
        "pm" => (Some(true), at + 1),
        half @ ("a" | "p") if tokens.is_mark(at + 1, &['.']) && tokens.word(at + 2) == "m" => {
            let stop = tokens.is_mark(at + 3, &['.']) && tokens.is_glued(at + 3);
            (Some(half == "p"), if stop { at + 4 } else { at + 3 })
        }
        _ => (None, at),
    }
}

fn full_hour(hour: i8, is_pm: bool) -> i8 {
    hour % 12 + if is_pm { 12 } else { 0 }
}
