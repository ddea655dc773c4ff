//! Times: the days that a question names, and how near to them a message stands.
//!
//! A message tells of the recent past more often than of the future: what was said in the days after a
//! named day fits it better than what was said before.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

/// The days that a question names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Times {
    years: Vec<i16>,
    months: Vec<i8>,
    days: Vec<i8>,
    /// Stretches fixed by the day of asking: "yesterday", "last week".
    stretches: Vec<(Date, Date)>,
    /// Where in the question they are named.
    places: BTreeSet<usize>,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const SHORT_MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/// What stands before a month, so that "may" and "march" are not taken for verbs.
const BEFORE_MONTH: [&str; 13] =
    ["in", "last", "of", "during", "since", "by", "on", "before", "after", "early", "late", "mid", "until"];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl Times {
    /// Reads the words of a question that is asked on `today`.
    pub(crate) fn read(words: &[String], today: Date) -> Self {
        let mut times = Self::default();
        for place in 0..words.len() {
            times.read_absolute(words, place, today);
            if let Some((stretch, word_count)) = relative(words, place, today) {
                times.stretches.push(stretch);
                times.places.extend(place + 1 - word_count..=place);
            }
        }
        times
    }

    /// Whether no day is named.
    pub(crate) fn is_empty(&self) -> bool {
        self.years.is_empty() && self.months.is_empty() && self.stretches.is_empty()
    }

    /// The places of the question's words that name them.
    pub(crate) fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.places.iter().copied()
    }

    fn read_absolute(&mut self, words: &[String], place: usize, today: Date) {
        let word = |offset: isize| {
            place.checked_add_signed(offset).and_then(|at| words.get(at)).map_or("", String::as_str)
        };
        if let Some(year) = year(word(0)) {
            self.years.push(year);
            self.places.insert(place);
            // 2026-03-05 is read as three words.
            if let (Some(month @ 1..=12), Some(day @ 1..=31)) = (number(word(1)), number(word(2))) {
                self.months.push(month);
                self.days.push(day);
                self.places.extend([place + 1, place + 2]);
            }
        }
        let Some(month) = month(word(0)) else { return };
        let after = day(word(1));
        let before = day(word(-1)).or_else(|| (word(-1) == "of").then(|| day(word(-2))).flatten());
        let is_verb = matches!(word(0), "may" | "march" | "mar")
            && !BEFORE_MONTH.contains(&word(-1))
            && after.or(before).is_none()
            && year(word(1)).is_none();
        if is_verb {
            return;
        }
        self.months.push(month);
        self.days.extend(after.or(before));
        self.places.insert(place);
        if after.is_some() {
            self.places.insert(place + 1);
        } else if before.is_some() {
            self.places.extend(place.saturating_sub(2)..place);
        }
        if word(-1) == "last" {
            self.places.insert(place - 1);
            self.years.push(if month < today.month() { today.year() } else { today.year() - 1 });
        }
    }

    /// How near a message of that day stands, from 0 to 1.
    pub(crate) fn nearness(&self, said: Date) -> f32 {
        let stretch = self.stretches.iter().map(|(from, to)| stretch_nearness(*from, *to, said));
        let stretch = stretch.fold(0.0, f32::max);
        if self.months.is_empty() && self.years.is_empty() {
            return stretch;
        }
        // A day without a year is the one of the message's own year, or of the year before.
        let own_years = [said.year(), said.year() - 1];
        let years = if self.years.is_empty() { &own_years[..] } else { &self.years[..] };
        years.iter().map(|year| self.nearness_in(*year, said)).fold(stretch, f32::max)
    }

    fn nearness_in(&self, year: i16, said: Date) -> f32 {
        if self.months.is_empty() {
            return f32::from(u8::from(said.year() == year));
        }
        let near = |month: &i8| {
            if self.days.is_empty() {
                return month_nearness(year, *month, said);
            }
            let days = self.days.iter().filter_map(|day| Date::new(year, *month, *day).ok());
            days.map(|day| day_nearness(days_between(day, said))).fold(0.0, f32::max)
        };
        self.months.iter().map(near).fold(0.0, f32::max)
    }
}

/// By how many days after the named day a message was said.
fn day_nearness(days_after: i32) -> f32 {
    match days_after {
        0..=1 => 1.0,
        2..=8 => 0.8,
        -1 => 0.6,
        9..=16 => 0.5,
        17..=35 | -16..=-2 => 0.25,
        i32::MIN..=-17 | 36..=i32::MAX => 0.0,
    }
}

fn month_nearness(year: i16, month: i8, said: Date) -> f32 {
    let months_after = i32::from(said.year() - year) * 12 + i32::from(said.month() - month);
    match months_after {
        0 => 1.0,
        1 if said.day() <= 10 => 0.6,
        1 => 0.3,
        -1 => 0.15,
        i32::MIN..=-2 | 2..=i32::MAX => 0.0,
    }
}

