//! Patterns: what a rule says of a clause's tokens, and whether they do.
//!
//! A pattern is words apart by spaces: `live|reside` alternatives, `@class` any word of a class, `%live` the
//! present of a verb ("live" or "lives"), `word?` one that may be absent, `{kind}` a slot that takes words,
//! `$` the end of the clause. Adverbs between them are passed over.

use super::lexicon::{Class, Lexicon, WordId};
use super::slots::SlotKind;
use super::tokens::Token;

/// One place of a pattern.
#[derive(Debug, Clone)]
enum Atom {
    Word { words: Vec<WordId>, bases: Vec<WordId>, classes: u128, is_optional: bool },
    Slot(SlotKind),
    End,
}

/// A pattern, taken apart.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    atoms: Vec<Atom>,
}

/// What a pattern found in a clause, as numbers of tokens.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    /// The first and the last-but-one token of each slot, in order.
    pub(super) slots: Vec<(usize, usize)>,
    /// The verb in its base form that takes an "s" in the third person.
    pub(super) base_verb: Option<usize>,
    /// The token after the last that the pattern named.
    pub(super) end: usize,
}

impl Pattern {
    /// Takes a pattern apart, entering its words.
    ///
    /// # Errors
    /// What is wrong with the pattern.
    pub(super) fn parse(text: &str, lexicon: &mut Lexicon) -> Result<Self, String> {
        let mut atoms = Vec::new();
        for item in text.split_whitespace() {
            atoms.push(match item.strip_prefix('{').and_then(|item| item.strip_suffix('}')) {
                Some(slot) => Atom::Slot(SlotKind::named(slot).ok_or(format!("`{text}`: no slot `{slot}`"))?),
                None if item == "$" => Atom::End,
                None => word(item, lexicon).ok_or(format!("`{text}`: no class in `{item}`"))?,
            });
        }
        Ok(Self { atoms })
    }

    /// Whether the tokens from `from` to `end` are as the pattern says.
    pub(super) fn find(&self, tokens: &[Token<'_>], from: usize, end: usize) -> Option<Found> {
        let mut found = Found::default();
        let search = Search { atoms: &self.atoms, tokens, end };
        search.matches(0, from, &mut found).then_some(found)
    }

    /// The words and classes that it can begin with; `None` where it can begin with anything.
    pub(super) fn openings(&self) -> Option<(Vec<WordId>, u128)> {
        let (mut all, mut any) = (Vec::new(), 0);
        for atom in &self.atoms {
            let Atom::Word { words, classes, is_optional, .. } = atom else { return None };
            all.extend(words);
            any |= classes;
            if !is_optional {
                return Some((all, any));
            }
        }
        None
    }

    /// The forms that the pattern may begin with, for telling verbs from other words.
    pub(super) fn first_words(&self) -> &[WordId] {
        match self.atoms.first() {
            Some(Atom::Word { words, .. }) => words,
            _ => &[],
        }
    }
}

fn word(item: &str, lexicon: &mut Lexicon) -> Option<Atom> {
    let (item, is_optional) = item.strip_suffix('?').map_or((item, false), |item| (item, true));
    let (mut words, mut bases, mut classes) = (Vec::new(), Vec::new(), 0);
    for one in item.split('|') {
        if let Some(class) = one.strip_prefix('@') {
            classes |= Class::named(class)?.bit();
        } else if let Some(verb) = one.strip_prefix('%') {
            let base = lexicon.enter(verb);
            bases.push(base);
            words.extend([base, lexicon.enter(&third_person(verb))]);
        } else {
            words.push(lexicon.enter(one));
        }
    }
    Some(Atom::Word { words, bases, classes, is_optional })
}

/// "live" as "lives", "study" as "studies", "watch" as "watches".
pub(super) fn third_person(verb: &str) -> String {
    let stem = verb.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
    match stem {
        _ if verb == "have" => "has".to_owned(),
        Some(stem) => format!("{stem}ies"),
        None if ["s", "sh", "ch", "x", "z", "o"].iter().any(|end| verb.ends_with(end)) => format!("{verb}es"),
        None => format!("{verb}s"),
    }
}

struct Search<'p, 'a> {
    atoms: &'p [Atom],
    tokens: &'p [Token<'a>],
    end: usize,
}

impl Search<'_, '_> {
    fn matches(&self, atom: usize, at: usize, found: &mut Found) -> bool {
        match self.atoms.get(atom) {
            None => {
                found.end = at;
                true
            }
            Some(Atom::End) => at == self.end && self.matches(atom + 1, at, found),
            Some(Atom::Slot(kind)) => {
                let passes = self.tokens[..self.end].get(at).is_some_and(|token| token.is(Class::Adverb));
                self.fills(*kind, atom, at, found) || (passes && self.matches(atom, at + 1, found))
            }
            Some(Atom::Word { words, bases, classes, is_optional }) => {
                let Some(token) = self.tokens[..self.end].get(at) else {
                    return *is_optional && self.matches(atom + 1, at, found);
                };
                let has = classes & Class::Have.bit() != 0 && classes & Class::Is.bit() == 0;
                // "'s" is "has" before a participle only; else it is "is", or an owner's.
                let is_has = !has || !token.is(Class::Is) || self.goes_on_as_have(at + 1);
                if (token.classes & classes != 0 && is_has) || words.contains(&token.word) {
                    let before = found.base_verb;
                    if bases.contains(&token.word) && before.is_none() {
                        found.base_verb = Some(at);
                    }
                    if self.matches(atom + 1, at + 1, found) {
                        return true;
                    }
                    found.base_verb = before;
                }
                (*is_optional && self.matches(atom + 1, at, found))
                    || (token.is(Class::Adverb) && self.matches(atom, at + 1, found))
            }
        }
    }

    fn goes_on_as_have(&self, at: usize) -> bool {
        let next = self.tokens[..self.end].iter().skip(at).find(|token| !token.is(Class::Adverb));
        next.is_some_and(|next| next.is(Class::Not) || crate::time::is_participle(&next.text.to_lowercase()))
    }

    /// Fills a slot: the last one takes all that its kind allows, one before other words as little as it can.
    fn fills(&self, kind: SlotKind, atom: usize, at: usize, found: &mut Found) -> bool {
        let Some(longest) = kind.longest(&self.tokens[..self.end], at) else { return false };
        let is_last = self.atoms[atom + 1..].iter().all(|atom| matches!(atom, Atom::End));
        let least = if kind == SlotKind::Rest { at } else { at + 1 };
        let shortest = if is_last { longest } else { least };
        let before = found.base_verb;
        if kind == SlotKind::Practice && before.is_none() {
            found.base_verb = Some(at);
        }
        for end in shortest..=longest {
            found.slots.push((at, end));
            if self.matches(atom + 1, end, found) {
                return true;
            }
            found.slots.pop();
        }
        found.base_verb = before;
        false
    }
}
