//! The grammar: which phrase of time begins at a token. Each family of phrases is a module.

mod calendar;
mod clock;
mod dates;
mod days;
mod numbers;
mod ranges;
mod shifts;
mod spots;
mod vague;

use super::expression::Expression;
use super::tokens::Tokens;

/// What was read, and the place after it.
pub(super) type Parsed<T> = Option<(T, usize)>;

/// Prepositions with which a day, an hour or a stretch means itself.
const OPENERS: [&str; 9] = ["in", "on", "at", "during", "over", "by", "for", "throughout", "within"];

/// The phrase that begins at a token.
pub(super) fn phrase(tokens: &Tokens<'_>, at: usize) -> Parsed<Expression> {
    let (expression, end) = vague::phrase(tokens, at).or_else(|| interval(tokens, at))?;
    // "9am every day": what comes again swallows what stands before it.
    match vague::recurrence(tokens, end) {
        Some((_, end)) => Some((Expression::Unresolved, end)),
        None => Some((expression, end)),
    }
}

/// A phrase that can be an interval.
fn interval(tokens: &Tokens<'_>, at: usize) -> Parsed<Expression> {
    ranges::range(tokens, at)
        .or_else(|| spots::spot(tokens, at))
        .or_else(|| stretch(tokens, at))
        .or_else(|| shifts::shift(tokens, at))
}

fn stretch(tokens: &Tokens<'_>, at: usize) -> Parsed<Expression> {
    let opened = tokens.skip(at, &OPENERS);
    let (period, end) = calendar::period(tokens, opened)?;
    Some((Expression::Period(period), end))
}
