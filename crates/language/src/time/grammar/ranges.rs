//! Ranges: "from Monday to Wednesday", "between 3 and 7 June", "2pm to 4pm".

use super::Parsed;
use super::calendar::{period, year_of_range};
use super::clock::{Surety, clock};
use super::dates::{date, month_name};
use super::days::day;
use super::numbers::{day_of_month, year_after};
use super::spots::day_and_part;
use crate::time::expression::{Clock, Day, Expression, Period, Year};
use crate::time::tokens::Tokens;

/// A range with its ends included.
pub(super) fn range(tokens: &Tokens<'_>, at: usize) -> Parsed<Expression> {
    let opened = tokens.skip(at, &["from", "between"]);
    let is_between = tokens.word(at) == "between";
    let joint = |at: usize| joint(tokens, at, is_between);
    days_of_month(tokens, opened, joint)
        .or_else(|| days(tokens, opened, opened > at, joint))
        .or_else(|| clocks(tokens, at))
        .or_else(|| if opened > at { periods(tokens, opened, joint) } else { None })
}

/// The place after what joins the ends.
fn joint(tokens: &Tokens<'_>, at: usize, is_between: bool) -> Option<usize> {
    if is_between {
        return (tokens.word(at) == "and").then_some(at + 1);
    }
    if tokens.is(at, &["to", "until", "till", "through", "thru"]) {
        return Some(at + 1);
    }
    tokens.is_mark(at, &['-', '–', '—']).then_some(at + 1)
}

/// "3 and 7 June", "June 3-7, 2022".
fn days_of_month(
    tokens: &Tokens<'_>,
    at: usize,
    joint: impl Fn(usize) -> Option<usize>,
) -> Parsed<Expression> {
    let ends = |month: i8, first: i8, last: i8, next: usize| {
        let (year, end) = year_after(tokens, next).map_or((None, next), |(year, end)| (Some(year), end));
        let day = |day| Day::Date { year, month, day, weekday: None };
        (first < last).then_some((Expression::Days(day(first), day(last)), end))
    };
    if let Some((month, next)) = month_name(tokens, at) {
        let (first, next) = day_of_month(tokens, tokens.skip(next, &["the"]))?;
        let (last, next) = day_of_month(tokens, tokens.skip(joint(next)?, &["the"]))?;
        let is_other = month_name(tokens, tokens.skip(next, &["of"])).is_some();
        return if is_other { None } else { ends(month, first, last, next) };
    }
    let (first, next) = day_of_month(tokens, tokens.skip(at, &["the"]))?;
    let (last, next) = day_of_month(tokens, tokens.skip(joint(next)?, &["the"]))?;
    let (month, next) = month_name(tokens, tokens.skip(next, &["of"]))?;
    ends(month, first, last, next)
}

fn days(
    tokens: &Tokens<'_>,
    at: usize,
    is_opened: bool,
    joint: impl Fn(usize) -> Option<usize>,
) -> Parsed<Expression> {
    let (first, next) = date(tokens, at).or_else(|| day(tokens, at))?;
    let other = tokens.skip(joint(next)?, &["the"]);
    let (last, end) = date(tokens, other).or_else(|| day(tokens, other))?;
    // "Monday to Friday" without an opener is when shops are open.
    let is_habit = !is_opened && matches!(first, Day::Weekday { .. });
    if is_habit {
        return Some((Expression::Unresolved, end));
    }
    Some((Expression::Days(with_year_of(first, last), last), end))
}

/// A year said once, at the end, holds for both ends.
fn with_year_of(first: Day, last: Day) -> Day {
    match (first, last) {
        (
            Day::Date { year: None, month, day, weekday },
            Day::Date { year: Some(year), month: last_month, day: last_day, .. },
        ) => {
            let wraps = (month, day) > (last_month, last_day);
            Day::Date { year: Some(if wraps { year_before(year) } else { year }), month, day, weekday }
        }
        _ => first,
    }
}

fn year_before(year: Year) -> Year {
    match year {
        Year::Given(year) => Year::Given(year - 1),
        Year::Offset(offset) => Year::Offset(offset - 1),
    }
}

fn periods(tokens: &Tokens<'_>, at: usize, joint: impl Fn(usize) -> Option<usize>) -> Parsed<Expression> {
    let (first, next) =
        month_of_range(tokens, at).or_else(|| year_of_range(tokens, at)).or_else(|| period(tokens, at))?;
    let other = joint(next)?;
    let (last, end) = month_of_range(tokens, other)
        .or_else(|| year_of_range(tokens, other))
        .or_else(|| period(tokens, other))?;
    let first = match (first, last) {
        (
            Period::Month { month, year: None, which: None },
            Period::Month { month: last, year: Some(year), .. },
        ) => {
            let year = if month > last { year_before(year) } else { year };
            Period::Month { month, year: Some(year), which: None }
        }
        _ => first,
    };
    Some((Expression::Periods(first, last), end))
}

/// Between the words of a range a month needs no preposition.
fn month_of_range(tokens: &Tokens<'_>, at: usize) -> Parsed<Period> {
    let (month, next) = month_name(tokens, at)?;
    let (year, end) = year_after(tokens, next).map_or((None, next), |(year, end)| (Some(year), end));
    Some((Period::Month { month, year, which: None }, end))
}

/// "from 2pm to 4pm on Friday", "2-4pm tomorrow".
fn clocks(tokens: &Tokens<'_>, at: usize) -> Parsed<Expression> {
    let (from, to, end) = hours(tokens, at)?;
    let on = tokens.skip(end, &["on"]);
    let (day, part, end) =
        day_and_part(tokens, on).map_or((None, None, end), |(day, part, end)| (Some(day), part, end));
    Some((Expression::Clocks { day, part, from, to }, end))
}

/// "from 2pm to 4pm", "2-4pm": the times alone.
pub(super) fn hours(tokens: &Tokens<'_>, at: usize) -> Option<(Clock, Clock, usize)> {
    let opened = tokens.skip(at, &["from", "between"]);
    let is_between = tokens.word(at) == "between";
    let ((from, first_surety), next) = joined_hour(tokens, opened).or_else(|| clock(tokens, opened))?;
    let ((to, surety), end) = clock(tokens, joint(tokens, next, is_between)?)?;
    let is_sure = match surety {
        Surety::Sure => true,
        Surety::Colon => first_surety == Surety::Colon && opened > at,
        // "from 9 to 5": read, so that no part of it is taken for something else; it says too little.
        Surety::Bare => opened > at,
    };
    let from = match (from, to) {
        // "2-4pm": the half of the day is said once.
        (Clock::UnsureHour(hour), Clock::Hour(last)) if last > 12 && hour < last - 12 => {
            Clock::Hour(hour + 12)
        }
        (Clock::UnsureHour(hour), Clock::Hour(last)) if last < 12 && hour < last => Clock::Hour(hour),
        (from, _) => from,
    };
    is_sure.then_some((from, to, end))
}

/// The "2" of "2-4pm", which alone would be the beginning of something else.
fn joined_hour(tokens: &Tokens<'_>, at: usize) -> Parsed<(Clock, Surety)> {
    let (hour @ 1..=12, 1..=2) = tokens.digits(at)? else { return None };
    let is_joined = !tokens.is_glued(at) && tokens.is_mark(at + 1, &['-', '–']);
    is_joined.then_some(((Clock::UnsureHour(hour as i8), Surety::Bare), at + 1))
}
