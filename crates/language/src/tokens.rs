//! Tokens: a text's words with their places, folded so that spellings of one word meet.

use dreamkeeper_domain::passage::Span;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::screen::is_ignorable;

/// A word of a text.
#[derive(Debug, Clone)]
pub(crate) struct Token<'text> {
    /// As written.
    pub(crate) raw: &'text str,
    /// Lower case, without marks, compatibility forms and characters that are not seen.
    pub(crate) folded: String,
    /// The first byte.
    pub(crate) start: usize,
    /// The byte after the last.
    pub(crate) end: usize,
    /// Whether a sentence, line or list item begins with it.
    pub(crate) opens: bool,
}

impl Token<'_> {
    /// Whether its first letter is a capital.
    pub(crate) fn is_capitalised(&self) -> bool {
        self.raw.chars().next().is_some_and(char::is_uppercase)
    }
}

/// A span of byte places; messages end far below 4 GiB.
pub(crate) fn span(start: usize, end: usize) -> Span {
    Span { start: start as u32, end: end as u32 }
}

/// The words of a text: runs of letters, digits and marks, an apostrophe inside a word being part of it.
/// Characters that are not seen do not part a word.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found: Vec<Token<'_>> = Vec::with_capacity(text.len() / 6 + 1);
    let mut opens = true;
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        if character.is_alphanumeric() {
            let end = word_end(text, at);
            let raw = &text[at..end];
            found.push(Token { raw, folded: fold(raw), start: at, end, opens });
            (at, opens) = (end, false);
            continue;
        }
        opens |= match character {
            '.' => !is_abbreviation(found.last(), at),
            '!' | '?' | '\n' | '\r' | '…' | '。' | '！' | '？' | '•' | '|' => true,
            _ => false,
        };
        at += character.len_utf8();
    }
    found
}

fn word_end(text: &str, start: usize) -> usize {
    let mut end = start;
    let mut characters = text[start..].char_indices().peekable();
    while let Some((place, character)) = characters.next() {
        let inside = character.is_alphanumeric() || is_combining_mark(character) || is_ignorable(character);
        let joins = matches!(character, '\'' | '’')
            && characters.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        if !inside && !joins {
            break;
        }
        end = start + place + character.len_utf8();
    }
    end
}

/// Short forms whose full stop ends no sentence.
const ABBREVIATIONS: [&str; 14] =
    ["dr", "eg", "etc", "ie", "jr", "mr", "mrs", "ms", "mt", "no", "prof", "sr", "st", "vs"];

fn is_abbreviation(word: Option<&Token<'_>>, stop: usize) -> bool {
    let Some(word) = word.filter(|word| word.end == stop) else { return false };
    let is_initial = word.raw.chars().count() == 1 && word.is_capitalised() && word.raw != "I";
    is_initial || (word.folded != "no" && ABBREVIATIONS.binary_search(&word.folded.as_str()).is_ok())
}

/// Lower case, compatibility forms resolved, marks and unseen characters dropped, apostrophes made plain.
pub(crate) fn fold(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return text.to_owned();
    }
    let mut folded = String::with_capacity(text.len());
    for character in
        text.nfkd().filter(|character| !is_combining_mark(*character) && !is_ignorable(*character))
    {
        for lower in character.to_lowercase().filter(|lower| !is_combining_mark(*lower)) {
            match lower {
                '’' => folded.push('\''),
                'ß' => folded.push_str("ss"),
                'æ' => folded.push_str("ae"),
                'œ' => folded.push_str("oe"),
                'ø' => folded.push('o'),
                'ł' => folded.push('l'),
                'đ' | 'ð' => folded.push('d'),
                'ı' => folded.push('i'),
                'ς' => folded.push('σ'),
                other => folded.push(other),
            }
        }
    }
    folded
}

/// The stretches of a text between ends of sentences and lines, as ranges of its tokens.
pub(crate) fn sentences(tokens: &[Token<'_>]) -> Vec<std::ops::Range<usize>> {
    let mut starts: Vec<usize> = (0..tokens.len()).filter(|place| tokens[*place].opens).collect();
    starts.push(tokens.len());
    starts.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = tokens(text).into_iter().map(|token| token.folded).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn words_are_folded_and_keep_their_apostrophes() {
        check("José doesn’t LIKE ﬁsh", &["jose", "doesn't", "like", "fish"]);
        check("ig\u{200b}nore Łódź", &["ignore", "lodz"]);
    }

    #[test]
    fn a_title_or_initial_ends_no_sentence() {
        let text = "Dr. Smith met J. Doe. She left.";
        let opening: Vec<&str> =
            tokens(text).iter().filter(|token| token.opens).map(|token| token.raw).collect();
        assert_eq!(opening, ["Dr", "She"]);
    }
}
