//! Fit: how well a topic's passage answers a question, from raw signals alone.

use dreamkeeper_domain::ports::{Candidate, SegmentStats};

/// Share of the words in the whole; the rest is the meaning's.
const WORDS: f32 = 0.6;

/// What has less has nothing to do with the question.
pub(crate) const NEAR: f32 = 0.2;

/// From 0 to 1: which share of the question's words, weighed by how rare they are, the passage has, and how near
/// it is in meaning.
pub(crate) fn of(candidate: &Candidate, segments: &[SegmentStats]) -> f32 {
    let idf = segments.get(candidate.segment).map(|segment| segment.idf.as_slice()).unwrap_or_default();
    let all: f32 = idf.iter().sum();
    let has = |bit: usize| bit < 64 && candidate.term_bits >> bit & 1 == 1;
    let found: f32 = idf.iter().enumerate().filter(|(bit, _)| has(*bit)).map(|(_, idf)| idf).sum();
    let words = if all > 0.0 { found / all } else { 0.0 };
    WORDS * words + (1.0 - WORDS) * candidate.cosine.unwrap_or(0.0).clamp(0.0, 1.0)
}
