//! Forget wishes: what a user asks to be forgotten, found among their own memories.
//!
//! A memory is meant where it is about whom the wish is about and either has every word of the wish, in its text or as
//! a name of the property that it gives, or gives the same property with the same value as the wish does, in whatever
//! words. What only resembles it stays.

use std::collections::BTreeSet;

use dreamkeeper_domain::detail::{Slot, normalised};
use dreamkeeper_domain::event::{Decision, Verdict};
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::text::{TermHash, is_stop_word, term_hash, words};
use dreamkeeper_language::statements::{self, Utterance};

use super::context::Turn;
use super::desk::Desk;
use super::endings::is_denied;
use super::extract::ForgetWish;
use super::similar::is_within;

/// Memories that one wish may name; a wish that fits more is too wide to be acted on.
const NAMED_MAX: usize = 10;
/// Words of a wish that name nothing.
const EMPTY_WORDS: [&str; 24] = [
    "forget",
    "remember",
    "delete",
    "remove",
    "everything",
    "anything",
    "said",
    "told",
    "about",
    "please",
    "memory",
    "thing",
    "stuff",
    "all",
    "know",
    "mentioned",
    "talked",
    "wrote",
    "note",
    "notes",
    "bit",
    "part",
    "whole",
    "ever",
];
/// The speaker, in their own words.
const OWN_WORDS: [&str; 11] = ["i", "im", "ive", "id", "me", "my", "mine", "myself", "we", "our", "us"];
/// What people call a property that has few names, beside its own; one with many kinds of values has no entry.
const SYNONYMS: [(&str, &str); 16] = [
    ("residence", "address home live city town place"),
    ("address", "home live street"),
    ("employer", "job work employer company occupation workplace"),
    ("job_title", "job work occupation profession"),
    ("partner", "husband wife girlfriend boyfriend spouse partner"),
    ("allergy", "allergies allergic"),
    ("birthday", "birthday birth age old"),
    ("age", "birthday birth age old"),
    ("phone", "phone number mobile telephone"),
    ("email", "email mail address"),
    ("health", "illness disease condition sickness diagnosis medical"),
    ("medication", "medicine meds pills drugs medical"),
    ("finances", "salary income money earn pay"),
    ("origin", "hometown birthplace born"),
    ("pet", "pet pets animal animals"),
    ("nickname", "name nickname"),
];

/// Whom a wish is about.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Whom {
    /// The speaker: "my address", "where I work". A memory of somebody else is meant only where the wish names them.
    Speaker,
    /// Whose the thing is: "my sister's illness".
    Owner(BTreeSet<TermHash>),
    /// Not told.
    Anybody,
}

/// A wish, understood as far as code can.
pub(crate) struct Asked {
    terms: BTreeSet<TermHash>,
    whom: Whom,
    /// Under which name memories know the speaker.
    speaker: String,
    /// What the wish states, where rules can read it: "that I live in Berlin". Whether it is a denial.
    stated: Vec<(Slot, bool)>,
    /// Where the wish is a statement of the speaker's: whether it says that something is not so.
    denied: Option<bool>,
    /// Words that may name whom it is about, normalised.
    pub(crate) names: Vec<String>,
}

impl Asked {
    /// Reads a wish.
    pub(crate) fn new(wish: &ForgetWish, turn: &Turn) -> Self {
        let what = wish.what.trim();
        let bare = what.strip_prefix("that ").unwrap_or(what);
        let author = turn.message.author.as_deref();
        let reading = statements::read(&Utterance { text: bare, speaker: author, anchor: &turn.anchor });
        let stated = reading.statements.into_iter().map(|statement| {
            let denied = is_denied(&statement.text);
            let (subject, ended) = (turn.named(&statement.subject), statement.ends);
            let (attribute, one_valued, value) = (statement.attribute, statement.one_valued, statement.value);
            (Slot { subject, attribute, one_valued, value, ended }, denied)
        });
        let mut names = super::names::capitalised(what);
        words(what, |word| {
            let says = !is_stop_word(word) && !EMPTY_WORDS.contains(&word);
            if says && names.len() < limits::DETAIL_NAMES_MAX {
                names.push(word.to_owned());
            }
        });
        Self {
            terms: terms_of(what),
            whom: whom(what),
            speaker: normalised(&turn.named("user")),
            stated: stated.collect(),
            denied: says_i(what).then(|| is_denied(what)),
            names,
        }
    }

    /// The keys of the slots that the wish may mean.
    pub(crate) fn slot_keys(&self) -> Vec<String> {
        let own = |attribute: &str| Slot {
            subject: self.speaker.clone(),
            attribute: attribute.to_owned(),
            one_valued: false,
            value: String::new(),
            ended: false,
        };
        let named = SYNONYMS.iter().filter(|(_, names)| !self.terms.is_disjoint(&terms_of(names)));
        let named = named.map(|(attribute, _)| own(attribute).key());
        self.stated.iter().map(|(slot, _)| slot.key()).chain(named).collect()
    }

    /// Whether a memory is what the wish means.
    fn means(&self, memory: &Memory) -> bool {
        self.is_about_the_same(memory) && (self.has_words(memory) || self.gives_the_same(memory))
    }

    fn is_about_the_same(&self, memory: &Memory) -> bool {
        let subject = memory.detail.slot.as_ref().map(|slot| normalised(&slot.subject));
        let subject_terms = subject.as_deref().map(all_terms).unwrap_or_default();
        let is_speaker = subject.as_deref() == Some(self.speaker.as_str());
        match &self.whom {
            Whom::Anybody => true,
            Whom::Speaker => subject.is_none() || is_speaker || !subject_terms.is_disjoint(&self.terms),
            Whom::Owner(owner) => match subject {
                None => owner.is_subset(&all_terms(&memory.text)),
                Some(_) => !is_speaker && !owner.is_disjoint(&subject_terms),
            },
        }
    }

