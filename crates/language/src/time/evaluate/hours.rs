//! Hours and minutes: of a day, and counted from now.

use jiff::civil::{Date, DateTime};
use jiff::{Span, ToSpan as _};

use dreamkeeper_domain::time::Granularity;

use super::Said;
use crate::time::Meaning;
use crate::time::expression::{Clock, Day};
use crate::time::lexicon::{Part, Unit};

impl Said<'_> {
    /// A time of a day; `None` where half of the day is unsaid.
    pub(super) fn at(&self, date: Date, part: Option<Part>, clock: Clock) -> Option<Meaning> {
        let (start, granularity) = moment(date, part, clock)?;
        let length = if granularity == Granularity::Hour { 1.hour() } else { 1.minute() };
        Some(Meaning { start, end: start.checked_add(length).ok()?, granularity })
    }

    /// From one time of a day to another: the second is the end, as of an appointment.
    pub(super) fn clocks(
        &self,
        day: Option<Day>,
        part: Option<Part>,
        from: Clock,
        to: Clock,
    ) -> Option<Meaning> {
        let date = match day {
            Some(day) => self.day(day)?,
            None => self.today,
        };
        let (start, first) = moment(date, part, from)?;
        let (end, last) = moment(date, part, to)?;
        let is_fine = first == Granularity::Minute || last == Granularity::Minute;
        let granularity = if is_fine { Granularity::Minute } else { Granularity::Hour };
        Some(Meaning { start, end, granularity })
    }

    /// Minutes and hours pass by the world's clock, whatever the local one does meanwhile; the local minute
    /// or hour in which they end is meant.
    pub(super) fn elapsed(&self, unit: Unit, count: i64) -> Option<Meaning> {
        let (span, granularity, length) = match unit {
            Unit::Minute => (Span::new().try_minutes(count).ok()?, Granularity::Minute, 1.minute()),
            Unit::Hour => (Span::new().try_hours(count).ok()?, Granularity::Hour, 1.hour()),
            _ => return None,
        };
        let at = self.anchor.at.checked_add(span).ok()?.to_zoned(self.anchor.zone.clone()).datetime();
        let minute = if granularity == Granularity::Hour { 0 } else { at.minute() };
        let start = at.date().at(at.hour(), minute, 0, 0);
        Some(Meaning { start, end: start.checked_add(length).ok()?, granularity })
    }
}

fn moment(date: Date, part: Option<Part>, clock: Clock) -> Option<(DateTime, Granularity)> {
    let (hour, minute, granularity) = match clock {
        Clock::Hour(hour) => (hour, 0, Granularity::Hour),
        Clock::Minute(hour, minute) => (hour, minute, Granularity::Minute),
        Clock::UnsureHour(hour) => (by_part(hour, part?)?, 0, Granularity::Hour),
        Clock::UnsureMinute(hour, minute) => (by_part(hour, part?)?, minute, Granularity::Minute),
        Clock::Midnight => return None,
    };
    // The small hours of last night are today's.
    let is_small = part == Some(Part::Overnight) && hour < 6;
    let date = if is_small { date.tomorrow().ok()? } else { date };
    Some((date.at(hour, minute, 0, 0), granularity))
}

/// The hour of the day that an hour of the dial is in a part of the day.
fn by_part(hour: i8, part: Part) -> Option<i8> {
    match (part, hour) {
        (Part::Morning, 1..=11) => Some(hour),
        (Part::Afternoon, 12) => Some(12),
        (Part::Afternoon, 1..=6) => Some(hour + 12),
        (Part::Evening | Part::Night | Part::Overnight, 5..=11) => Some(hour + 12),
        (Part::Overnight, 1..=4) => Some(hour),
        _ => None,
    }
}
