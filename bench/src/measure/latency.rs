//! Percentiles of durations.

use std::time::Duration;

/// Durations of one operation, repeated.
#[derive(Debug, Clone, Default)]
pub(crate) struct Durations(Vec<Duration>);

impl Durations {
    /// Adds one.
    pub(crate) fn push(&mut self, duration: Duration) {
        self.0.push(duration);
    }

    /// The shortest duration that at least `percent` percent do not exceed, in milliseconds; 0 of nothing.
    pub(crate) fn percentile_ms(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).map_or(0.0, |duration| duration.as_secs_f64() * 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let mut durations = Durations::default();
        assert!(durations.percentile_ms(50).abs() < 1e-9);
        for millis in (1..=100).rev() {
            durations.push(Duration::from_millis(millis));
        }
        assert!((durations.percentile_ms(50) - 50.0).abs() < 1e-9);
        assert!((durations.percentile_ms(99) - 99.0).abs() < 1e-9);
        assert!((durations.percentile_ms(100) - 100.0).abs() < 1e-9);
    }
}
