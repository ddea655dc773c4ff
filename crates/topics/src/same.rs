//! Same: whether two claims say the same in other words. Made to be right when it says yes, not to find all.

use std::collections::BTreeSet;

use rust_stemmers::{Algorithm, Stemmer};

use crate::words::{Word, words};

/// Words that change nothing. Negations, prepositions and modal verbs do.
const EMPTY: [&str; 13] =
    ["a", "an", "the", "that", "really", "very", "just", "quite", "also", "so", "please", "too", "well"];
/// Words that stand between two things of which the one is not the other.
const DIRECTED: [&str; 12] =
    ["from", "to", "than", "befor", "after", "over", "under", "by", "instead", "not", "no", "never"];
/// Ways to write the same word.
const ALIKE: [(&str, &str); 12] = [
    ("isn't", "is not"),
    ("doesn't", "does not"),
    ("don't", "do not"),
    ("didn't", "did not"),
    ("can't", "can not"),
    ("cannot", "can not"),
    ("won't", "will not"),
    ("wasn't", "was not"),
    ("aren't", "are not"),
    ("it's", "it is"),
    ("he's", "he is"),
    ("she's", "she is"),
];

/// Whether two texts say the same: the same numbers, the same words but for empty ones and endings, and in the same
/// order where more than one name is in them (who did what to whom).
pub fn says_the_same(one: &str, other: &str) -> bool {
    let (one, other) = (Said::of(one), Said::of(other));
    if one.stems.is_empty() || one.names != other.names {
        return false;
    }
    if one.stems == other.stems {
        return true;
    }
    let order_tells = one.names.len() > 1 || one.stems.iter().any(|stem| DIRECTED.contains(&stem.as_str()));
    !order_tells && one.stems.len() >= 4 && one.sorted() == other.sorted()
}

/// A text that is equal for all texts that [`says_the_same`] could say yes to: what to sort texts by, so that not
/// every one is compared with every other.
pub fn sameness_key(text: &str) -> String {
    Said::of(text).sorted().join(" ")
}

struct Said {
    stems: Vec<String>,
    names: BTreeSet<String>,
}

impl Said {
    fn of(text: &str) -> Self {
        let stemmer = Stemmer::create(Algorithm::English);
        let words = words(text);
        // A capital letter at the beginning may be the sentence's.
        let is_name = |word: &&Word| word.is_capitalised && word.text != "i";
        let names = words.iter().skip(1).filter(is_name).map(|word| word.text.clone()).collect();
        let mut stems = Vec::new();
        for word in &words {
            let alike = ALIKE.iter().find(|(short, _)| *short == word.text);
            for text in alike.map_or(word.text.as_str(), |(_, long)| long).split(' ') {
                if !EMPTY.contains(&text) {
                    stems.push(stemmer.stem(text).into_owned());
                }
            }
        }
        Self { stems, names }
    }

    fn sorted(&self) -> Vec<&str> {
        let mut stems: Vec<&str> = self.stems.iter().map(String::as_str).collect();
        stems.sort_unstable();
        stems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(one: &str, other: &str, expected: bool) {
        assert_eq!(says_the_same(one, other), expected, "{one} / {other}");
        assert_eq!(says_the_same(other, one), expected, "{other} / {one}");
        assert!(!expected || sameness_key(one) == sameness_key(other), "{one} / {other}");
    }

    #[test]
    fn other_endings_and_empty_words_change_nothing() {
        check("Ana likes the tea.", "Ana really liked tea", true);
        check("The server doesn't restart by itself.", "Server does not restart by itself", true);
        check("Every evening she drinks green tea", "She drinks green tea every evening", true);
    }

    #[test]
    fn whatever_could_matter_does() {
        for (one, other) in [
            ("Ana likes tea", "Ana likes coffee"),
            ("Ana likes tea", "Ana does not like tea"),
            ("Ana likes tea", "Bo likes tea"),
            ("Ana called Bo yesterday evening", "Bo called Ana yesterday evening"),
            ("The train leaves at 7:30", "The train leaves at 7:40"),
            ("Flies to Porto", "Flies from Porto"),
            ("The rent is 1150 euros", "The rent is 1510 euros"),
            ("May be late", "Must be late"),
            ("Ana likes tea", "Ana likes tea in the evening"),
            ("open from monday to friday only", "open from friday to monday only"),
            ("", ""),
        ] {
            check(one, other, false);
        }
    }
}
