//! Phrases of time whose date follows by plain arithmetic, without the code that is measured.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// A phrase and its date, as a dream would write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) phrase: String,
    pub(super) date: String,
}

const DAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];
/// Words that tell of a time, whatever it is.
const TIMES: [&str; 24] = [
    "yesterday",
    "today",
    "tomorrow",
    "tonight",
    "last",
    "next",
    "ago",
    "recent",
    "recently",
    "week",
    "weekend",
    "month",
    "year",
    "day",
    "days",
    "morning",
    "evening",
    "night",
    "summer",
    "winter",
    "soon",
    "currently",
    "upcoming",
    "since",
];

/// Whether a line tells of a time.
pub(super) fn tells_time(line: &str) -> bool {
    let lower = line.to_lowercase();
    let mut words = lower.split(|mark: char| !mark.is_alphanumeric());
    words.any(|word| {
        TIMES.contains(&word) || DAYS.iter().any(|(day, _)| *day == word) || word.parse::<u32>().is_ok()
    })
}

/// The phrases of a line whose date is known, in order of this list; none after "the", which makes them part of
/// something else.
pub(super) fn known(line: &str, at: Timestamp) -> Vec<Known> {
    let today = at.to_zoned(TimeZone::UTC).date();
    let lower = line.to_lowercase();
    let mut found = Vec::new();
    for (phrase, date) in table(today) {
        for (place, _) in lower.match_indices(&phrase) {
            let before = &lower[..place];
            let after = lower[place + phrase.len()..].chars().next();
            let stands = before.chars().last().is_none_or(|last| last == ' ')
                && after.is_none_or(|next| !next.is_alphanumeric());
            let last = before.split_whitespace().next_back().unwrap_or_default();
            if stands && !["the", "every", "each", "until", "since", "by"].contains(&last) {
                found.push(Known { phrase: phrase.clone(), date: date.clone() });
            }
        }
    }
    found
}

fn table(today: Date) -> Vec<(String, String)> {
    let day = |days: i32| today.checked_add(days.days()).unwrap_or(today);
    let monday = day(-i32::from(today.weekday().to_monday_zero_offset()));
    let week = |weeks: i32| {
        let first = monday.checked_add((7 * weeks).days()).unwrap_or(monday);
        format!("{first} to {}", first.checked_add(6.days()).unwrap_or(first))
    };
    let month = |months: i32| {
        let moved = today.first_of_month().checked_add(months.months()).unwrap_or(today);
        format!("{:04}-{:02}", moved.year(), moved.month())
    };
    let mut table = vec![
        ("yesterday".to_owned(), day(-1).to_string()),
        ("tomorrow".to_owned(), day(1).to_string()),
        ("last week".to_owned(), week(-1)),
        ("next week".to_owned(), week(1)),
        ("last month".to_owned(), month(-1)),
        ("next month".to_owned(), month(1)),
        ("last year".to_owned(), format!("{:04}", today.year() - 1)),
        ("next year".to_owned(), format!("{:04}", today.year() + 1)),
    ];
    for (name, weekday) in DAYS {
        let back = (today.weekday().to_monday_zero_offset() - weekday.to_monday_zero_offset() + 7) % 7;
        let back = if back == 0 { 7 } else { i32::from(back) };
        table.push((format!("last {name}"), day(-back).to_string()));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_by_arithmetic() {
        // A Tuesday.
        let at = "2026-03-03T10:00:00Z".parse().unwrap();
        let found =
            known("Ana ran last Saturday, and yesterday; the last week was hard, last month too.", at);
        let told: Vec<(&str, &str)> =
            found.iter().map(|known| (known.phrase.as_str(), known.date.as_str())).collect();
        assert_eq!(
            told,
            [("yesterday", "2026-03-02"), ("last month", "2026-02"), ("last saturday", "2026-02-28")]
        );
        assert!(tells_time("Ana was there in 2020") && !tells_time("Ana likes tea"));
    }
}
