//! Times on the wire: RFC 3339 with an offset, read strictly.

use std::fmt;
use std::str::FromStr;

use dreamkeeper_domain::time::{self, Zone};
use jiff::Timestamp;
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

/// A text that is no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMoment {
    /// Not of the form.
    #[error("`{0}` is not a time: expected RFC 3339 with an offset, such as 2026-02-03T18:22:10+00:00")]
    Form(String),
    /// The zone in brackets is none.
    #[error(transparent)]
    Zone(#[from] time::InvalidZone),
    /// Two zones.
    #[error("the time is in `{bracketed}` and the zone says `{zone}`: one of them is wrong")]
    TwoZones {
        /// In the time's brackets.
        bracketed: String,
        /// In the zone's own field.
        zone: String,
    },
    /// Offset and zone contradict each other.
    #[error("`{zone}` was at {expected} then, and the time says {offset}: one of them is wrong")]
    Contradiction {
        /// The zone.
        zone: String,
        /// Its offset at that moment.
        expected: Offset,
        /// The time's own offset.
        offset: Offset,
    },
}

/// A moment: RFC 3339 with an offset on the way in, UTC on the way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, format = DateTime, example = "2026-02-03T18:22:10Z")]
pub struct Moment(pub Timestamp);

impl FromStr for Moment {
    type Err = InvalidMoment;

    fn from_str(text: &str) -> Result<Self, InvalidMoment> {
        let said: SaidAt = text.parse()?;
        if said.zone.is_some() { Err(InvalidMoment::Form(shown(text))) } else { Ok(Self(said.moment)) }
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// When something was said: a moment, and what the text told of the speaker's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidAt {
    moment: Timestamp,
    /// `None` for `Z`, which tells nothing of the speaker's clock (RFC 9557 §2).
    offset: Option<Offset>,
    zone: Option<Zone>,
}

impl SaidAt {
    /// The moment, and the zone of the text or of a field beside it.
    ///
    /// # Errors
    /// Where both are given and differ, or where the offset is not the zone's at that moment.
    pub fn in_zone(&self, beside: Option<&Zone>) -> Result<(Timestamp, Option<Zone>), InvalidMoment> {
        if let (Some(bracketed), Some(beside)) = (&self.zone, beside)
            && bracketed != beside
        {
            let (bracketed, zone) = (bracketed.to_string(), beside.to_string());
            return Err(InvalidMoment::TwoZones { bracketed, zone });
        }
        let zone = self.zone.as_ref().or(beside);
        if let (Some(zone), Some(offset)) = (zone, self.offset) {
            let expected = zone.rules().to_offset(self.moment);
            if expected != offset {
                return Err(InvalidMoment::Contradiction { zone: zone.to_string(), expected, offset });
            }
        }
        Ok((self.moment, zone.cloned()))
    }
}

impl From<Timestamp> for SaidAt {
    fn from(moment: Timestamp) -> Self {
        Self { moment, offset: None, zone: None }
    }
}

impl FromStr for SaidAt {
    type Err = InvalidMoment;

    fn from_str(text: &str) -> Result<Self, InvalidMoment> {
        let (stamp, zone) = match text.strip_suffix(']').and_then(|rest| rest.split_once('[')) {
            Some((stamp, name)) => (stamp, Some(Zone::new(name)?)),
            None => (text, None),
        };
        let form = || InvalidMoment::Form(shown(text));
        let offset = offset_of(stamp).ok_or_else(form)?;
        // Stores keep microseconds; a finer moment would not read back equal.
        let moment: Timestamp = stamp.parse().map_err(|_| form())?;
        let moment = Timestamp::from_microsecond(moment.as_microsecond()).map_err(|_| form())?;
        let said = Self { moment, offset, zone };
        said.in_zone(None)?;
        Ok(said)
    }
}

impl fmt::Display for SaidAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.offset {
            Some(offset) => self.moment.display_with_offset(offset).fmt(f)?,
            None => self.moment.fmt(f)?,
        }
        self.zone.as_ref().map_or(Ok(()), |zone| write!(f, "[{zone}]"))
    }
}

