//! Days, and ranges of days.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan as _};

use dreamkeeper_domain::time::Granularity;

use super::{Said, Side, dates};
use crate::time::Meaning;
use crate::time::expression::{Day, Year};
use crate::time::lexicon::{Unit, Which};
use crate::time::tense::Tense;

/// How many years around now are searched for a day without a year: 29 February is at most eight years away.
const YEARS_SEARCHED: i16 = 8;

impl Said<'_> {
    pub(super) fn day(&self, day: Day) -> Option<Date> {
        match day {
            Day::Offset(days) => self.moved(Span::new().try_days(days).ok()?),
            Day::OfWeek { weekday, weeks } => self.of_week(weekday, weeks),
            Day::Weekday { weekday, which, weeks } => {
                let date = self.weekday(weekday, which)?;
                date.checked_add(Span::new().try_weeks(weeks).ok()?).ok()
            }
            Day::Date { year, month, day, weekday } => {
                let date = match year {
                    Some(year) => Date::new(self.year(year)?, month, day).ok()?,
                    None => self.without_year(|year| Date::new(year, month, day).ok())?,
                };
                weekday.is_none_or(|weekday| date.weekday() == weekday).then_some(date)
            }
            Day::OfMonth { day, weekday } => {
                self.of_month(day).filter(|date| weekday.is_none_or(|weekday| date.weekday() == weekday))
            }
            Day::Nth { nth, weekday, month, year } => {
                let nth = |year| Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok();
                match year {
                    Some(year) => nth(self.year(year)?),
                    None => self.without_year(nth),
                }
            }
            Day::Moved { unit, count } => {
                let span = match unit {
                    Unit::Month => Span::new().try_months(count).ok()?,
                    Unit::Year => Span::new().try_years(count).ok()?,
                    _ => return None,
                };
                self.moved(span)
            }
        }
    }

    pub(super) fn year(&self, year: Year) -> Option<i16> {
        match year {
            Year::Given(year) => Some(year),
            Year::Offset(offset) => self.today.year().checked_add(offset),
        }
    }

    /// The Monday of the current ISO week.
    pub(super) fn monday(&self) -> Option<Date> {
        self.moved(Span::new().try_days(-i32::from(self.today.weekday().to_monday_zero_offset())).ok()?)
    }

    fn of_week(&self, weekday: Weekday, weeks: i32) -> Option<Date> {
        let days = weeks.checked_mul(7)?.checked_add(i32::from(weekday.to_monday_zero_offset()))?;
        self.monday()?.checked_add(Span::new().try_days(days).ok()?).ok()
    }

    fn weekday(&self, weekday: Weekday, which: Option<Which>) -> Option<Date> {
        match which {
            Some(Which::Last) => self.today.nth_weekday(-1, weekday).ok(),
            Some(Which::This) => self.of_week(weekday, 0),
            Some(Which::Next) => self.of_week(weekday, 1),
            Some(Which::Coming) => self.today.nth_weekday(1, weekday).ok(),
            None => match self.side()? {
                Side::Before => self.today.nth_weekday(-1, weekday).ok(),
                Side::After => self.today.nth_weekday(1, weekday).ok(),
            },
        }
    }

    /// The latest past or the nearest coming one of a day that every year has, or every leap year.
    fn without_year(&self, date_in: impl Fn(i16) -> Option<Date>) -> Option<Date> {
        let year = self.today.year();
        match self.side()? {
            Side::Before => (0..=YEARS_SEARCHED)
                .filter_map(|back| date_in(year.checked_sub(back)?))
                .find(|date| *date < self.today),
            Side::After => (0..=YEARS_SEARCHED)
                .filter_map(|ahead| date_in(year.checked_add(ahead)?))
                .find(|date| *date > self.today),
        }
    }

    /// "on the 15th": months that lack the day are passed over.
    fn of_month(&self, day: i8) -> Option<Date> {
        let first = self.today.first_of_month();
        let in_month = |months: i32| {
            let month = first.checked_add(Span::new().try_months(months).ok()?).ok()?;
            Date::new(month.year(), month.month(), day).ok()
        };
        match self.side()? {
            Side::Before => (0..=2).filter_map(|back: i32| in_month(-back)).find(|date| *date < self.today),
            Side::After => (0..=2).filter_map(in_month).find(|date| *date > self.today),
        }
    }

    /// "from Monday to Wednesday", both included. A range is looked for by its end in the past and by its
    /// start ahead, so that it lies on one side of now.
    pub(super) fn days(&self, first: Day, last: Day) -> Option<Meaning> {
        let (start, end) = match (first, last) {
            (
                Day::Weekday { weekday: first, which: None, .. },
                Day::Weekday { weekday: last, which: None, .. },
            ) => self.weekdays(first, last)?,
            (
                Day::Date { year: None, month, day, .. },
                Day::Date { year: None, month: last_month, day: last_day, .. },
            ) => match self.side()? {
                Side::Before => {
                    let end = self.day(last)?;
                    (latest_before(end, month, day)?, end)
                }
                Side::After => {
                    let start = self.day(first)?;
                    (start, earliest_after(start, last_month, last_day)?)
                }
            },
            (first, Day::Weekday { weekday, which: None, .. }) => {
                let start = self.day(first)?;
                (start, start.nth_weekday(1, weekday).ok()?)
            }
            (first, last) => (self.day(first)?, self.day(last)?),
        };
        let end = end.checked_add(1.day()).ok()?;
        dates(start, end, Granularity::Day)
    }

    fn weekdays(&self, first: Weekday, last: Weekday) -> Option<(Date, Date)> {
        match (self.tense)() {
            Tense::Past => {
                let end = self.today.nth_weekday(-1, last).ok()?;
                Some((end.nth_weekday(-1, first).ok()?, end))
            }
            Tense::Future | Tense::Present => {
                let start = self.today.nth_weekday(1, first).ok()?;
                Some((start, start.nth_weekday(1, last).ok()?))
            }
            // "I work from Monday to Friday" is said of every week.
            Tense::Plain | Tense::Unclear => None,
        }
    }
}

fn latest_before(end: Date, month: i8, day: i8) -> Option<Date> {
    let in_year = |year| Date::new(year, month, day).ok();
    [end.year(), end.year().checked_sub(1)?].into_iter().filter_map(in_year).find(|start| *start < end)
}

fn earliest_after(start: Date, month: i8, day: i8) -> Option<Date> {
    let in_year = |year| Date::new(year, month, day).ok();
    [start.year(), start.year().checked_add(1)?].into_iter().filter_map(in_year).find(|end| *end > start)
}
