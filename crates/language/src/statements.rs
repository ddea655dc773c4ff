//! Statements: what a message says that is worth remembering, and what it asks to be forgotten.
//!
//! What counts as lasting: docs/internals/learning.md. Precision before recall: what the rules do not
//! understand they leave alone, and say why.

mod clauses;
mod corrections;
mod drafts;
mod foreign;
mod grammar;
mod guards;
mod index;
mod lexicon;
mod matching;
mod pattern;
mod reader;
mod render;
mod requests;
mod sentences;
mod slots;
mod subjects;
mod things;
mod tokens;
mod voices;

pub use dreamkeeper_domain::detail::Relation;
use dreamkeeper_domain::memory::Kind;
use dreamkeeper_domain::passage::Span;

use crate::time::{Anchor, TimePhrase};

/// One message, as far as reading needs it.
#[derive(Debug, Clone)]
pub struct Utterance<'a> {
    /// The words.
    pub text: &'a str,
    /// The speaker's name, where it is known.
    pub speaker: Option<&'a str>,
    /// When and where it was said.
    pub anchor: &'a Anchor,
}

/// Something lasting that was said.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// What it is about.
    pub kind: Kind,
    /// Whom or what it is about: `user` for the speaker, else the person or thing ("sister Ana").
    pub subject: String,
    /// Which property of the subject it gives, from a fixed list ("residence", "employer", "likes"), so that
    /// two statements about one thing can be told apart from two things.
    pub attribute: String,
    /// Whether the attribute has one value at a time, so that a new one supersedes the old.
    pub one_valued: bool,
    /// Whether the value is what does not hold any more: "I no longer work at Google", "I sold my motorbike".
    pub ends: bool,
    /// The value, in the words of the message.
    pub value: String,
    /// The whole as one sentence in the third person, the speaker called by name where it is known, else
    /// `User`: every other word is of the message.
    pub text: String,
    /// The words it rests on, in bytes of the message.
    pub quote: Span,
    /// People, places and things that it names, as written.
    pub entities: Vec<String>,
    /// How named things stand to each other.
    pub relations: Vec<Relation>,
    /// When it is or was so, where that is said.
    pub time: Option<TimePhrase>,
    /// How much it matters, 0 to 1, by kind and wording.
    pub importance: f32,
    /// Whether it says that an earlier statement does not hold any more.
    pub is_correction: bool,
    /// The value that it says does not hold any more, where it names one.
    pub replaces: Option<String>,
}

/// Why a sentence was not learned from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Skip {
    /// Nothing in it is a statement that the rules know.
    NotUnderstood,
    /// A question.
    Question,
    /// A mood or a remark of the moment.
    Passing,
    /// "If I lived …", "I would …".
    Hypothetical,
    /// Says what is not, or that nothing is known.
    Negated,
    /// A joke, role play, fiction or lyrics.
    NotMeant,
    /// Somebody else's words, or pasted text.
    Quoted,
    /// A task for now.
    OneOff,
    /// About somebody who is not in the speaker's life.
    Stranger,
    /// The speaker asks that it be not remembered.
    OffTheRecord,
}

/// What was read in a message.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// What is to be learned, in the order of the text.
    pub statements: Vec<Statement>,
    /// What the speaker asks to be forgotten, in their words ("my address").
    pub forget: Vec<Span>,
    /// Every sentence that nothing was learned from, with the reason.
    pub skipped: Vec<(Span, Skip)>,
}

/// Reads one message.
pub fn read(utterance: &Utterance<'_>) -> Reading {
    reader::read(utterance)
}
