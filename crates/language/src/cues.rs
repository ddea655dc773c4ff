//! Cues: patterns of words that a table tells, looked for in the sentences of a text.
//!
//! A pattern is words in order, apart by spaces: `a|b` is either, `~N` up to N words of any kind, `^` the start of
//! a sentence, `#` a number in digits or words.

use crate::tokens::Token;

/// Words of numbers, sorted; without "one", which mostly stands for a thing.
#[rustfmt::skip]
const NUMBERS: [&str; 30] = [
    "billion", "eight", "eighteen", "eighty", "eleven", "fifteen", "fifty", "five", "forty", "four", "fourteen",
    "hundred", "million", "nine", "nineteen", "ninety", "seven", "seventeen", "seventy", "six", "sixteen",
    "sixty", "ten", "thirteen", "thirty", "thousand", "three", "twelve", "twenty", "two",
];

enum Part {
    /// One of these words.
    Word(Vec<&'static str>),
    /// Up to so many words.
    Gap(usize),
    /// The start of a sentence.
    Start,
    /// A number.
    Number,
}

/// A pattern, taken apart.
pub(crate) struct Pattern {
    parts: Vec<Part>,
}

impl Pattern {
    pub(crate) fn read(pattern: &'static str) -> Self {
        let part = |part: &'static str| match (part, part.strip_prefix('~')) {
            ("^", _) => Part::Start,
            ("#", _) => Part::Number,
            (_, Some(count)) => Part::Gap(count.parse().unwrap_or(0)),
            (words, None) => Part::Word(words.split('|').collect()),
        };
        Self { parts: pattern.split(' ').map(part).collect() }
    }

    /// The tokens of a sentence that it matches first.
    pub(crate) fn find(&self, sentence: &[Token<'_>]) -> Option<(usize, usize)> {
        (0..sentence.len()).find_map(|start| Some((start, ending(&self.parts, sentence, start)?)))
    }
}

/// Where the parts end that begin at a token.
fn ending(parts: &[Part], sentence: &[Token<'_>], at: usize) -> Option<usize> {
    match parts.split_first() {
        None => Some(at),
        Some((Part::Start, rest)) => (at == 0).then(|| ending(rest, sentence, at)).flatten(),
        Some((Part::Gap(most), rest)) => (at..=at + most).find_map(|next| ending(rest, sentence, next)),
        Some((Part::Word(words), rest)) => {
            let token = sentence.get(at)?;
            words.contains(&token.folded.as_str()).then(|| ending(rest, sentence, at + 1)).flatten()
        }
        Some((Part::Number, rest)) => {
            is_number(sentence.get(at)?).then(|| ending(rest, sentence, at + 1)).flatten()
        }
    }
}

/// Whether a token is a number: digits first ("500", "20k"), or a word of one.
pub(crate) fn is_number(token: &Token<'_>) -> bool {
    token.raw.starts_with(|first: char| first.is_ascii_digit())
        || NUMBERS.binary_search(&token.folded.as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::tokens;

    fn check(pattern: &'static str, text: &str, expected: Option<(usize, usize)>) {
        assert_eq!(Pattern::read(pattern).find(&tokens(text)), expected, "{pattern}: {text}");
    }

    #[test]
    fn numbers_are_sorted() {
        assert!(NUMBERS.is_sorted());
    }

    #[test]
    fn words_gaps_starts_and_numbers_are_matched_in_order() {
        check("# dollars|euros", "it was five euros", Some((2, 4)));
        check("# dollars|euros", "it was 20k euros", Some((2, 4)));
        check("# dollars|euros", "many euros", None);
        check("rent ~2 #", "the rent is now 900", Some((1, 5)));
        check("rent ~1 #", "the rent is now 900", None);
        check("^ rent", "the rent", None);
    }
}
