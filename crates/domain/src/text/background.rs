//! Background: how often a word is met in texts at large, so that a small segment need not guess.
//!
//! `words.txt` holds the whole words of potion-base-8M's vocabulary in their order, which falls with
//! frequency; `crates/models/data/provenance.md` tells where that comes from. The order alone is used: a
//! word's frequency follows from its rank by the law of Zipf and Mandelbrot.

use std::sync::LazyLock;

use super::TermHash;
use super::terms::{fnv1a, term_hash};

const WORDS: &str = include_str!("words.txt");

/// Ranks over which the law is normed; a term that no rank has is taken for a third of the last.
const RANKS: u16 = 30_000;
/// Mandelbrot's shift, which flattens the first ranks.
const SHIFT: f64 = 2.7;

static BACKGROUND: LazyLock<Background> = LazyLock::new(Background::read);

/// The share of a text's words, in texts at large, that have this term.
pub fn background_probability(term: TermHash) -> f32 {
    let terms = &BACKGROUND.terms;
    match terms.binary_search_by_key(&term, |(known, _)| *known) {
        Ok(place) => terms[place].1,
        Err(_) => BACKGROUND.absent,
    }
}

/// Whether a lower-cased word is one that texts at large use, so that it is no misspelling.
pub fn is_known_word(word: &str) -> bool {
    BACKGROUND.words.binary_search(&fnv1a(word.as_bytes())).is_ok()
}

struct Background {
    /// By term.
    terms: Vec<(TermHash, f32)>,
    /// Hashes of the words as they are written, sorted.
    words: Vec<u32>,
    absent: f32,
}

impl Background {
    fn read() -> Self {
        let share = |rank: f64| 1.0 / (rank + SHIFT);
        let norm: f64 = (1..=RANKS).map(|rank| share(f64::from(rank))).sum();
        let ranked = WORDS.lines().zip(1_u16..);
        let (mut shares, mut words) = (Vec::new(), Vec::new());
        for (word, rank) in ranked.filter(|(word, _)| word.chars().all(char::is_alphanumeric)) {
            shares.push((term_hash(word), share(f64::from(rank)) / norm));
            words.push(fnv1a(word.as_bytes()));
        }
        words.sort_unstable();
        // Stable, so that shares of one term are summed in one order everywhere.
        shares.sort_by_key(|(term, _)| *term);
        let terms = shares
            .chunk_by(|a, b| a.0 == b.0)
            .map(|same| (same[0].0, same.iter().map(|(_, share)| share).sum::<f64>() as f32))
            .collect();
        Self { terms, words, absent: (1.0 / (f64::from(RANKS) * norm * 3.0)) as f32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_likelier_than_rare_and_rare_than_absent_ones() {
        let probability = |word: &str| background_probability(term_hash(word));
        assert!(probability("time") > probability("kettle"));
        assert!(probability("kettle") > probability("zxqvw"));
        assert!(probability("zxqvw") > 0.0);
    }

    #[test]
    fn inflections_share_their_probability() {
        assert_eq!(background_probability(term_hash("paints")), background_probability(term_hash("painted")));
    }

    #[test]
    fn a_misspelling_is_not_known() {
        assert!(is_known_word("mango") && !is_known_word("mangoo"));
    }
}
