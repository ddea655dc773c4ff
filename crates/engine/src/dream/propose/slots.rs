//! Slots: which property of whom a claim gives, where there is one value at a time.

use dreamkeeper_domain::detail::normalised;
use dreamkeeper_language::statements::{Utterance, read};
use dreamkeeper_language::time::Anchor;

use super::names::Names;

/// Properties that the reader of statements knows and that change: a new value takes the place of the old.
const CHANGING: [&str; 8] =
    ["residence", "employer", "phone", "email", "address", "age", "time_zone", "working_hours"];
/// Nouns that name a property with one value at a time.
const NOUNS: [&str; 34] = [
    "rent",
    "price",
    "cost",
    "fee",
    "deadline",
    "address",
    "phone",
    "number",
    "email",
    "port",
    "url",
    "host",
    "version",
    "budget",
    "limit",
    "branch",
    "owner",
    "lead",
    "manager",
    "boss",
    "editor",
    "language",
    "currency",
    "timezone",
    "zone",
    "employer",
    "capacity",
    "quota",
    "threshold",
    "timeout",
    "code",
    "salary",
    "size",
    "database",
];
/// Words that make any noun one of which there is one at a time.
const SINGLE: [&str; 8] =
    ["favourite", "favorite", "default", "current", "main", "primary", "preferred", "official"];
/// Words that make a value a habit, a guess or a list.
const UNSURE: [&str; 12] = [
    "usually",
    "often",
    "sometimes",
    "maybe",
    "perhaps",
    "or",
    "not",
    "no",
    "probably",
    "either",
    "was",
    "were",
];
const KEY_WORDS_MAX: usize = 5;
const VALUE_WORDS_MAX: usize = 8;

/// One value of one property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    /// Of whom or what, and which property; equal for claims that can contradict each other.
    pub(super) key: String,
    /// The value, normalised.
    pub(super) value: String,
    /// Whether the claim itself says of whom it is, by name.
    pub(super) is_named: bool,
}

/// The slot of a claim; `None` where it gives none that is sure.
pub(super) fn of(text: &str, names: &Names, anchor: &Anchor) -> Option<Slot> {
    let name = names.first(text);
    said_of(text, name, anchor).or_else(|| told(text, name))
}

/// A statement about somebody by name, as the reader of statements understands what is said of a friend.
fn said_of(text: &str, name: Option<&str>, anchor: &Anchor) -> Option<Slot> {
    let name = name?;
    let said = format!("My friend {text}");
    let reading = read(&Utterance { text: &said, speaker: None, anchor });
    let [statement] = reading.statements.as_slice() else { return None };
    let is_changing = statement.one_valued && CHANGING.contains(&statement.attribute.as_str());
    if !is_changing || statement.ends || statement.subject != format!("friend {name}") {
        return None;
    }
    let key = format!("{}|{}", normalised(name), statement.attribute);
    slot(key, &statement.value, true)
}

/// `The rent is 1,150 euros`, `Deploy branch: main`, `Ana's favourite tea is oolong`.
fn told(text: &str, name: Option<&str>) -> Option<Slot> {
    let text = text.trim().trim_end_matches('.');
    let (key, value) = [": ", " is now ", " is ", " are "].iter().find_map(|link| text.split_once(link))?;
    let key = normalised(key);
    let words: Vec<&str> = key.split(' ').filter(|word| !["the", "our", "my"].contains(word)).collect();
    let head = words.last()?;
    let is_single = NOUNS.contains(head) || words.iter().any(|word| SINGLE.contains(word));
    if !is_single || words.len() > KEY_WORDS_MAX {
        return None;
    }
    slot(words.join(" "), value, name.is_some())
}

fn slot(key: String, value: &str, is_named: bool) -> Option<Slot> {
    let value = normalised(value);
    let words: Vec<&str> = value.split(' ').collect();
    let is_sure = words.len() <= VALUE_WORDS_MAX && !words.iter().any(|word| UNSURE.contains(word));
    (is_sure && !value.is_empty()).then_some(Slot { key, value, is_named })
}
