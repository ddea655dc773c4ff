//! The evaluator: what an expression means, said at a moment and in a tense. All arithmetic is checked: what
//! leaves the calendar means nothing.

mod days;
mod hours;
mod periods;

use jiff::civil::{Date, DateTime};
use jiff::{Span, ToSpan as _};

use dreamkeeper_domain::time::Granularity;

use super::expression::{Day, Expression};
use super::lexicon::{Part, Unit};
use super::tense::Tense;
use super::{Anchor, Meaning};

/// The moment of saying, and where the clause looks.
pub(super) struct Said<'a> {
    anchor: &'a Anchor,
    today: Date,
    /// Read only where it decides.
    tense: &'a dyn Fn() -> Tense,
}

/// On which side of now a clause looks for a day that has no year, or no week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// What an expression means; `None` where it is no interval.
pub(super) fn meaning(
    expression: &Expression,
    anchor: &Anchor,
    tense: &dyn Fn() -> Tense,
) -> Option<Meaning> {
    let today = anchor.at.to_zoned(anchor.zone.clone()).date();
    let said = Said { anchor, today, tense };
    let meaning = match expression {
        Expression::Spot { day, part, clock } => said.spot(*day, *part, *clock),
        Expression::Period(period) => said.period(*period),
        Expression::Shift { unit, count, is_in } => said.shift(*unit, *count, *is_in),
        Expression::Days(first, last) => said.days(*first, *last),
        Expression::Periods(first, last) => said.periods(*first, *last),
        Expression::Clocks { day, part, from, to } => said.clocks(*day, *part, *from, *to),
        Expression::Unresolved => None,
    }?;
    (meaning.start < meaning.end).then_some(meaning)
}

impl Said<'_> {
    fn side(&self) -> Option<Side> {
        match (self.tense)() {
            Tense::Past => Some(Side::Before),
            Tense::Future | Tense::Present | Tense::Plain => Some(Side::After),
            Tense::Unclear => None,
        }
    }

    /// "two weeks ago", "in three months", "20 minutes ago".
    fn shift(&self, unit: Unit, count: i64, is_in: bool) -> Option<Meaning> {
        // "I ran it in two hours" tells how long it took.
        if is_in && (self.tense)() == Tense::Past {
            return None;
        }
        let days = |days: i64| day_of(self.moved(Span::new().try_days(days).ok()?)?);
        match unit {
            Unit::Minute | Unit::Hour => self.elapsed(unit, count),
            Unit::Day => days(count),
            Unit::Week => days(count.checked_mul(7)?),
            Unit::Fortnight => days(count.checked_mul(14)?),
            Unit::Month | Unit::Quarter | Unit::Year => self.unit(unit, count),
            Unit::Second | Unit::Decade => None,
        }
    }

    /// Today moved; `None` where that leaves the calendar.
    fn moved(&self, span: Span) -> Option<Date> {
        self.today.checked_add(span).ok()
    }

    fn spot(
        &self,
        day: Option<Day>,
        part: Option<Part>,
        clock: Option<super::expression::Clock>,
    ) -> Option<Meaning> {
        let date = match day {
            Some(day) => self.day(day)?,
            None => self.today,
        };
        match (clock, part) {
            (Some(clock), part) => self.at(date, part, clock),
            (None, Some(part)) => part_of(date, part),
            (None, None) => day_of(date),
        }
    }
}

fn midnight(date: Date) -> DateTime {
    date.at(0, 0, 0, 0)
}

fn day_of(date: Date) -> Option<Meaning> {
    dates(date, date.checked_add(1.day()).ok()?, Granularity::Day)
}

fn dates(start: Date, end: Date, granularity: Granularity) -> Option<Meaning> {
    Some(Meaning { start: midnight(start), end: midnight(end), granularity })
}

fn part_of(date: Date, part: Part) -> Option<Meaning> {
    let (from, hours) = match part {
        Part::Morning => (6, 6),
        Part::Afternoon => (12, 6),
        Part::Evening | Part::Night => (18, 6),
        Part::Overnight => (18, 12),
    };
    let start = date.at(from, 0, 0, 0);
    let end = start.checked_add(hours.hours()).ok()?;
    Some(Meaning { start, end, granularity: Granularity::PartOfDay })
}
