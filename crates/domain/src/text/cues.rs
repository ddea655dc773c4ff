//! Cues: what the shape of a text tells, as bits. Computed once, when a passage is made.

use serde::{Deserialize, Serialize};

use super::terms::words;

/// What the shape of a text tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cues(pub u16);

impl Cues {
    /// It asks.
    pub const QUESTION: Self = Self(1);
    /// It ends with a question, a caption at its end not counted.
    pub const ENDS_QUESTION: Self = Self(1 << 1);
    /// It speaks of the one who says it.
    pub const FIRST_PERSON: Self = Self(1 << 2);
    /// It tells when.
    pub const TIME: Self = Self(1 << 3);
    /// It tells how many.
    pub const NUMBER: Self = Self(1 << 4);
    /// It has a capitalised word that does not begin a sentence.
    pub const NAME: Self = Self(1 << 5);
    /// It ends with a picture's caption in brackets.
    pub const CAPTION: Self = Self(1 << 6);
    /// It tells what is to be done.
    pub const INSTRUCTION: Self = Self(1 << 7);
    /// It begins as an instruction that is to hold from now on.
    pub const STANDING: Self = Self(1 << 8);

    /// Whether every bit of `other` is set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    fn set(&mut self, other: Self, holds: bool) {
        self.0 |= if holds { other.0 } else { 0 };
    }
}

/// The cues of a text.
pub fn cues(text: &str) -> Cues {
    let mut cues = Cues::default();
    let trimmed = text.trim_end();
    let caption = trimmed.ends_with(']').then(|| trimmed.rfind('[')).flatten();
    let spoken = caption.map_or(trimmed, |start| trimmed[..start].trim_end());
    cues.set(Cues::QUESTION, text.contains('?'));
    cues.set(Cues::ENDS_QUESTION, spoken.ends_with('?'));
    cues.set(Cues::CAPTION, caption.is_some());
    cues.set(Cues::NAME, has_name(spoken));
    cues.set(Cues::NUMBER, text.bytes().any(|byte| byte.is_ascii_digit()));
    let mut makes = false;
    let mut opening = Vec::new();
    words(text, |word| {
        if opening.len() < OPENING_WORDS && (!opening.is_empty() || word != "please") {
            opening.push(word.to_owned());
        }
        let is_one_of = |list: &[&str]| list.binary_search(&word).is_ok();
        cues.set(Cues::FIRST_PERSON, is_one_of(&FIRST_PERSON));
        cues.set(Cues::TIME, is_one_of(&TIME) || is_year(word));
        cues.set(Cues::NUMBER, is_one_of(&NUMBERS));
        cues.set(Cues::INSTRUCTION, is_one_of(&INSTRUCTIONS) || (makes && word == "sure"));
        makes = word == "make";
    });
    let begins = |words: &&[&str]| words.iter().zip(&opening).filter(|(a, b)| *a == b).count() == words.len();
    cues.set(Cues::STANDING, OPENINGS.iter().any(begins));
    cues
}

/// A capital after a letter, digit or comma and spaces stands inside a sentence.
fn has_name(text: &str) -> bool {
    let inside = |before: &str| {
        let end = before.trim_end();
        end.len() < before.len() && end.ends_with(|last: char| last.is_alphanumeric() || last == ',')
    };
    text.char_indices().any(|(place, character)| {
        character.is_uppercase()
            && text[place..].chars().nth(1).is_some_and(char::is_lowercase)
            && inside(&text[..place])
    })
}

fn is_year(word: &str) -> bool {
    word.len() == 4
        && (word.starts_with("19") || word.starts_with("20"))
        && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// How a standing instruction begins, after an optional "please".
const OPENINGS: [&[&str]; 10] = [
    &["always"],
    &["never"],
    &["whenever"],
    &["from", "now", "on"],
    &["going", "forward"],
    &["in", "future"],
    &["in", "the", "future"],
    &["remember", "to"],
    &["remember", "that"],
    &["make", "sure"],
];
/// Words of the longest of them.
const OPENING_WORDS: usize = 3;

const FIRST_PERSON: [&str; 7] = ["i", "me", "mine", "my", "our", "us", "we"];
const INSTRUCTIONS: [&str; 8] = ["always", "avoid", "instead", "must", "never", "please", "prefer", "should"];
#[rustfmt::skip]
const NUMBERS: [&str; 14] = [
    "couple", "eight", "few", "five", "four", "nine", "once", "seven", "several", "six", "ten", "three",
    "twice", "two",
];
/// `may` is left out: it is a verb far more often.
#[rustfmt::skip]
const TIME: [&str; 41] = [
    "ago", "april", "august", "autumn", "days", "december", "fall", "february", "friday", "january", "july",
    "june", "last", "march", "monday", "month", "months", "morning", "next", "november", "october",
    "recently", "saturday", "september", "since", "spring", "summer", "sunday", "thursday", "today",
    "tomorrow", "tonight", "tuesday", "wednesday", "week", "weekend", "weeks", "winter", "year", "years",
    "yesterday",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[Cues]) {
        let wanted = expected.iter().fold(0, |bits, cue| bits | cue.0);
        assert_eq!(cues(text), Cues(wanted), "{text}");
    }

    #[test]
    fn each_cue_is_seen_and_no_other() {
        check("Tea is hot.", &[]);
        check("Really? No.", &[Cues::QUESTION]);
        check("Is it hot? [a cup]", &[Cues::QUESTION, Cues::ENDS_QUESTION, Cues::CAPTION]);
        check("That is my cup", &[Cues::FIRST_PERSON]);
        check("It broke last week", &[Cues::TIME]);
        check("It was 2019", &[Cues::TIME, Cues::NUMBER]);
        check("Both saw it twice", &[Cues::NUMBER]);
        check("She met Ana, then left. Then home.", &[Cues::NAME]);
        check("Do make sure to stir", &[Cues::INSTRUCTION]);
        check("Please, in the future, stir", &[Cues::INSTRUCTION, Cues::STANDING]);
        check("Going forward it rains", &[Cues::STANDING]);
    }

    #[test]
    fn lists_are_sorted() {
        assert!(FIRST_PERSON.is_sorted() && INSTRUCTIONS.is_sorted() && NUMBERS.is_sorted());
        assert!(TIME.is_sorted());
    }
}
