//! Index: which patterns of a list can begin with a word, so that each place tries few of them.

use std::collections::HashMap;

use super::lexicon::{Class, WordId};
use super::pattern::{Found, Pattern};
use super::tokens::Token;

/// Numbers of patterns by what they can begin with.
#[derive(Debug, Default)]
pub(super) struct Index {
    words: HashMap<WordId, Vec<u32>>,
    classes: Vec<(u128, Vec<u32>)>,
    /// Those that can begin with anything.
    open: Vec<u32>,
    /// Every class that one can begin with.
    any_class: u128,
}

impl Index {
    pub(super) fn new<'p>(patterns: impl Iterator<Item = &'p Pattern>) -> Self {
        let mut index = Self::default();
        for (number, pattern) in (0..).zip(patterns) {
            let Some((words, classes)) = pattern.openings() else {
                index.open.push(number);
                continue;
            };
            for word in words {
                index.words.entry(word).or_default().push(number);
            }
            index.any_class |= classes;
            match index.classes.iter_mut().find(|(known, _)| *known == classes) {
                _ if classes == 0 => {}
                Some((_, numbers)) => numbers.push(number),
                None => index.classes.push((classes, vec![number])),
            }
        }
        index
    }

    /// The numbers of the patterns that may fit from `from` on, in order.
    pub(super) fn candidates(&self, tokens: &[Token<'_>], from: usize, end: usize) -> Vec<u32> {
        let mut numbers = self.open.clone();
        for token in tokens[..end].iter().skip(from) {
            if let Some(known) = self.words.get(&token.word).filter(|_| token.word != WordId::UNKNOWN) {
                numbers.extend(known);
            }
            if token.classes & self.any_class != 0 {
                let fits = self.classes.iter().filter(|(classes, _)| token.classes & classes != 0);
                fits.for_each(|(_, known)| numbers.extend(known));
            }
            if !token.is(Class::Adverb) {
                break;
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

/// Patterns of one purpose, with their index.
#[derive(Debug)]
pub(super) struct Patterns {
    list: Vec<Pattern>,
    index: Index,
}

impl Patterns {
    pub(super) fn new(list: Vec<Pattern>) -> Self {
        let index = Index::new(list.iter());
        Self { list, index }
    }

    /// The first of the patterns that fits from exactly this token.
    pub(super) fn first_at(&self, words: &[Token<'_>], at: usize) -> Option<Found> {
        let numbers = self.index.candidates(words, at, words.len());
        numbers.into_iter().find_map(|number| self.list[number as usize].find(words, at, words.len()))
    }
}
