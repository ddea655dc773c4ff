//! Detail: what a memory says, in parts, so that code can compare, date and relate memories.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::limits::SERVED_WORDS_MIN;
use crate::text::words;
use crate::time::{Granularity, Interval};

/// Which property of whom a memory gives, and the value: ("user", "residence", "Porto").
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// Whom or what it is about: `user` for the speaker, else the person or thing ("sister Ana").
    pub subject: String,
    /// Which property, in lower case: "residence", "likes".
    pub attribute: String,
    /// Whether there is one value at a time, so that a new one supersedes the old.
    pub one_valued: bool,
    /// The value, in the words of the source.
    pub value: String,
    /// Whether the value is what holds no longer: "I no longer work at Google".
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ended: bool,
}

impl Slot {
    /// Subject and attribute as one text that spelling and case do not change; what a store finds slots by. All
    /// that has ended for a subject is found by one key: few things have, and each may end several properties.
    pub fn key(&self) -> String {
        let subject = normalised(&self.subject);
        if self.ended {
            format!("{subject}|!ended")
        } else {
            format!("{subject}|{}", normalised(&self.attribute))
        }
    }

    /// The value as a text that spelling and case do not change.
    pub fn value_key(&self) -> String {
        normalised(&self.value)
    }
}

/// Lower-cased words with one space between; equal for texts that differ in case, punctuation or spacing.
pub fn normalised(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    words(text, |word| {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(word);
    });
    joined
}

/// The sentences of a text, normalised and each once; shorter ones than
/// [`SERVED_WORDS_MIN`] words say too little to be told from chance.
pub fn sentences(text: &str) -> BTreeSet<String> {
    let ends = |at: usize, end: char| match end {
        '\n' | '\r' | '。' | '！' | '？' | '…' => true,
        // A dot inside a number or a name ends nothing.
        '.' | '!' | '?' => text[at + 1..].chars().next().is_none_or(|next| !next.is_alphanumeric()),
        _ => false,
    };
    let mut from = 0;
    let mut found = BTreeSet::new();
    let cuts = text.char_indices().filter(|(at, end)| ends(*at, *end)).map(|(at, end)| at + end.len_utf8());
    for cut in cuts.chain([text.len()]) {
        let sentence = normalised(&text[from..cut]);
        if sentence.split(' ').count() >= SERVED_WORDS_MIN {
            found.insert(sentence);
        }
        from = cut;
    }
    found
}

/// `subject` stands to `object` as `predicate` says: ("user", "sister", "Ana").
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// Who or what.
    pub subject: String,
    /// A lower-case noun or verb.
    pub predicate: String,
    /// To whom or what.
    pub object: String,
}

/// When something is or was so: the words, and what they mean where that is certain (invariant 9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// As it was said: "last May".
    pub phrase: String,
    /// What it means; absent where it could not be resolved and stays as said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
    /// How finely it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granularity: Option<Granularity>,
}

/// What a memory says, in parts; everything is absent for plain words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Detail {
    /// Which property of whom it gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slot: Option<Slot>,
    /// People, places and things that it names, as written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<String>,
    /// How they stand to each other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
    /// When it is or was so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// How much it matters, 0 to 1, by who learned it; use and feedback move it in recall, not here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub importance: Option<f32>,
    /// When the latest of its quotes was said: what orders the values of one slot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said_at: Option<Timestamp>,
    /// How many sessions its quotes were said in; independent ones corroborate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_count: Option<u32>,
    /// Whether it was inferred from several grounded items instead of being said.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub inferred: bool,
}

impl Detail {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Every name under which the memory is found: slot subject, entities, both ends of relations, and of
    /// "sister Ana" both "sister" and "ana"; each normalised and once.
    pub fn names(&self) -> BTreeSet<String> {
        let slot = self.slot.iter().map(|slot| &slot.subject);
        let ends = self.relations.iter().flat_map(|relation| [&relation.subject, &relation.object]);
        let mut names = BTreeSet::new();
        for name in slot.chain(&self.entities).chain(ends).map(|name| normalised(name)) {
            if let Some((role, rest)) = name.split_once(' ') {
                names.extend([role.to_owned(), rest.to_owned()]);
            }
            names.insert(name);
        }
        names.remove("");
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(subject: &str, value: &str) -> Slot {
        Slot {
            subject: subject.into(),
            attribute: "residence".into(),
            one_valued: true,
            value: value.into(),
            ended: false,
        }
    }

    #[test]
    fn spelling_does_not_part_slots() {
        assert_eq!(slot("Sister  Ana", "Porto!").key(), slot("sister ana", "").key());
        assert_eq!(slot("", "São  Paulo.").value_key(), slot("", "são paulo").value_key());
        assert_ne!(slot("user", "").key(), slot("sister Ana", "").key());
    }

    #[test]
    fn names_are_told_once() {
        let detail = Detail {
            slot: Some(slot("sister Ana", "Porto")),
            entities: vec!["Porto".into(), "Ana".into()],
            relations: vec![Relation {
                subject: "user".into(),
                predicate: "sister".into(),
                object: "Ana".into(),
            }],
            ..Detail::default()
        };
        assert_eq!(
            detail.names().into_iter().collect::<Vec<_>>(),
            ["ana", "porto", "sister", "sister ana", "user"]
        );
    }

    #[test]
    fn sentences_end_at_lines_and_stops_and_short_ones_are_left_out() {
        let text = "Ana has lived in Porto since 2.5 years. Yes!\n- She likes tea, a lot.Really so very\nOne two three";
        let found: Vec<String> = sentences(text).into_iter().collect();
        assert_eq!(found, ["ana has lived in porto since 2 5 years", "she likes tea a lot really so very"]);
    }
}
