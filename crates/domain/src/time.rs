//! Times: absolute moments in UTC, the speaker's zone beside them, and half-open intervals.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A name that is no time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time zone: expected an IANA name such as Europe/Lisbon, or an offset such as +02:00")]
pub struct InvalidZone(pub String);

/// A speaker's time zone: an IANA name or a fixed offset, known to exist.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Zone(String);

impl Zone {
    /// Accepts IANA names and offsets such as `+02:00`.
    ///
    /// # Errors
    /// The name, when no such zone is known.
    pub fn new(name: &str) -> Result<Self, InvalidZone> {
        let zone = Self(name.to_owned());
        let known = name.len() <= 64 && zone.lookup().is_some();
        if known { Ok(zone) } else { Err(InvalidZone(name.chars().take(64).collect())) }
    }

    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }

    /// The name as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The rules of the zone; UTC where the zone database lost the name since it was accepted.
    pub fn rules(&self) -> jiff::tz::TimeZone {
        self.lookup().unwrap_or(jiff::tz::TimeZone::UTC)
    }

    fn lookup(&self) -> Option<jiff::tz::TimeZone> {
        if self.0.starts_with(['+', '-']) {
            let pattern = "%:z";
            return jiff::fmt::strtime::parse(pattern, &self.0).ok()?.offset().map(jiff::tz::TimeZone::fixed);
        }
        jiff::tz::TimeZone::get(&self.0).ok()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::new(&name).map_err(serde::de::Error::custom)
    }
}

/// How finely a phrase of time was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Granularity {
    /// "at 14:30".
    Minute,
    /// "at 3pm".
    Hour,
    /// "yesterday evening".
    PartOfDay,
    /// "on Friday".
    Day,
    /// "last weekend".
    Weekend,
    /// "next week".
    Week,
    /// "in March".
    Month,
    /// "Q2 2023".
    Quarter,
    /// "last summer".
    Season,
    /// "in 2019".
    Year,
}

/// A half-open interval `[from, to)`; an absent bound is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Interval {
    /// The first moment inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// The first moment after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
}

impl Interval {
    /// Whether `at` lies inside.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }

    /// Whether the bounds are in order and something can lie inside.
    pub fn is_ordered(&self) -> bool {
        match (self.from, self.to) {
            (Some(from), Some(to)) => from < to,
            (None, _) | (_, None) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_names_or_offsets_that_exist() {
        assert!(Zone::new("Europe/Lisbon").is_ok());
        assert!(Zone::new("+05:30").is_ok());
        assert!(Zone::new("Mars/Olympus").is_err());
        assert!(Zone::new("").is_err());
    }

    #[test]
    fn an_interval_holds_its_start_and_not_its_end() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let interval = Interval { from: Some(at(10)), to: Some(at(20)) };
        assert!(interval.contains(at(10)) && !interval.contains(at(20)));
        assert!(Interval::default().contains(at(0)));
        assert!(!Interval { from: Some(at(20)), to: Some(at(20)) }.is_ordered());
    }
}