fn stretch_nearness(from: Date, to: Date, said: Date) -> f32 {
    if said < from {
        return day_nearness(days_between(from, said)).min(0.25);
    }
    if said <= to { 1.0 } else { day_nearness(days_between(to, said)) }
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

/// The stretch that the word at `place` fixes together with those before, and how many words name it.
fn relative(words: &[String], place: usize, today: Date) -> Option<((Date, Date), usize)> {
    let before = |count: usize| place.checked_sub(count).map_or("", |at| words[at].as_str());
    let back = |span: Span| today.checked_sub(span).ok();
    let one_day = |day: Date| (day, day);
    match (before(1), words[place].as_str()) {
        (_, "today" | "tonight") => Some((one_day(today), 1)),
        (_, "yesterday") => Some((one_day(back(1.day())?), 1)),
        ("last" | "past" | "previous", "week" | "weekend") => Some(((back(14.days())?, back(1.day())?), 2)),
        ("this", "week") => Some(((back(7.days())?, today), 2)),
        ("last" | "past" | "previous", "month") => {
            let month = back(1.month())?;
            Some(((month.first_of_month(), month.last_of_month()), 2))
        }
        ("this", "month") => Some(((today.first_of_month(), today), 2)),
        ("last" | "past" | "previous", "year") => {
            let year = back(1.year())?;
            Some(((year.first_of_year(), year.last_of_year()), 2))
        }
        ("this", "year") => Some(((today.first_of_year(), today), 2)),
        ("last", weekday) => Some((one_day(last_weekday(weekday, today)?), 2)),
        (unit, "ago") => Some((ago(before(2), unit, today)?, 3)),
        _ => None,
    }
}

fn last_weekday(word: &str, today: Date) -> Option<Date> {
    let offset = WEEKDAYS.iter().position(|weekday| *weekday == word)?;
    let weekday = Weekday::from_monday_zero_offset(i8::try_from(offset).ok()?).ok()?;
    today.nth_weekday(-1, weekday).ok()
}

/// "three weeks ago", with half a unit to each side, because such counts are round.
fn ago(count: &str, unit: &str, today: Date) -> Option<(Date, Date)> {
    let count = number(count).or_else(|| word_number(count))?;
    let days: i32 = match unit.trim_end_matches('s') {
        "day" => 1,
        "week" => 7,
        "month" => 30,
        "year" => 365,
        _ => return None,
    };
    let (middle, slack) = (i32::from(count) * days, days / 2);
    let back = |count: i32| today.checked_sub(count.days()).ok();
    Some((back(middle + slack)?, back(middle - slack)?))
}

fn word_number(word: &str) -> Option<i8> {
    const WORDS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    if matches!(word, "a" | "an") {
        return Some(1);
    }
    let place = WORDS.iter().position(|known| *known == word)?;
    i8::try_from(place + 1).ok()
}

fn year(word: &str) -> Option<i16> {
    let century = word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    century.then(|| word.parse().ok()).flatten()
}

fn month(word: &str) -> Option<i8> {
    let in_list = |list: &[&str]| list.iter().position(|name| *name == word);
    let place = in_list(&MONTHS).or_else(|| in_list(&SHORT_MONTHS))?;
    i8::try_from(place + 1).ok()
}

/// A day of a month: 1 to 31, with or without its ordinal ending.
fn day(word: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending));
    number(digits.unwrap_or(word)).filter(|day| (1..=31).contains(day))
}

fn number(word: &str) -> Option<i8> {
    word.bytes().all(|byte| byte.is_ascii_digit()).then(|| word.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use dreamkeeper_domain::text::words;
    use jiff::civil::date;

    use super::*;

    /// Asked on Thursday 5 March 2026.
    fn check(question: &str, said: Date, expected: f32) {
        let mut all = Vec::new();
        words(question, |word| all.push(word.to_owned()));
        let times = Times::read(&all, date(2026, 3, 5));
        assert!((times.nearness(said) - expected).abs() < 1e-6, "{question}: {times:?}");
    }

    #[test]
    fn a_named_day_is_nearest_to_the_days_after_it() {
        check("What broke on 7 May 2025?", date(2025, 5, 8), 1.0);
        check("What broke on May 7th, 2025?", date(2025, 5, 12), 0.8);
        check("What broke on the 7th of May?", date(2025, 5, 1), 0.25);
        check("What broke on 2025-05-07?", date(2025, 5, 7), 1.0);
        check("What broke on 7 May 2025?", date(2024, 5, 7), 0.0);
    }

    #[test]
    fn a_month_reaches_a_little_into_the_next() {
        check("the trip in May 2025", date(2025, 5, 30), 1.0);
        check("the trip in May", date(2025, 6, 3), 0.6);
        check("the trip in December", date(2026, 1, 3), 0.6);
        check("the trip in 2024", date(2025, 1, 1), 0.0);
    }

    #[test]
    fn last_may_is_the_one_before_the_day_of_asking() {
        check("last May", date(2025, 5, 2), 1.0);
        check("last May", date(2024, 5, 2), 0.0);
        check("last February", date(2026, 2, 2), 1.0);
    }

    #[test]
    fn phrases_are_counted_from_the_day_of_asking() {
        check("what did I eat yesterday", date(2026, 3, 4), 1.0);
        check("last Monday", date(2026, 3, 2), 1.0);
        check("two weeks ago", date(2026, 2, 19), 1.0);
        check("last year", date(2025, 7, 1), 1.0);
        check("last month", date(2026, 1, 1), 0.0);
    }

    #[test]
    fn verbs_are_not_months() {
        for question in ["may I march", "what may happen", "room 12"] {
            let all: Vec<String> = question.split(' ').map(str::to_owned).collect();
            assert!(Times::read(&all, date(2026, 3, 5)).is_empty(), "{question}");
        }
    }
}
