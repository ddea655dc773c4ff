//! BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework", §3): constants and formulas.
//!
//! One passage is one document; stop words count neither as terms nor for length.

/// How fast repetition saturates.
pub const K1: f32 = 0.9;
/// How much length counts.
pub const B: f32 = 0.6;
/// With how many passages of its own a segment outweighs the background.
pub const BACKGROUND_PASSAGES: f32 = 100.0;

/// One term's share of a passage's score: `idf · tf·(k1+1) / (tf + k1·(1 − b + b·length/mean))`.
pub fn term_score(idf: f32, occurrences: f32, length: f32, length_mean: f32) -> f32 {
    let norm = 1.0 - B + B * length / length_mean.max(1.0);
    idf * occurrences * (K1 + 1.0) / (occurrences + K1 * norm)
}

/// The inverse document frequency of a term in a segment: `ln(1 + (1 − p) / (p + 0.5 / (n + 100)))`.
///
/// `p` is the share of passages that have the term, as if the segment held another hundred of its mean
/// length from texts at large, in which the term has probability `background` at every word.
pub fn idf(passage_count: f32, document_frequency: f32, length_mean: f32, background: f32) -> f32 {
    let expected = 1.0 - (1.0 - background).powf(length_mean);
    let count = passage_count + BACKGROUND_PASSAGES;
    let share = (document_frequency + BACKGROUND_PASSAGES * expected) / count;
    (1.0 + (1.0 - share).max(0.0) / (share + 0.5 / count)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_segment_follows_the_background_and_a_large_one_itself() {
        assert!(idf(0.0, 0.0, 10.0, 1e-6) > idf(0.0, 0.0, 10.0, 1e-2));
        let large = |background| idf(1e6, 1e4, 10.0, background);
        assert!((large(1e-6) - large(1e-2)).abs() < 0.01);
    }

    #[test]
    fn what_every_passage_has_tells_next_to_nothing() {
        assert!(idf(1_000.0, 1_000.0, 10.0, 1e-6) < 0.2);
    }
}
