//! Time and chance: nothing else in the system reads a clock or draws a random byte.

use jiff::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The current moment, to the microsecond. May jump in either direction between two calls.
    fn now(&self) -> Timestamp;
}

/// Draws random bytes.
pub trait Entropy: Send + Sync {
    /// Fills the buffer with bytes that nobody can guess. A test's seeded source gives the same bytes for
    /// the same seed.
    fn fill(&self, buffer: &mut [u8]);
}
