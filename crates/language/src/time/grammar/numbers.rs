//! Numbers: counts, days of a month, years, and amounts of a unit.

use super::Parsed;
use crate::time::expression::Year;
use crate::time::lexicon::{Lex, Unit, Which};
use crate::time::tokens::Tokens;

/// Marks that, standing directly before digits, make them something else than a number of days or a year.
const FOREIGN_BEFORE: [char; 15] =
    ['$', '€', '£', '¥', '#', '.', ',', '/', ':', '-', '@', '=', '_', '+', '\\'];

/// An amount of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amount {
    Exact {
        unit: Unit,
        count: i64,
    },
    /// "a few days", "about an hour", "a year and a half".
    Vague,
}

/// Whether the digits stand for themselves: no price, version, telephone number or the like.
pub(super) fn is_free(tokens: &Tokens<'_>, at: usize) -> bool {
    let Some(token) = tokens.get(at) else { return false };
    let before = if token.glued { tokens.before(at) } else { None };
    let is_foreign = before.is_some_and(|before| {
        before.text.starts_with(FOREIGN_BEFORE)
            || before.end - before.start > 0 && before.text.ends_with(char::is_alphanumeric)
    });
    !is_foreign && !runs_on(tokens, at)
}

/// Whether more of the same number follows: "2019.5", "2019-04", "50%".
pub(super) fn runs_on(tokens: &Tokens<'_>, at: usize) -> bool {
    if !tokens.is_glued(at + 1) {
        return false;
    }
    match tokens.mark(at + 1) {
        Some('%' | '€' | '$' | '£' | '_' | '=') => true,
        Some('.' | ',' | ':' | '/' | '-' | '–') => {
            tokens.is_glued(at + 2) && tokens.digits(at + 2).is_some()
        }
        _ => false,
    }
}

/// A cardinal number in digits or words.
pub(super) fn cardinal(tokens: &Tokens<'_>, at: usize) -> Parsed<u32> {
    if let Some((value, _)) = tokens.digits(at) {
        let is_ordinal = tokens.is_glued(at + 1) && tokens.is(at + 1, &["st", "nd", "rd", "th"]);
        return (is_free(tokens, at) && !is_ordinal).then_some((value, at + 1));
    }
    let Some(Lex::Number(value)) = tokens.lex(at) else { return None };
    if value < 20 || value % 10 != 0 {
        return Some((value, at + 1));
    }
    let next = if tokens.is_mark(at + 1, &['-']) { at + 2 } else { at + 1 };
    match tokens.lex(next) {
        Some(Lex::Number(ones @ 1..=9)) => Some((value + ones, next + 1)),
        _ => Some((value, at + 1)),
    }
}

/// An ordinal number in digits or words.
pub(super) fn ordinal(tokens: &Tokens<'_>, at: usize) -> Parsed<u32> {
    if let Some((value, _)) = tokens.digits(at) {
        let has_ending = tokens.is_glued(at + 1) && tokens.is(at + 1, &["st", "nd", "rd", "th"]);
        return (has_ending && is_free(tokens, at)).then_some((value, at + 2));
    }
    match tokens.lex(at) {
        Some(Lex::Ordinal(value)) => Some((value, at + 1)),
        Some(Lex::Number(tens @ (20 | 30))) => {
            let next = if tokens.is_mark(at + 1, &['-']) { at + 2 } else { at + 1 };
            let Some(Lex::Ordinal(ones @ 1..=9)) = tokens.lex(next) else { return None };
            Some((tens + ones, next + 1))
        }
        _ => None,
    }
}

/// A day of a month, with or without the ordinal ending.
pub(super) fn day_of_month(tokens: &Tokens<'_>, at: usize) -> Parsed<i8> {
    let (value, next) = ordinal(tokens, at).or_else(|| {
        let (value, length) = tokens.digits(at)?;
        (length <= 2).then_some((value, at + 1))
    })?;
    let day = i8::try_from(value).ok()?;
    (1..=31).contains(&day).then_some((day, next))
}

/// Four digits that can be a year.
pub(super) fn given_year(tokens: &Tokens<'_>, at: usize) -> Parsed<i16> {
    if tokens.is_mark(at, &['\'', '\u{2019}', '\u{2018}']) && tokens.is_glued(at + 1) && !tokens.is_glued(at)
    {
        // "'89": of the last century from 40 on.
        let (value, 2) = tokens.digits(at + 1)? else { return None };
        let goes_on = tokens.is_glued(at + 2) && !tokens.word(at + 2).is_empty();
        let century = if value < 40 { 2000 } else { 1900 };
        return (!goes_on).then_some((i16::try_from(value + century).ok()?, at + 2));
    }
    let (value, length) = tokens.digits(at)?;
    let year = i16::try_from(value).ok()?;
    let is_year = length == 4 && (1000..2200).contains(&year) && is_free(tokens, at);
    let goes_on = tokens.is_glued(at + 1) && !tokens.word(at + 1).is_empty();
    (is_year && !goes_on).then_some((year, at + 1))
}

/// A year after a month or a season: "2023", ", 2023", "of last year".
pub(super) fn year_after(tokens: &Tokens<'_>, at: usize) -> Parsed<Year> {
    let comma = if tokens.is_mark(at, &[',']) { at + 1 } else { at };
    let of = tokens.skip(comma, &["of", "in"]);
    if let Some((year, next)) = given_year(tokens, of) {
        return Some((Year::Given(year), next));
    }
    if let Some((count, next)) = count(tokens, of)
        && unit(tokens, next) == Some(Unit::Year)
        && tokens.word(next + 1) == "ago"
    {
        return Some((Year::Offset(-i16::try_from(count).ok()?), next + 2));
    }
    if tokens.word(of + 1) != "year" || tokens.clitic(of + 2).is_some() {
        return None;
    }
    let offset = match tokens.lex(of)? {
        Lex::Which(Which::Last) if tokens.word(of) == "last" => -1,
        Lex::Which(Which::This) => 0,
        Lex::Which(Which::Next) => 1,
        _ => return None,
    };
    Some((Year::Offset(offset), of + 2))
}

