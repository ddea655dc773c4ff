//! A clock that stands where it is set: answers must not depend on the day of the measurement.

use std::sync::{Mutex, PoisonError};

use dreamkeeper_domain::ports::Clock;
use jiff::Timestamp;

/// Stands still until it is set; starts at the epoch.
#[derive(Debug, Default)]
pub(super) struct SetClock(Mutex<Timestamp>);

impl SetClock {
    /// Moves to a moment.
    pub(super) fn set(&self, at: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
