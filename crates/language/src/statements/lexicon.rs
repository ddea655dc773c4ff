//! Lexicon: every word that the grammar names, with its classes, so that matching compares numbers.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

/// A word of the grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct WordId(u32);

impl WordId {
    /// A word that the grammar does not name.
    pub(super) const UNKNOWN: Self = Self(0);
}

/// A set of words, listed in `grammar/words.toml`; patterns name it as `@class`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Class {
    Adverb,
    Opener,
    Be,
    Is,
    Have,
    Do,
    Not,
    Modal,
    Will,
    FirstPerson,
    ThirdPerson,
    Possessive,
    OthersPossessive,
    Article,
    Demonstrative,
    QuestionWord,
    Auxiliary,
    Hedge,
    Condition,
    ClauseWord,
    Joint,
    Preposition,
    NumberWord,
    Month,
    Weekday,
    Momentary,
    NotName,
    Kin,
    Friend,
    Pet,
    Modifier,
    Owned,
    AnimalOrPersonGone,
    NicknameVerb,
    Weather,
    Diet,
    ConditionHealth,
    Status,
    Trait,
    Language,
    LanguageOrCode,
    Mood,
    Job,
    NotJob,
    HobbyAgent,
    Activity,
    TaskVerb,
    PasteVerb,
    StyleWord,
    Speech,
    Fiction,
    Joke,
    Evaluation,
    Dummy,
    Unit,
    WeakVerb,
    Trailer,
    LovedThe,
    Marker,
    Fragment,
    Verb,
    Practice,
    PresentNot,
    Zodiac,
    Appointment,
    AssistantVerb,
    Asking,
    Nationality,
    WeakPresent,
    WeakPast,
    WeakDeed,
    Whimsy,
    Fantasy,
    FantasyPlace,
    Document,
    Label,
}

impl Class {
    pub(super) const fn bit(self) -> u128 {
        1 << self as u32
    }

    /// The class that a pattern names.
    pub(super) fn named(name: &str) -> Option<Self> {
        let name = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(name);
        Self::deserialize(name).ok()
    }
}

/// The words.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    words: HashMap<String, (WordId, u128)>,
}

impl Lexicon {
    /// Enters the classes' words.
    pub(super) fn new(classes: &BTreeMap<Class, String>) -> Self {
        let mut lexicon = Self::default();
        for (class, words) in classes {
            for word in words.split_whitespace() {
                lexicon.enter(word);
                if let Some((_, mask)) = lexicon.words.get_mut(word) {
                    *mask |= class.bit();
                }
            }
        }
        lexicon
    }

    /// The id of a word, given now where it had none.
    pub(super) fn enter(&mut self, word: &str) -> WordId {
        let next = WordId(self.words.len() as u32 + 1);
        self.words.entry(word.to_owned()).or_insert((next, 0)).0
    }

    /// Enters that rules begin with the word: after "and" it may begin a clause of its own.
    pub(super) fn mark_verb(&mut self, id: WordId) {
        if let Some((_, mask)) = self.words.values_mut().find(|(known, _)| *known == id) {
            *mask |= Class::Verb.bit();
        }
    }

    /// The id and the classes of a word in small letters. "Step-daughter" is looked up as "stepdaughter", and
    /// where that is unknown too as "daughter".
    pub(super) fn look_up(&self, word: &str) -> (WordId, u128) {
        if let Some(known) = self.words.get(word) {
            return *known;
        }
        let Some((first, rest)) = word.split_once('-') else { return (WordId::UNKNOWN, 0) };
        if let Some(known) = self.words.get(&[first, rest].concat()) {
            return *known;
        }
        const KINDS: [&str; 8] = ["step", "half", "foster", "god", "ex", "great", "grand", "co"];
        let being = Class::Kin.bit() | Class::Friend.bit();
        let known =
            self.words.get(rest).filter(|(_, classes)| KINDS.contains(&first) && classes & being != 0);
        known.map_or((WordId::UNKNOWN, 0), |(_, classes)| (WordId::UNKNOWN, classes & being))
    }
}
