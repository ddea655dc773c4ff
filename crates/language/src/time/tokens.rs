//! Tokens: the words, numbers and marks of a text, with what the lexicon knows of each word.

use super::lexicon::{self, Lex};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    /// What stands after an apostrophe in a word: the "s" of "it's".
    Clitic,
    /// Digits; the largest value where they do not fit.
    Number(u32),
    /// Anything else that is no white space; a line's end is a mark.
    Mark(char),
}

/// A token of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    /// In lower case (ASCII).
    pub(super) text: &'t str,
    pub(super) start: usize,
    pub(super) end: usize,
    /// No white space stands before it.
    pub(super) glued: bool,
    pub(super) capital: bool,
    /// It begins with a capital and goes on in small letters.
    pub(super) is_titled: bool,
    pub(super) lex: Option<Lex>,
}

/// The tokens of a text; places outside are empty, so that the grammar may look around freely.
#[derive(Debug)]
pub(super) struct Tokens<'t> {
    list: Vec<Token<'t>>,
}

impl<'t> Tokens<'t> {
    /// Cuts a text; `lower` is the same text in ASCII lower case.
    pub(super) fn new(text: &str, lower: &'t str) -> Self {
        let mut list = Vec::with_capacity(text.len() / 4);
        let mut at = 0;
        let mut glued = false;
        while let Some(first) = lower[at..].chars().next() {
            let rest = &lower[at..];
            if first.is_whitespace() && first != '\n' {
                at += first.len_utf8();
                glued = false;
                continue;
            }
            let (kind, length) = cut(rest, first, list.last(), glued);
            let end = at + length;
            let word = &lower[at..end];
            let capital = text[at..].starts_with(char::is_uppercase);
            let is_titled = capital && text[at..end].chars().nth(1).is_some_and(char::is_lowercase);
            let lex = if kind == Kind::Word { lexicon::look_up(word) } else { None };
            list.push(Token { kind, text: word, start: at, end, glued, capital, is_titled, lex });
            glued = first != '\n';
            at = end;
        }
        Self { list }
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&Token<'t>> {
        self.list.get(at)
    }

    /// The token before, where there is one.
    pub(super) fn before(&self, at: usize) -> Option<&Token<'t>> {
        self.list.get(at.checked_sub(1)?)
    }

    /// The first token from a place on that a phrase of time can rest on.
    pub(super) fn next_trigger(&self, at: usize) -> Option<usize> {
        let found = self.list.get(at..)?.iter().position(|token| match token.kind {
            Kind::Word => token.lex.is_some_and(Lex::is_trigger) || matches!(token.text, "am" | "pm" | "q"),
            Kind::Number(_) => true,
            Kind::Clitic | Kind::Mark(_) => false,
        })?;
        Some(at + found)
    }

    /// The word at a place; empty where none stands.
    pub(super) fn word(&self, at: usize) -> &'t str {
        self.list.get(at).filter(|token| token.kind == Kind::Word).map_or("", |token| token.text)
    }

    pub(super) fn lex(&self, at: usize) -> Option<Lex> {
        self.list.get(at)?.lex
    }

    pub(super) fn is(&self, at: usize, words: &[&str]) -> bool {
        let word = self.word(at);
        !word.is_empty() && words.contains(&word)
    }

    /// Whether the words stand there one after another.
    pub(super) fn run(&self, at: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(place, word)| self.word(at + place) == *word)
    }

    /// The place after the word, if one of these stands there; else the same place.
    pub(super) fn skip(&self, at: usize, words: &[&str]) -> usize {
        if self.is(at, words) { at + 1 } else { at }
    }

    pub(super) fn mark(&self, at: usize) -> Option<char> {
        match self.list.get(at)?.kind {
            Kind::Mark(mark) => Some(mark),
            Kind::Word | Kind::Clitic | Kind::Number(_) => None,
        }
    }

    pub(super) fn is_mark(&self, at: usize, marks: &[char]) -> bool {
        self.mark(at).is_some_and(|mark| marks.contains(&mark))
    }

    pub(super) fn clitic(&self, at: usize) -> Option<&'t str> {
        self.list.get(at).filter(|token| token.kind == Kind::Clitic).map(|token| token.text)
    }

    /// The digits at a place: their value and how many.
    pub(super) fn digits(&self, at: usize) -> Option<(u32, usize)> {
        let token = self.list.get(at)?;
        match token.kind {
            Kind::Number(value) => Some((value, token.text.len())),
            Kind::Word | Kind::Clitic | Kind::Mark(_) => None,
        }
    }

    pub(super) fn is_glued(&self, at: usize) -> bool {
        self.list.get(at).is_some_and(|token| token.glued)
    }

    pub(super) fn is_capital(&self, at: usize) -> bool {
        self.list.get(at).is_some_and(|token| token.capital)
    }
}

/// The kind and the length in bytes of the token that the rest begins with.
fn cut(rest: &str, first: char, last: Option<&Token<'_>>, glued: bool) -> (Kind, usize) {
    if first.is_ascii_digit() {
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        return (Kind::Number(rest[..length].parse().unwrap_or(u32::MAX)), length);
    }
    if first.is_alphabetic() {
        if rest.starts_with("o'clock") || rest.starts_with("o\u{2019}clock") {
            return (Kind::Word, if rest.starts_with("o'") { 7 } else { 9 });
        }
        let is_end = |c: char| !c.is_alphabetic();
        return (Kind::Word, rest.find(is_end).unwrap_or(rest.len()));
    }
    let after_word = glued && last.is_some_and(|token| token.kind == Kind::Word);
    if after_word && matches!(first, '\'' | '\u{2019}') {
        let tail = &rest[first.len_utf8()..];
        let length = tail.find(|c: char| !c.is_alphabetic()).unwrap_or(tail.len());
        if length > 0 {
            return (Kind::Clitic, first.len_utf8() + length);
        }
    }
    (Kind::Mark(first), first.len_utf8())
}
