//! Stretches of the calendar, and ranges of them.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan as _};

use dreamkeeper_domain::time::Granularity;

use super::{Said, Side, dates};
use crate::time::Meaning;
use crate::time::expression::{Period, Year};
use crate::time::lexicon::{Season, Unit, Which};
use crate::time::tense::Tense;

impl Said<'_> {
    pub(super) fn period(&self, period: Period) -> Option<Meaning> {
        match period {
            Period::Unit(unit, offset) => self.unit(unit, i64::from(offset)),
            Period::Weekend { which, weeks } => self.weekend(which, weeks),
            Period::NthWeekend { nth, month, year } => self.nth_weekend(nth, month, year),
            Period::Month { month, year, which } => {
                let start =
                    self.start(year, which, Granularity::Month, |year| Date::new(year, month, 1).ok())?;
                months(start, 1, Granularity::Month)
            }
            Period::Season { season, year, which } => {
                let first = first_month(season);
                if year.is_none() && which.is_none() && !self.is_told() {
                    return None;
                }
                let start =
                    self.start(year, which, Granularity::Season, |year| Date::new(year, first, 1).ok())?;
                months(start, 3, Granularity::Season)
            }
            Period::Quarter { quarter, year } => {
                let first = quarter.checked_mul(3)?.checked_sub(2)?;
                let start =
                    self.start(year, None, Granularity::Quarter, |year| Date::new(year, first, 1).ok())?;
                months(start, 3, Granularity::Quarter)
            }
            Period::Year(year) => months(Date::new(self.year(year)?, 1, 1).ok()?, 12, Granularity::Year),
        }
    }

    /// A calendar unit, in units from the current one.
    pub(super) fn unit(&self, unit: Unit, count: i64) -> Option<Meaning> {
        match unit {
            Unit::Week => {
                let start = self.monday()?.checked_add(Span::new().try_weeks(count).ok()?).ok()?;
                dates(start, start.checked_add(7.days()).ok()?, Granularity::Week)
            }
            Unit::Month => {
                let start =
                    self.today.first_of_month().checked_add(Span::new().try_months(count).ok()?).ok()?;
                months(start, 1, Granularity::Month)
            }
            Unit::Quarter => {
                let first = (self.today.month() - 1) / 3 * 3 + 1;
                let current = Date::new(self.today.year(), first, 1).ok()?;
                let start = current.checked_add(Span::new().try_months(count.checked_mul(3)?).ok()?).ok()?;
                months(start, 3, Granularity::Quarter)
            }
            Unit::Year => {
                let start =
                    self.today.first_of_year().checked_add(Span::new().try_years(count).ok()?).ok()?;
                months(start, 12, Granularity::Year)
            }
            _ => None,
        }
    }

    /// Whether the verb itself looks back or ahead: "in winter it is cold" is said of every one.
    fn is_told(&self) -> bool {
        matches!((self.tense)(), Tense::Past | Tense::Future)
    }

    fn weekend(&self, which: Option<Which>, weeks: i32) -> Option<Meaning> {
        let is_weekend = matches!(self.today.weekday(), Weekday::Saturday | Weekday::Sunday);
        let last = || self.today.nth_weekday(-1, Weekday::Sunday).ok()?.yesterday().ok();
        let of_week = |days: i32| self.monday()?.checked_add(Span::new().try_days(days).ok()?).ok();
        let saturday = match which {
            Some(Which::Last) => last()?,
            Some(Which::This) => of_week(5)?,
            Some(Which::Next) => of_week(12)?,
            Some(Which::Coming) => self.today.nth_weekday(1, Weekday::Saturday).ok()?,
            None => match self.side()? {
                // In the middle of one, "the weekend" may be this one or its neighbour.
                Side::Before if is_weekend => return None,
                Side::Before => last()?,
                Side::After if is_weekend => return None,
                Side::After => of_week(5)?,
            },
        };
        let saturday = saturday.checked_add(Span::new().try_weeks(weeks).ok()?).ok()?;
        dates(saturday, saturday.checked_add(2.days()).ok()?, Granularity::Weekend)
    }

    fn nth_weekend(&self, nth: i8, month: i8, year: Option<Year>) -> Option<Meaning> {
        let start = self.start(year, None, Granularity::Weekend, |year| {
            Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, Weekday::Saturday).ok()
        })?;
        dates(start, start.checked_add(2.days()).ok()?, Granularity::Weekend)
    }

    /// The start of what comes once a year: of a year, or the one that is meant by `which` or by the tense.
    fn start(
        &self,
        year: Option<Year>,
        which: Option<Which>,
        granularity: Granularity,
        start_in: impl Fn(i16) -> Option<Date>,
    ) -> Option<Date> {
        if let Some(year) = year {
            return start_in(self.year(year)?);
        }
        let length = match granularity {
            Granularity::Month => 1,
            Granularity::Weekend => 0,
            _ => 3,
        };
        let this_year = self.today.year();
        let around = |back: bool| {
            let order: [i16; 4] = if back { [1, 0, -1, -2] } else { [-1, 0, 1, 2] };
            order
                .into_iter()
                .filter_map(|offset| start_in(this_year.checked_add(offset)?))
                .collect::<Vec<_>>()
        };
        let is_over = |start: &Date| {
            let end = start.checked_add(Span::new().months(length));
            end.is_ok_and(|end| end <= self.today)
        };
        let is_current = |start: &Date| *start <= self.today && !is_over(start);
        match which {
            Some(Which::Last) => around(true).into_iter().find(is_over),
            Some(Which::Next | Which::Coming) => around(false).into_iter().find(|start| *start > self.today),
            Some(Which::This) => around(false).into_iter().find(is_current).or_else(|| start_in(this_year)),
            None => match self.side()? {
                Side::Before => around(true).into_iter().find(|start| *start <= self.today),
                Side::After => around(false).into_iter().find(|start| *start > self.today),
            },
        }
    }

    /// "from March to May 2023", both included.
    pub(super) fn periods(&self, first: Period, last: Period) -> Option<Meaning> {
        let (start, end) = (self.period(first)?, self.period(last)?);
        if start.granularity != end.granularity {
            return None;
        }
        // A range that begins in the current month may be this year's or the next one's.
        let begins_now = |period| matches!(period, Period::Month { month, year: None, which: None } if month == self.today.month());
        if begins_now(first) && self.side()? == Side::After {
            return None;
        }
        let is_open = |period| matches!(period, Period::Month { year: None, which: None, .. });
        if !is_open(first) || !is_open(last) || start.start < end.start {
            return Some(Meaning { end: end.end, ..start });
        }
        // By tense, each end was looked for alone: bring them to one side of now.
        match self.side()? {
            Side::Before => {
                let start = start.start.checked_sub(1.year()).ok()?;
                Some(Meaning { start, ..end })
            }
            Side::After => Some(Meaning { end: end.end.checked_add(1.year()).ok()?, ..start }),
        }
    }
}

fn first_month(season: Season) -> i8 {
    match season {
        Season::Spring => 3,
        Season::Summer => 6,
        Season::Autumn => 9,
        Season::Winter => 12,
    }
}

fn months(start: Date, count: i32, granularity: Granularity) -> Option<Meaning> {
    dates(start, start.checked_add(Span::new().try_months(count).ok()?).ok()?, granularity)
}
