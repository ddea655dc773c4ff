//! Chance that repeats itself: ids break ties, so they must be the same in every run.

use std::sync::{Mutex, PoisonError};

use dreamkeeper_domain::ports::Entropy;

use crate::data::natural::Chance;

/// The same bytes in every run.
pub(super) struct SeededChance(Mutex<Chance>);

impl SeededChance {
    /// The source of that seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(Mutex::new(Chance::seeded(seed)))
    }
}

impl Entropy for SeededChance {
    fn fill(&self, buffer: &mut [u8]) {
        let mut chance = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in buffer.chunks_mut(8) {
            chunk.copy_from_slice(&chance.next().to_le_bytes()[..chunk.len()]);
        }
    }
}
