//! Terms: lower-cased, stemmed words, hashed to 32 bits.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use serde::{Deserialize, Serialize};

/// A stemmed word's hash (FNV-1a, 32 bits). Two words of one segment meet by chance once in about 10^5
/// different words; the cost is one false hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TermHash(pub u32);

/// The words of a text: runs of letters and digits, lower-cased; an apostrophe inside a word ends it and
/// drops an English `'s`; a Chinese, Japanese or Korean character is a word of its own.
pub fn words(text: &str, mut each: impl FnMut(&str)) {
    let mut word = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if stands_alone(character) {
            flush(&mut word, &mut each);
            word.push(character);
            flush(&mut word, &mut each);
        } else if character.is_alphanumeric() {
            word.extend(character.to_lowercase());
        } else {
            let apostrophe = matches!(character, '\'' | '’');
            flush(&mut word, &mut each);
            if apostrophe && characters.peek().is_some_and(|next| matches!(next, 's' | 'S')) {
                skip_possessive(&mut characters, &mut word);
            }
        }
    }
    flush(&mut word, &mut each);
}

fn skip_possessive(characters: &mut std::iter::Peekable<std::str::Chars<'_>>, word: &mut String) {
    let letter = characters.next();
    let goes_on = characters.peek().is_some_and(|next| next.is_alphanumeric());
    if goes_on && let Some(letter) = letter {
        word.extend(letter.to_lowercase());
    }
}

fn flush(word: &mut String, each: &mut impl FnMut(&str)) {
    if !word.is_empty() {
        each(word);
        word.clear();
    }
}

/// Scripts that write no space between words.
pub(super) fn stands_alone(character: char) -> bool {
    matches!(u32::from(character),
        0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF
        | 0x20000..=0x2FA1F)
}

/// The terms of a text in order, stop words included; an index leaves those out by [`is_stop_term`], a
/// query by [`is_stop_word`].
pub fn terms(text: &str) -> Vec<TermHash> {
    let mut found = Vec::with_capacity(text.len() / 6 + 1);
    words(text, |word| found.push(term_hash(word)));
    found
}

/// The term of one lower-cased word.
pub fn term_hash(word: &str) -> TermHash {
    thread_local! {
        // Stemming costs some 300 ns a word and conversations repeat their words: most lookups hit.
        static KNOWN: RefCell<HashMap<Box<str>, TermHash>> = RefCell::new(HashMap::new());
    }
    const KNOWN_MAX: usize = 50_000;
    KNOWN.with_borrow_mut(|known| {
        if let Some(hash) = known.get(word) {
            return *hash;
        }
        let hash = TermHash(fnv1a(stem(word).as_bytes()));
        if known.len() >= KNOWN_MAX {
            known.clear();
        }
        known.insert(word.into(), hash);
        hash
    })
}

fn stem(word: &str) -> std::borrow::Cow<'_, str> {
    thread_local! {
        static ENGLISH: Stemmer = Stemmer::create(Algorithm::English);
    }
    if !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word.into();
    }
    ENGLISH.with(|english| english.stem(word))
}

pub(super) fn fnv1a(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// Whether a lower-cased word says nothing about what a text is about.
pub fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

/// Whether a term is that of a stop word; such a term is not indexed and does not count for length.
pub fn is_stop_term(term: TermHash) -> bool {
    static STOP_TERMS: LazyLock<StopTerms> = LazyLock::new(StopTerms::new);
    STOP_TERMS.has(term)
}

/// The terms of stop words. Every word of every text is asked for: one bit settles nearly all of them.
struct StopTerms {
    sorted: Vec<TermHash>,
    /// A bit for each value of a hash's lowest bits: whether any stop word has it.
    maybe: [u64; 64],
}

impl StopTerms {
    fn new() -> Self {
        let mut sorted: Vec<TermHash> = STOP_WORDS.iter().map(|word| term_hash(word)).collect();
        sorted.sort_unstable();
        let mut maybe = [0; 64];
        for term in &sorted {
            let (place, bit) = Self::place(*term);
            maybe[place] |= bit;
        }
        Self { sorted, maybe }
    }

    fn place(term: TermHash) -> (usize, u64) {
        ((term.0 >> 6 & 63) as usize, 1 << (term.0 & 63))
    }

    fn has(&self, term: TermHash) -> bool {
        let (place, bit) = Self::place(term);
        self.maybe[place] & bit != 0 && self.sorted.binary_search(&term).is_ok()
    }
}

/// English function words, sorted.
#[rustfmt::skip]
const STOP_WORDS: [&str; 125] = [
    "a", "about", "after", "again", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be",
    "because", "been", "before", "being", "between", "both", "but", "by", "can", "could", "d", "did", "do",
    "does", "doing", "don", "down", "during", "each", "few", "for", "from", "further", "had", "has", "have",
    "having", "he", "her", "here", "hers", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its",
    "just", "ll", "m", "me", "more", "most", "my", "no", "nor", "not", "now", "of", "off", "on", "once",
    "only", "or", "other", "our", "ours", "out", "over", "own", "re", "s", "same", "she", "should", "so",
    "some", "such", "t", "than", "that", "the", "their", "theirs", "them", "then", "there", "these", "they",
    "this", "those", "through", "to", "too", "under", "until", "up", "ve", "very", "was", "we", "were", "what",
    "when", "where", "which", "while", "who", "whom", "whose", "why", "will", "with", "would", "you", "your",
    "yours",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        words(text, |word| found.push(word.to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        check("Ana's dog, B12!", &["ana", "dog", "b12"]);
        check("don't", &["don", "t"]);
        check("o'shea", &["o", "shea"]);
        check("寿司 ok", &["寿", "司", "ok"]);
    }

    #[test]
    fn inflections_meet_in_one_term() {
        assert_eq!(terms("painting"), terms("painted"));
        assert_ne!(terms("paint"), terms("point"));
    }

    #[test]
    fn stop_words_are_sorted() {
        assert!(STOP_WORDS.is_sorted());
        assert!(is_stop_word("the") && !is_stop_word("tea"));
        assert!(is_stop_term(term_hash("the")) && !is_stop_term(term_hash("tea")));
    }
}
