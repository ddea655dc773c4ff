//! From the speaker's local time to absolute time.

use dreamkeeper_domain::time::Interval;
use jiff::Timestamp;
use jiff::civil::DateTime;

use super::{Anchor, TimePhrase};

impl TimePhrase {
    /// The absolute interval that is meant, by the rules of the speaker's zone; `None` where nothing is meant
    /// that can be resolved, or where it leaves the calendar.
    ///
    /// A local time that a clock change repeats is the first of the two, so that an hour that is lived twice
    /// is whole; one that it skips is moved ahead by what was skipped.
    pub fn interval(&self, anchor: &Anchor) -> Option<Interval> {
        let meaning = self.meaning?;
        let from = absolute(meaning.start, anchor)?;
        let to = absolute(meaning.end, anchor)?;
        // Inside a skipped hour both ends may fall together or change places: the length holds.
        let to =
            if from < to { to } else { from.checked_add(meaning.end.duration_since(meaning.start)).ok()? };
        Some(Interval { from: Some(from), to: Some(to) })
    }
}

fn absolute(local: DateTime, anchor: &Anchor) -> Option<Timestamp> {
    anchor.zone.to_ambiguous_timestamp(local).compatible().ok()
}