/// "three days", "an hour and a half", "a couple of weeks".
pub(super) fn amount(tokens: &Tokens<'_>, at: usize) -> Parsed<Amount> {
    let at = tokens.skip(at, &["exactly", "just", "precisely", "only"]);
    let about = ["about", "around", "roughly", "approximately", "almost", "nearly", "over", "some", "maybe"];
    let mut next = tokens.skip(at, &about);
    for words in [["more", "than"], ["less", "than"], ["at", "least"], ["well", "over"], ["just", "over"]] {
        if tokens.run(next, &words) {
            next += 2;
        }
    }
    let is_about = next > at || tokens.is_mark(next, &['~']);
    if tokens.is_mark(next, &['~']) {
        next += 1;
    }
    let (amount, end) = exact_amount(tokens, next).or_else(|| vague_amount(tokens, next))?;
    Some((if is_about { Amount::Vague } else { amount }, end))
}

fn exact_amount(tokens: &Tokens<'_>, at: usize) -> Parsed<Amount> {
    if tokens.word(at) == "half" {
        let unit_at = tokens.skip(at + 1, &["a", "an"]);
        let exact = Amount::Exact { unit: Unit::Minute, count: 30 };
        return (unit(tokens, unit_at) == Some(Unit::Hour)).then_some((exact, unit_at + 1));
    }
    let (count, mut next) = count(tokens, at)?;
    if count == 0 {
        return None;
    }
    if tokens.run(next, &["quarters", "of", "an", "hour"]) {
        return Some((Amount::Exact { unit: Unit::Minute, count: i64::from(count) * 15 }, next + 4));
    }
    if count == 1 && tokens.run(next, &["quarter", "of", "an", "hour"]) {
        return Some((Amount::Exact { unit: Unit::Minute, count: 15 }, next + 4));
    }
    let halves = tokens.run(next, &["and", "a", "half"]);
    if halves {
        next += 3;
    }
    if tokens.is_mark(next, &['-']) {
        next += 1;
    }
    next = tokens.skip(next, &["full", "whole", "short", "long"]);
    let unit = unit(tokens, next)?;
    next += 1;
    let halves_after = tokens.run(next, &["and", "a", "half"]);
    if halves_after {
        next += 3;
    }
    // "two weeks and three days"
    if unit != Unit::Hour
        && tokens.word(next) == "and"
        && let Some((_, more)) = self::count(tokens, next + 1)
        && self::unit(tokens, more).is_some()
    {
        return Some((Amount::Vague, more + 1));
    }
    let count = i64::from(count);
    Some(match (halves || halves_after, unit) {
        (false, Unit::Hour) => hours_and_minutes(tokens, count, next),
        (false, unit) => (Amount::Exact { unit, count }, next),
        (true, Unit::Hour) => (Amount::Exact { unit: Unit::Minute, count: count * 60 + 30 }, next),
        (true, _) => (Amount::Vague, next),
    })
}

fn hours_and_minutes(tokens: &Tokens<'_>, hours: i64, at: usize) -> (Amount, usize) {
    let and = tokens.skip(at, &["and"]);
    if let Some((minutes, next)) = count(tokens, and)
        && unit(tokens, next) == Some(Unit::Minute)
    {
        return (Amount::Exact { unit: Unit::Minute, count: hours * 60 + i64::from(minutes) }, next + 1);
    }
    (Amount::Exact { unit: Unit::Hour, count: hours }, at)
}

fn vague_amount(tokens: &Tokens<'_>, at: usize) -> Parsed<Amount> {
    let mut next = tokens.skip(at, &["a", "the"]);
    next = tokens.skip(next, &["good", "whole", "great"]);
    if tokens.is(next, &["couple", "few", "several", "many", "number", "handful", "dozen", "lot"]) {
        next = tokens.skip(next + 1, &["of"]);
        next = tokens.skip(next, &["more", "short", "long"]);
        return unit(tokens, next).map(|_| (Amount::Vague, next + 1));
    }
    // "1.5 hours", "2-3 weeks", "two or three days".
    if cardinal(tokens, at).is_none() && tokens.digits(at).is_none() {
        return None;
    }
    let middle = at + 1;
    let is_joined = tokens.is_mark(middle, &['.', ',', '-', '–']) || tokens.is(middle, &["or", "to"]);
    let (_, length) =
        cardinal(tokens, middle + 1).or_else(|| Some((tokens.digits(middle + 1)?.0, middle + 2)))?;
    (is_joined && unit(tokens, length).is_some()).then_some((Amount::Vague, length + 1))
}

fn count(tokens: &Tokens<'_>, at: usize) -> Parsed<u32> {
    if tokens.is(at, &["a", "an"]) {
        return Some((1, at + 1));
    }
    cardinal(tokens, at)
}

/// The unit at a place, singular or plural.
pub(super) fn unit(tokens: &Tokens<'_>, at: usize) -> Option<Unit> {
    match tokens.lex(at)? {
        Lex::Unit(unit) | Lex::Units(unit) => Some(unit),
        _ => None,
    }
}
