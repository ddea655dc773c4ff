//! Chance that repeats itself: the same seed draws the same bytes.

use std::sync::atomic::{AtomicU64, Ordering};

use dreamkeeper_domain::ports::Entropy;

/// SplitMix64 (Steele, Lea and Flood 2014): one addition and a mix a draw, so that concurrent draws need
/// no lock.
#[derive(Debug)]
pub struct SeededEntropy(AtomicU64);

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl SeededEntropy {
    /// A source that repeats itself for the same seed.
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// The next 64 bits.
    pub fn draw(&self) -> u64 {
        mix(self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP))
    }

    /// A number below `bound`, which must not be 0.
    pub fn below(&self, bound: usize) -> usize {
        (self.draw() % bound as u64) as usize
    }

    /// One of these, which must not be empty.
    pub fn pick<'these, T>(&self, these: &'these [T]) -> &'these T {
        &these[self.below(these.len())]
    }
}

impl Default for SeededEntropy {
    fn default() -> Self {
        Self::new(0)
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            chunk.copy_from_slice(&self.draw().to_le_bytes()[..chunk.len()]);
        }
    }
}

/// The mix of one SplitMix64 step, for hashes that need all their bits.
pub(crate) fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_those_of_the_published_generator() {
        let entropy = SeededEntropy::new(1_234_567);
        assert_eq!(entropy.draw(), 6_457_827_717_110_365_317);
        assert_eq!(entropy.draw(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn the_same_seed_fills_the_same_bytes_and_another_seed_others() {
        let draw = |seed| {
            let mut bytes = [0; 13];
            SeededEntropy::new(seed).fill(&mut bytes);
            bytes
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }
}
