//! Similar: whether two texts say the same, so that a second one is evidence and not a second memory.

use std::collections::BTreeSet;

use dreamkeeper_domain::text::words;

/// Share of common words from which two texts say the same. A little under the bound at which readers call
/// two memories duplicates (0.8), so that none stands just beside it.
const WORDS_MIN: f32 = 0.75;
/// Cosine from which two texts say the same, a little under 0.95 for the same reason.
const COSINE_MIN: f32 = 0.94;

/// Words that turn a statement round.
const NEGATIONS: [&str; 14] = [
    "not", "no", "never", "don", "doesn", "didn", "isn", "aren", "wasn", "won", "can", "couldn", "without",
    "nor",
];

/// Whether two texts say the same: nearly the same words or meaning, the same numbers, and neither the other's
/// denial.
pub(crate) fn say_the_same(one: &str, other: &str, cosine: Option<f32>) -> bool {
    let (one_words, other_words) = (word_set(one), word_set(other));
    let near =
        jaccard(&one_words, &other_words) >= WORDS_MIN || cosine.is_some_and(|near| near >= COSINE_MIN);
    near && numbers(&one_words) == numbers(&other_words)
        && is_negated(&one_words) == is_negated(&other_words)
        && names(one) == names(other)
}

/// Whether one set of words is within the other: "Porto" and "Porto, Portugal".
pub(crate) fn is_within(one: &str, other: &str) -> bool {
    let (one, other) = (word_set(one), word_set(other));
    !one.is_empty() && !other.is_empty() && (one.is_subset(&other) || other.is_subset(&one))
}

/// Common words over all words.
pub(crate) fn jaccard(one: &BTreeSet<String>, other: &BTreeSet<String>) -> f32 {
    let common = one.intersection(other).count();
    let all = one.len() + other.len() - common;
    if all == 0 { 0.0 } else { common as f32 / all as f32 }
}

/// The different words of a text.
pub(crate) fn word_set(text: &str) -> BTreeSet<String> {
    let mut set = BTreeSet::new();
    words(text, |word| {
        set.insert(word.to_owned());
    });
    set
}

fn numbers(words: &BTreeSet<String>) -> BTreeSet<&String> {
    words.iter().filter(|word| word.chars().any(|character| character.is_ascii_digit())).collect()
}

fn is_negated(words: &BTreeSet<String>) -> bool {
    NEGATIONS.iter().any(|negation| words.contains(*negation))
}

/// Capitalised words after the first: who or what a text is about.
fn names(text: &str) -> BTreeSet<String> {
    let capitalised = |word: &&str| word.chars().next().is_some_and(char::is_uppercase);
    let bare = |word: &str| word.trim_matches(|character: char| !character.is_alphanumeric()).to_lowercase();
    text.split_whitespace().filter(capitalised).map(bare).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_differences_of_wording_are_the_same_statement() {
        assert!(say_the_same("Ana likes green tea a lot", "Ana likes green tea, a lot!", None));
        assert!(say_the_same("Ana enjoys tea", "Ana is fond of tea", Some(0.96)));
    }

    #[test]
    fn other_numbers_names_and_denials_are_other_statements() {
        let near = Some(0.99);
        assert!(!say_the_same("Ana has 2 cats at home", "Ana has 3 cats at home", near));
        assert!(!say_the_same("Ana likes green tea a lot", "Ben likes green tea a lot", near));
        assert!(!say_the_same("Ana eats meat", "Ana does not eat meat", near));
    }

    #[test]
    fn a_longer_name_of_the_same_place_is_the_same_value() {
        assert!(is_within("Porto", "Porto, Portugal"));
        assert!(!is_within("Porto", "Lisbon"));
    }
}
