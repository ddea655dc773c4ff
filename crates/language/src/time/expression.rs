//! Expressions: what a phrase says, before it is known when it was said.

use jiff::civil::Weekday;

use super::lexicon::{Part, Season, Unit, Which};

/// A year, as said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Year {
    Given(i16),
    /// In years from the one it is said in.
    Offset(i16),
}

/// A day, as said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    /// In days from today.
    Offset(i32),
    /// "on Friday", "last Friday"; moved by whole weeks.
    Weekday { weekday: Weekday, which: Option<Which>, weeks: i32 },
    /// The weekday of an ISO week, in weeks from the current one.
    OfWeek { weekday: Weekday, weeks: i32 },
    /// "5 June 2023", "Monday, 5 June".
    Date { year: Option<Year>, month: i8, day: i8, weekday: Option<Weekday> },
    /// "on the 15th", "Friday the 28th".
    OfMonth { day: i8, weekday: Option<Weekday> },
    /// "the first Monday of June"; -1 is the last.
    Nth { nth: i8, weekday: Weekday, month: i8, year: Option<Year> },
    /// "a year ago today": in calendar units from today.
    Moved { unit: Unit, count: i32 },
}

/// A time of day, as said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    Hour(i8),
    Minute(i8, i8),
    /// "at 3": half of the day unsaid.
    UnsureHour(i8),
    /// "at 3:30".
    UnsureMinute(i8, i8),
    /// Midnight belongs to two days.
    Midnight,
}

/// A stretch of the calendar, as said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Period {
    /// A calendar unit, in units from the current one.
    Unit(Unit, i32),
    Weekend {
        which: Option<Which>,
        weeks: i32,
    },
    /// "the first weekend of June".
    NthWeekend {
        nth: i8,
        month: i8,
        year: Option<Year>,
    },
    Month {
        month: i8,
        year: Option<Year>,
        which: Option<Which>,
    },
    Season {
        season: Season,
        year: Option<Year>,
        which: Option<Which>,
    },
    Quarter {
        quarter: i8,
        year: Option<Year>,
    },
    Year(Year),
}

/// A phrase of time, as said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expression {
    /// A day, or a part or an hour of it.
    Spot {
        day: Option<Day>,
        part: Option<Part>,
        clock: Option<Clock>,
    },
    Period(Period),
    /// "three weeks ago", "in two months".
    Shift {
        unit: Unit,
        count: i64,
        is_in: bool,
    },
    Days(Day, Day),
    Periods(Period, Period),
    /// Times of one day.
    Clocks {
        day: Option<Day>,
        part: Option<Part>,
        from: Clock,
        to: Clock,
    },
    /// A phrase of time that is no interval, or that says too little.
    Unresolved,
}