impl Serialize for SaidAt {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl PartialSchema for SaidAt {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::Custom("date-time".to_owned())))
            .description(Some("When something was said: RFC 3339 with an offset, optionally with the zone."))
            .examples(["2026-02-03T18:22:10+00:00[Europe/Lisbon]"])
            .into()
    }
}

impl ToSchema for SaidAt {}

impl<'de> Deserialize<'de> for SaidAt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The offset of a text that has exactly RFC 3339's form, which jiff alone does not insist on; the inner
/// `None` is `Z`.
fn offset_of(stamp: &str) -> Option<Option<Offset>> {
    let fits = |text: &str, form: &str| {
        text.len() == form.len()
            && text.bytes().zip(form.bytes()).all(|(byte, place)| match place {
                b'0' => byte.is_ascii_digit(),
                _ => byte == place,
            })
    };
    let (date_time, mut rest) = stamp.split_at_checked(19)?;
    if !fits(date_time, "0000-00-00T00:00:00") {
        return None;
    }
    if let Some(fraction) = rest.strip_prefix('.') {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=9).contains(&digits) {
            return None;
        }
        rest = &fraction[digits..];
    }
    if rest == "Z" {
        return Some(None);
    }
    if !fits(rest, "+00:00") && !fits(rest, "-00:00") {
        return None;
    }
    let number = |text: &str| text.parse::<i32>().ok();
    let seconds = number(&rest[1..3])? * 3_600 + number(&rest[4..6])? * 60;
    let offset = Offset::from_seconds(if rest.starts_with('-') { -seconds } else { seconds }).ok()?;
    // RFC 3339 §4.3: -00:00 says, as Z does, that the speaker's clock is not known.
    Some((rest != "-00:00").then_some(offset))
}

fn shown(text: &str) -> String {
    text.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_moments_with_an_offset_are_times() {
        let check = |text: &str, expected: Option<&str>| {
            let read = text.parse::<Moment>().ok().map(|moment| moment.0.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        };
        check("2026-02-03T18:22:10Z", Some("2026-02-03T18:22:10Z"));
        check("2026-02-03T18:22:10.25+02:00", Some("2026-02-03T16:22:10.25Z"));
        check("2026-02-03T18:22:10", None);
        check("2026-02-03 18:22:10Z", None);
        check("2026-02-03T18:22Z", None);
        check("2026-02-30T18:22:10Z", None);
        check("2026-02-03T25:22:10Z", None);
        check("2026-02-03T18:22:10+99:00", None);
        check("2026-02-03T18:22:10.Z", None);
        check("2026-02-03T18:22:10+00:00[Europe/Lisbon]", None);
        check("1770142930", None);
        check("", None);
        check("yesterday", None);
    }

    #[test]
    fn an_offset_must_be_its_zones() {
        let check = |text: &str, zone: Option<&str>, expected: bool| {
            let zone = zone.map(|name| Zone::new(name).unwrap());
            let read = text.parse::<SaidAt>().and_then(|said| said.in_zone(zone.as_ref()));
            assert_eq!(read.is_ok(), expected, "{text} {zone:?}: {read:?}");
        };
        check("2026-02-03T18:22:10+00:00[Europe/Lisbon]", None, true);
        check("2026-07-03T18:22:10+00:00[Europe/Lisbon]", None, false);
        check("2026-07-03T18:22:10+01:00", Some("Europe/Lisbon"), true);
        check("2026-07-03T18:22:10+02:00", Some("Europe/Lisbon"), false);
        check("2026-07-03T18:22:10Z", Some("Europe/Lisbon"), true);
        check("2026-07-03T18:22:10+01:00[Europe/Lisbon]", Some("Asia/Tokyo"), false);
        check("2026-07-03T18:22:10+01:00[Mars/Olympus]", None, false);
    }

    #[test]
    fn what_was_said_when_reads_back() {
        for text in ["2026-07-03T18:22:10+01:00[Europe/Lisbon]", "2026-07-03T18:22:10Z"] {
            let said: SaidAt = text.parse().unwrap();
            assert_eq!(said.to_string(), text);
        }
    }
}