    fn has_words(&self, memory: &Memory) -> bool {
        let mut has = terms_of(&memory.text);
        if let Some(slot) = &memory.detail.slot {
            has.extend(terms_of(&slot.attribute.replace('_', " ")));
            let synonyms = SYNONYMS.iter().find(|(attribute, _)| *attribute == slot.attribute);
            has.extend(synonyms.map(|(_, names)| terms_of(names)).unwrap_or_default());
        }
        let says_so = self.denied.is_none_or(|denied| denied == is_denied(&memory.text));
        says_so && !self.terms.is_empty() && self.terms.is_subset(&has)
    }

    /// The same property of the same subject with the same value, in whatever words.
    fn gives_the_same(&self, memory: &Memory) -> bool {
        let Some(slot) = &memory.detail.slot else { return false };
        self.stated.iter().any(|(stated, denied)| {
            let values = (stated.value_key(), slot.value_key());
            stated.key() == slot.key()
                && stated.ended == slot.ended
                && (values.0 == values.1 || is_within(&values.0, &values.1))
                && *denied == is_denied(&memory.text)
        })
    }
}

fn says_i(what: &str) -> bool {
    let mut found = false;
    words(what, |word| found |= matches!(word, "i" | "we"));
    found
}

/// Whom a wish is about: an owner before "'s", else the speaker where they speak of themselves.
fn whom(what: &str) -> Whom {
    let plain = what.to_lowercase().replace('’', "'");
    let tokens: Vec<&str> = plain.split_whitespace().collect();
    let owns = |token: &&str| {
        let contraction =
            ["it's", "that's", "he's", "she's", "there's", "what's", "who's", "let's", "here's"];
        token.ends_with("'s") && !contraction.contains(token)
    };
    if let Some(place) = tokens.iter().position(owns) {
        let of = tokens[..place].iter().rposition(|token| OWN_WORDS.contains(token) || *token == "about");
        let start = of.map_or(place, |of| of + 1);
        let owner = tokens[start..=place].join(" ");
        let owner = terms_of(owner.trim_end_matches("'s"));
        // "My father's ill" is a statement; the thing owned follows an owner.
        if !owner.is_empty() && place + 1 < tokens.len() {
            return Whom::Owner(owner);
        }
    }
    let is_own = |token: &&str| {
        let bare: String = token.chars().filter(|letter| letter.is_alphabetic()).collect();
        OWN_WORDS.contains(&bare.as_str()) || token.starts_with("i'")
    };
    if tokens.iter().any(is_own) { Whom::Speaker } else { Whom::Anybody }
}

/// Forgets what the wish means among memories of the speaker's scope. They can be restored.
pub(crate) fn forget(
    desk: &mut Desk,
    (wish, asked): (&ForgetWish, &Asked),
    turn: &Turn,
    known: &[Memory],
) -> Vec<Decision> {
    if turn.message.origin < Origin::User {
        return vec![refused(wish, "only the person can ask for it")];
    }
    if asked.terms.is_empty() && asked.stated.is_empty() {
        return vec![refused(wish, "it does not say what")];
    }
    for memory in known {
        desk.lay(memory);
    }
    let fits = |memory: &&Memory| {
        memory.status == Status::Active && memory.origin <= turn.message.origin && asked.means(memory)
    };
    let named: Vec<Memory> = desk.memories().filter(fits).cloned().collect();
    if named.is_empty() {
        return vec![refused(wish, "nothing known is what it names")];
    }
    if named.len() > NAMED_MAX {
        return vec![refused(wish, "it fits too many memories: forget them one by one")];
    }
    named.into_iter().map(|memory| tombstone(desk, wish, memory)).collect()
}

fn tombstone(desk: &mut Desk, wish: &ForgetWish, memory: Memory) -> Decision {
    let id = memory.id;
    desk.put(Memory { status: Status::Forgotten, ..memory }, "the person asked to forget it");
    Decision {
        verdict: Verdict::Delete { memory: id },
        text: wish.what.clone(),
        reason: "the person asked to forget it".to_owned(),
        causes: BTreeSet::new(),
        neighbours: vec![id],
        messages: vec![wish.message],
    }
}

fn refused(wish: &ForgetWish, why: &str) -> Decision {
    Decision {
        verdict: Verdict::Drop,
        text: wish.what.clone(),
        reason: format!("a wish to forget was not followed: {why}"),
        causes: BTreeSet::new(),
        neighbours: Vec::new(),
        messages: vec![wish.message],
    }
}

/// The terms that say something.
fn terms_of(text: &str) -> BTreeSet<TermHash> {
    let mut terms = BTreeSet::new();
    words(text, |word| {
        let is_own = OWN_WORDS.contains(&word);
        if !is_stop_word(word) && !EMPTY_WORDS.contains(&word) && !is_own {
            terms.insert(term_hash(word));
        }
    });
    terms
}

fn all_terms(text: &str) -> BTreeSet<TermHash> {
    let mut terms = BTreeSet::new();
    words(text, |word| {
        terms.insert(term_hash(word));
    });
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_a_wish_is_about_is_told_by_its_words() {
        for (what, expected) in [
            ("my address", Whom::Speaker),
            ("where I work", Whom::Speaker),
            ("that I'm vegan", Whom::Speaker),
            ("the gate code", Whom::Anybody),
            ("my sister's illness", Whom::Owner(terms_of("sister"))),
            ("Ana's number", Whom::Owner(terms_of("Ana"))),
            ("what I said about my boss's divorce", Whom::Owner(terms_of("boss"))),
        ] {
            assert_eq!(whom(what), expected, "{what}");
        }
    }
}
