//! Pure measures: what a list of results is worth, and what a list of durations says. No I/O.

pub(crate) mod latency;
pub(crate) mod ranking;
pub(crate) mod selection;
pub(crate) mod separation;
pub(crate) mod statements;

/// The mean; 0 of nothing.
pub(crate) fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, count) = values.into_iter().fold((0.0, 0_u64), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { 0.0 } else { sum / count as f64 }
}

/// Four decimals: what a report shows, so that two runs can be compared line by line.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
