//! A clock that stands still until a test moves it.

use std::sync::{Mutex, PoisonError};

use dreamkeeper_domain::ports::Clock;
use jiff::{SignedDuration, Timestamp};

use crate::builders::{EPOCH, at};

/// A clock that a test sets; it starts at [`EPOCH`].
#[derive(Debug)]
pub struct FrozenClock(Mutex<Timestamp>);

impl FrozenClock {
    /// A clock that stands at an RFC 3339 moment.
    ///
    /// # Panics
    /// When the text is no moment.
    pub fn at(moment: &str) -> Self {
        Self(Mutex::new(at(moment)))
    }

    /// Moves the clock to a moment, in either direction.
    pub fn set(&self, moment: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = moment;
    }

    /// Moves the clock on, or back by a negative duration.
    pub fn advance(&self, by: SignedDuration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Default for FrozenClock {
    fn default() -> Self {
        Self::at(EPOCH)
    }
}

impl Clock for FrozenClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_moves_only_when_told() {
        let clock = FrozenClock::at("2026-02-01T00:00:00Z");
        assert_eq!(clock.now(), clock.now());
        clock.advance(SignedDuration::from_secs(60));
        assert_eq!(clock.now(), at("2026-02-01T00:01:00Z"));
        clock.advance(SignedDuration::from_secs(-120));
        assert_eq!(clock.now(), at("2026-01-31T23:59:00Z"));
        clock.set(at("2020-01-01T00:00:00Z"));
        assert_eq!(clock.now(), at("2020-01-01T00:00:00Z"));
    }
}
