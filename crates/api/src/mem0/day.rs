//! Expiry by day, as mem0 tells it: a memory is served through the day, in UTC.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::error::Problem;

/// The moment at which a memory that expires on that day is served no longer.
///
/// # Errors
/// The text is no day.
pub fn end_of(day: &str) -> Result<Timestamp, Problem> {
    let wrong = || {
        let shown: String = day.chars().take(64).collect();
        Problem::new("expiration_date", format!("`{shown}` is no day: expected YYYY-MM-DD"))
    };
    let next = day.parse::<Date>().and_then(Date::tomorrow).map_err(|_| wrong())?;
    Ok(next.to_zoned(TimeZone::UTC).map_err(|_| wrong())?.timestamp())
}

/// The last day on which a memory with that end is served at all.
pub fn of_end(end: Timestamp) -> String {
    let within = end.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(end);
    within.to_zoned(TimeZone::UTC).date().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_served_to_its_end() {
        let end = end_of("2026-02-28").unwrap();
        assert_eq!(end.to_string(), "2026-03-01T00:00:00Z");
        assert_eq!(of_end(end), "2026-02-28");
        assert!(end_of("tomorrow").is_err());
    }
}
