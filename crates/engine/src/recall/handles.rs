//! Handles: the names under which a memory is asked for. A question that says all of a handle's words
//! means that memory, however common the words are; a part of a handle means nothing.

use dreamkeeper_domain::text::{background_probability, is_known_word, is_stop_word, term_hash, words};

/// A word of a question, as handles see it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spoken {
    word: String,
    folded: String,
}

/// A handle that a question says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Said {
    /// How well: 1 as it stands, less with a typo, times what the name tells.
    pub(crate) score: f32,
    /// The question's words that say it.
    pub(crate) words: Vec<String>,
}

/// What a typo costs.
const TYPO_STRENGTH: f32 = 0.8;
/// −ln of the rarest word's background probability, rounded: scales information to about 0..1.
const INFORMATION_MAX: f32 = 14.0;
/// Letters below which words written together say nothing, with and without a digit in them.
const JOINED_LETTERS_MIN: usize = 5;
const JOINED_LETTERS_MIN_DIGIT: usize = 3;

/// The words of a text that can say a handle.
pub(crate) fn spoken(text: &str) -> Vec<Spoken> {
    let mut found = Vec::new();
    words(text, |word| {
        if !is_stop_word(word) {
            found.push(Spoken { word: word.to_owned(), folded: fold(word) });
        }
    });
    found
}

/// How the question says the handle, if it does. `typos` lets one word be misspelt.
pub(crate) fn said(handle: &str, question: &[Spoken], typos: bool) -> Option<Said> {
    let names = spoken(handle);
    if names.is_empty() {
        return None;
    }
    let in_order = question.windows(names.len()).filter_map(|window| says(&names, window, typos));
    let joined = (1..=3).filter(|count| *count != names.len()).flat_map(|count| {
        question.windows(count).filter(|window| says_joined(&names, window)).map(|window| (window, 1.0))
    });
    let found = in_order.chain(joined).map(|(window, strength)| {
        let information = window.iter().map(|spoken| information(&spoken.word)).fold(0.0, f32::max);
        let words = window.iter().map(|spoken| spoken.word.clone()).collect();
        Said { score: strength * information, words }
    });
    found.reduce(|best, next| if next.score > best.score { next } else { best })
}

fn says<'q>(names: &[Spoken], window: &'q [Spoken], typos: bool) -> Option<(&'q [Spoken], f32)> {
    let mut typo_count = 0;
    for (name, spoken) in names.iter().zip(window) {
        if name.word == spoken.word || name.folded == spoken.folded {
            continue;
        }
        if !typos || typo_count == 1 || !is_typo(&name.word, &spoken.word) {
            return None;
        }
        typo_count += 1;
    }
    Some((window, if typo_count == 0 { 1.0 } else { TYPO_STRENGTH }))
}

fn says_joined(names: &[Spoken], window: &[Spoken]) -> bool {
    let raw = |of: &[Spoken]| of.iter().map(|spoken| spoken.word.as_str()).collect::<String>();
    let folded = |of: &[Spoken]| {
        let count = of.len().saturating_sub(1);
        let head: String = of[..count].iter().map(|spoken| spoken.word.as_str()).collect();
        head + of.last().map_or("", |last| &last.folded)
    };
    let name = raw(names);
    let has_digit = name.bytes().any(|byte| byte.is_ascii_digit());
    let least = if has_digit { JOINED_LETTERS_MIN_DIGIT } else { JOINED_LETTERS_MIN };
    name.chars().count() >= least && (name == raw(window) || folded(names) == folded(window))
}

fn information(word: &str) -> f32 {
    (-background_probability(term_hash(word)).ln() / INFORMATION_MAX).clamp(0.0, 1.0)
}

/// Plural to singular and no further: a stemmer takes "exceptions" for "except".
fn fold(word: &str) -> String {
    if word.chars().count() <= 3 {
        return word.to_owned();
    }
    if let Some(root) = word.strip_suffix("ies") {
        return format!("{root}y");
    }
    if let Some(root) = word.strip_suffix("es")
        && ["ss", "x", "ch", "sh", "z"].iter().any(|ending| root.ends_with(ending))
    {
        return root.to_owned();
    }
    let keeps = ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending));
    match word.strip_suffix('s') {
        Some(root) if !keeps => root.to_owned(),
        Some(_) | None => word.to_owned(),
    }
}

/// Whether `spoken` is `name` misspelt: one letter apart, the same beginning, and no word of its own.
fn is_typo(name: &str, spoken: &str) -> bool {
    let (name_letters, spoken_letters): (Vec<char>, Vec<char>) =
        (name.chars().collect(), spoken.chars().collect());
    name_letters.len() >= 5
        && spoken_letters.len() >= 4
        && name_letters[..2] == spoken_letters[..2]
        && is_one_apart(&name_letters, &spoken_letters)
        && !is_known_word(spoken)
}

/// One letter inserted, deleted, replaced, or two neighbours swapped (Damerau–Levenshtein distance 1).
fn is_one_apart(a: &[char], b: &[char]) -> bool {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    match (a, b) {
        ([], []) => false,
        ([_], []) | ([], [_]) => true,
        ([first, second, rest @ ..], [one, two, others @ ..])
            if first == two && second == one && rest == others =>
        {
            true
        }
        ([_, rest @ ..], [_, others @ ..]) if rest == others => true,
        ([_, rest @ ..], whole) if rest == whole => true,
        (whole, [_, others @ ..]) => whole == others,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(handle: &str, question: &str, expected: bool) {
        assert_eq!(said(handle, &spoken(question), true).is_some(), expected, "{handle} in {question}");
    }

    #[test]
    fn all_of_a_handle_says_it_and_a_part_does_not() {
        check("session backend", "which session backend do we use", true);
        check("session backend", "when is the next session", false);
        check("book club", "what do the book clubs read", true);
        check("the", "the the the", false);
    }

    #[test]
    fn words_may_be_written_together_or_apart() {
        check("table saw", "is the tablesaw sharp", true);
        check("mongodb", "is mongo db up", true);
        check("DX-2", "where is dx2", true);
        check("a b", "ab", false);
    }

    #[test]
    fn a_misspelt_name_counts_and_a_real_word_does_not() {
        check("Fairlock", "what did Fairlok say", true);
        check("Harrison", "the harison lathe", true);
        check("mongo", "buy a mango", false);
        check("compose", "a composer", false);
    }

    #[test]
    fn plurals_fold_and_nothing_else_does() {
        let folds =
            [("berries", "berry"), ("boxes", "box"), ("status", "status"), ("bus", "bus"), ("dogs", "dog")];
        for (word, folded) in folds {
            assert_eq!(fold(word), folded);
        }
    }

    #[test]
    fn one_apart_is_one_letter_or_one_swap() {
        let apart =
            |a: &str, b: &str| is_one_apart(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        for (a, b) in [("abcd", "abd"), ("abd", "abcd"), ("abcd", "abxd"), ("abcd", "acbd")] {
            assert!(apart(a, b), "{a} {b}");
        }
        for (a, b) in [("abcd", "abcd"), ("abcd", "ab"), ("abcd", "badc")] {
            assert!(!apart(a, b), "{a} {b}");
        }
    }
}
