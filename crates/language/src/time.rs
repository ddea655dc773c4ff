//! Phrases of time, resolved against the moment and the zone of the message that holds them.
//!
//! Conventions: docs/internals/time.md. What cannot be resolved stays as said, marked.

use dreamkeeper_domain::passage::Span;
use dreamkeeper_domain::time::Granularity;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// When and where a message was said.
#[derive(Debug, Clone)]
pub struct Anchor {
    /// The message's own time.
    pub at: Timestamp,
    /// The speaker's zone; UTC where none is known.
    pub zone: TimeZone,
}

/// A phrase of time in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimePhrase {
    /// Where it stands, in bytes of the text.
    pub span: Span,
    /// What it means; `None` where it is vague or a recurrence: it stays as said.
    pub meaning: Option<Meaning>,
}

/// What a phrase means: a half-open stretch of the speaker's local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// The first moment inside.
    pub start: DateTime,
    /// The first moment after.
    pub end: DateTime,
    /// How finely it was said.
    pub granularity: Granularity,
}

/// Every phrase of time in the text, in order, none overlapping another.
pub fn read(text: &str, anchor: &Anchor) -> Vec<TimePhrase> {
    let _ = (text, anchor);
    Vec::new()
}

impl TimePhrase {
    /// abs
    pub fn interval(&self, _anchor: &Anchor) -> Option<dreamkeeper_domain::time::Interval> {
        None
    }
}
