//! Times for people: short, in the speaker's zone where it is known, else in UTC.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `6 Aug 2025, 19:02`, on the clock of `zone`; `UTC` is said where there is no zone.
pub(crate) fn moment(at: Timestamp, zone: Option<&str>) -> String {
    match zone.and_then(zone_rules) {
        Some(rules) => at.to_zoned(rules).strftime("%-d %b %Y, %H:%M").to_string(),
        None => at.to_zoned(TimeZone::UTC).strftime("%-d %b %Y, %H:%M UTC").to_string(),
    }
}

/// `6 Aug 2025`.
pub(crate) fn day(at: Timestamp, zone: Option<&str>) -> String {
    let rules = zone.and_then(zone_rules).unwrap_or(TimeZone::UTC);
    at.to_zoned(rules).strftime("%-d %b %Y").to_string()
}

fn zone_rules(name: &str) -> Option<TimeZone> {
    Some(dreamkeeper_domain::time::Zone::new(name).ok()?.rules())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_on_the_speakers_clock() {
        let at: Timestamp = "2025-08-06T18:02:00Z".parse().unwrap();
        assert_eq!(moment(at, Some("Europe/Lisbon")), "6 Aug 2025, 19:02");
        assert_eq!(moment(at, None), "6 Aug 2025, 18:02 UTC");
    }
}
