//! Amounts of time away from now: "three weeks ago", "in two months", "in a fortnight's time".

use super::numbers::{Amount, amount};
use super::{Parsed, calendar};
use crate::time::expression::{Expression, Year};
use crate::time::lexicon::{Lex, Unit};
use crate::time::tokens::Tokens;

/// An amount of time before or after now; an amount alone is a duration and stays unresolved.
pub(super) fn shift(tokens: &Tokens<'_>, at: usize) -> Parsed<Expression> {
    let is_in = tokens.is(at, &["in"]);
    let opened = tokens.skip(at, &["in", "for", "within", "after", "during", "another"]);
    let (amount, next) = amount(tokens, opened)?;
    let resolved = |sign: i64, is_in: bool, end: usize| match amount {
        Amount::Exact { unit, count } if unit != Unit::Decade => {
            Some((Expression::Shift { unit, count: sign * count, is_in }, end))
        }
        Amount::Exact { .. } | Amount::Vague => Some((Expression::Unresolved, end)),
    };
    match tokens.word(next) {
        "ago" => {
            return year_with_part(tokens, amount, next + 1).or_else(|| resolved(-1, false, next + 1));
        }
        "back" if opened == at => return resolved(-1, false, next + 1),
        "hence" => return resolved(1, false, next + 1),
        "from" if tokens.word(next + 1) == "now" => return resolved(1, false, next + 2),
        // Whether the day or the month is meant is not said.
        "from" if matches!(tokens.lex(next + 1), Some(Lex::Relative(_))) => {
            return Some((Expression::Unresolved, next + 2));
        }
        _ => {}
    }
    if is_in {
        // "in two weeks' time", "in a week's time"
        let quote = match tokens.clitic(next) {
            Some(clitic) if clitic.ends_with('s') => next + 1,
            _ if tokens.is_mark(next, &['\'', '\u{2019}']) => next + 1,
            _ => next,
        };
        if tokens.word(quote) == "time" {
            return resolved(1, true, quote + 1);
        }
        if quote == next && !is_qualified(tokens, next) {
            return resolved(1, true, next);
        }
    }
    if opened == at && is_qualified(tokens, next) {
        return None;
    }
    Some((Expression::Unresolved, next))
}

/// "two hours long", "ten years old", "five minute walk": the amount measures something.
fn is_qualified(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.is(
        at,
        &[
            "long", "old", "older", "younger", "late", "early", "away", "of", "straight", "flat", "a", "per",
            "total",
        ],
    ) || tokens.is_mark(at, &['-', '/'])
}

/// "two years ago in March": the month of that year.
fn year_with_part(tokens: &Tokens<'_>, amount: Amount, at: usize) -> Parsed<Expression> {
    let Amount::Exact { unit: Unit::Year, count } = amount else { return None };
    let year = Year::Offset(i16::try_from(-count).ok()?);
    let (period, end) = calendar::part_of_year(tokens, at, year)?;
    Some((Expression::Period(period), end))
}
