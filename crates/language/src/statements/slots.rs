//! Slots: what kinds of words a pattern's slot takes, and how many at most.

use serde::Deserialize;

use super::lexicon::Class;
use super::tokens::{Shape, Token};

/// What a slot takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SlotKind {
    /// A thing: words that do not begin as a pointer ("this", "it") or a clause.
    Thing,
    /// Whatever stands there.
    Any,
    /// Words with capitals, or one word.
    Name,
    /// A run of words with capitals only.
    Proper,
    /// A place.
    Place,
    /// One number, in digits or as a word.
    Number,
    /// A trade with its particulars: "a nurse at the clinic".
    Job,
    /// A verb in its -ing form and what follows.
    Doing,
    /// A verb in its base form and what follows.
    Deed,
    /// One word.
    Word,
    /// One to three words before the pattern goes on.
    Few,
    /// A verb in the present of the third person that tells a practice.
    Acts,
    /// A nationality: a capital and a usual ending.
    Nation,
    /// Whatever stands there, or nothing.
    Rest,
    /// One to three words that name a kind of thing, without an article or an owner: "loud noises".
    Bare,
    /// A verb in the plain present that tells a practice, whatever verb it is.
    Practice,
    /// A verb in the past that tells an event, whatever verb it is.
    Past,
    /// A verb as it stands after "have".
    Participle,
    /// A verb after "will" that tells a plan, and what follows.
    Intent,
}

impl SlotKind {
    pub(super) fn named(name: &str) -> Option<Self> {
        let name = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(name);
        Self::deserialize(name).ok()
    }

    /// The token after the last that the slot may take from `at`; `None` where it takes nothing.
    pub(super) fn longest(self, tokens: &[Token<'_>], at: usize) -> Option<usize> {
        if self == Self::Rest {
            return Some(tokens.len());
        }
        let first = tokens.get(at)?;
        if first.is_mark() && !matches!(first.text, "\"" | "“" | "#" | "$" | "€" | "£" | "'" | "‘") {
            return None;
        }
        let end = tokens.len();
        match self {
            Self::Any | Self::Rest => Some(end),
            Self::Bare => (first.classes & DETERMINERS == 0).then(|| few_end(tokens, at)).flatten(),
            Self::Thing => is_thing(tokens, at).then_some(end),
            Self::Deed => (is_thing(tokens, at) && first.shape == Shape::Lower).then_some(end),
            Self::Doing => {
                (first.text.len() > 4 && first.text.ends_with("ing") && !is_noun_in_ing(first.text))
                    .then_some(end)
            }
            Self::Word => Some(at + 1),
            Self::Few => few_end(tokens, at),
            Self::Number => is_number(first).then_some(at + 1),
            Self::Name => name_end(tokens, at),
            Self::Proper => proper_end(tokens, at),
            Self::Place => is_place(tokens, at).then_some(end),
            Self::Job => job_end(tokens, at),
            Self::Acts => is_act(first).then_some(at + 1),
            Self::Nation => is_nation(first).then_some(at + 1),
            Self::Practice => is_practice(first).then_some(at + 1),
            Self::Past => is_event(first).then_some(at + 1),
            Self::Participle => {
                let next = tokens.get(at + 1).map_or("", |next| next.text);
                let stands_for_another = first.text == "done" && matches!(next, "since" | "for" | "so");
                (is_after_have(first) && !stands_for_another).then_some(at + 1)
            }
            Self::Intent => (is_practice(first) && !first.is(Class::WeakDeed)).then_some(end),
        }
    }
}

pub(super) fn is_number(token: &Token<'_>) -> bool {
    token.shape == Shape::Number || token.is(Class::NumberWord)
}

fn few_end(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let refuses = |token: &Token<'_>| {
        token.is(Class::FirstPerson)
            || token.is(Class::ThirdPerson)
            || token.is(Class::Be)
            || token.is(Class::Not)
            || token.is(Class::Demonstrative)
            || token.is(Class::QuestionWord)
            || token.text == ","
    };
    let length = tokens[at..].iter().take(3).take_while(|token| !refuses(token)).count();
    (length > 0).then_some(at + length)
}

fn is_noun_in_ing(text: &str) -> bool {
    matches!(
        text,
        "something"
            | "nothing"
            | "anything"
            | "everything"
            | "thing"
            | "spring"
            | "string"
            | "evening"
            | "morning"
    )
}

fn is_thing(tokens: &[Token<'_>], at: usize) -> bool {
    let first = &tokens[at];
    let points =
        first.is(Class::Demonstrative) || first.is(Class::QuestionWord) || first.is(Class::FirstPerson);
    let hollow = first.is(Class::Article)
        && tokens.get(at + 1).is_none_or(|next| next.is(Class::Dummy) || (next.is(Class::Demonstrative)));
    let bare_function = first.is(Class::Article) && tokens.len() == at + 1;
    !first.is(Class::Not)
        && !points
        && !hollow
        && !bare_function
        && !first.is(Class::ThirdPerson)
        && !first.is(Class::Dummy)
        && !(first.is(Class::Preposition) && tokens.len() == at + 1)
}

/// A run of capitalised words with what may join them ("de", "van", "of"); else one word.
fn name_end(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    proper_end(tokens, at).or_else(|| {
        let first = &tokens[at];
        let quoted = first.is_mark() || first.is_quoted;
        let plain = first.shape == Shape::Lower && first.classes == 0;
        if quoted { Some((at + 4).min(tokens.len())) } else { plain.then_some(at + 1) }
    })
}

pub(super) fn proper_end(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let mut end = at;
    while let Some(token) = tokens.get(end) {
        let joins = matches!(
            token.text,
            "de" | "da" | "van" | "von" | "der" | "of" | "the" | "&" | "la" | "del" | "al" | "bin" | "'s"
        ) && end > at
            && tokens.get(end + 1).is_some_and(Token::is_name_like);
        let numbers = end > at && token.shape == Shape::Number && token.text.len() < 4;
        if !(token.is_name_like() || joins || numbers) {
            break;
        }
        end += 1;
    }
    (end > at).then_some(end)
}

fn is_place(tokens: &[Token<'_>], at: usize) -> bool {
    let first = &tokens[at];
    if !is_thing(tokens, at) || first.is(Class::Possessive) && tokens.len() == at + 1 {
        return false;
    }
    let hollow = [
        "fear", "hope", "peace", "denial", "moment", "past", "present", "vain", "general", "love", "bed",
        "bliss",
    ];
    let last = if first.is(Class::Article) { tokens.get(at + 1) } else { Some(first) };
    last.is_some_and(|token| !hollow.contains(&token.text) && !token.is_mark())
}

/// `[senior] [software] engineer [at …]`: the head noun must be a trade by list or by ending.
fn job_end(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let mut head = None;
    for (index, token) in tokens.iter().enumerate().skip(at).take(7) {
        let ends = token.is(Class::Preposition)
            || token.is(Class::Joint)
            || token.is_mark()
            || token.is(Class::ClauseWord)
            || token.is(Class::FirstPerson)
            || token.is(Class::Possessive)
            || token.is(Class::Be)
            || matches!(
                token.text,
                "who"
                    | "that"
                    | "specializing"
                    | "specialising"
                    | "working"
                    | "now"
                    | "currently"
                    | "here"
                    | "too"
                    | "by"
            );
        if ends {
            break;
        }
        if token.is(Class::Demonstrative) || token.is(Class::Article) && index > at {
            return None;
        }
        head = Some(index);
    }
    let head = &tokens[head?];
    is_trade(head).then_some(tokens.len())
}

fn is_trade(token: &Token<'_>) -> bool {
    let text = token.text;
    let by_ending =
        ["er", "or", "ist", "ian", "eer", "ant", "yst"].iter().any(|ending| text.ends_with(ending));
    token.is(Class::Job)
        || token.is(Class::HobbyAgent)
        || (by_ending
            && text.len() > 4
            && !token.is(Class::NotJob)
            && !token.is(Class::Modifier)
            && !token.is(Class::Kin)
            && !token.is(Class::Mood))
}

fn is_act(token: &Token<'_>) -> bool {
    let text = token.text;
    let ends = text.ends_with('s') && !text.ends_with("ss") && !text.ends_with("us") && text.len() > 3;
    ends && token.shape == Shape::Lower
        && !token.is(Class::PresentNot)
        && !token.is(Class::Speech)
        && !text.contains(['\'', '’'])
}

const DETERMINERS: u128 = Class::Article.bit()
    | Class::Possessive.bit()
    | Class::OthersPossessive.bit()
    | Class::Demonstrative.bit()
    | Class::QuestionWord.bit()
    | Class::Opener.bit()
    | Class::ThirdPerson.bit()
    | Class::FirstPerson.bit();

/// What cannot be a verb of its own: words with another task in a clause.
const NO_VERB: u128 = Class::Adverb.bit()
    | Class::Be.bit()
    | Class::Have.bit()
    | Class::Modal.bit()
    | Class::Will.bit()
    | Class::Not.bit()
    | Class::FirstPerson.bit()
    | Class::ThirdPerson.bit()
    | Class::Possessive.bit()
    | Class::OthersPossessive.bit()
    | Class::Article.bit()
    | Class::Demonstrative.bit()
    | Class::QuestionWord.bit()
    | Class::ClauseWord.bit()
    | Class::Joint.bit()
    | Class::Preposition.bit()
    | Class::Hedge.bit()
    | Class::Condition.bit()
    | Class::NumberWord.bit()
    | Class::Auxiliary.bit()
    | Class::Mood.bit();
/// Words of how often, which stand where a verb may.
const COUNTS: [&str; 18] = [
    "last", "next", "gotta", "wanna", "gonna", "lemme", "dunno", "sorta", "truly", "longer", "once", "twice",
    "ever", "even", "maybe", "only", "almost", "hardly",
];

pub(super) fn is_practice(token: &Token<'_>) -> bool {
    let text = token.text;
    token.shape == Shape::Lower
        && token.classes & (NO_VERB | Class::WeakPresent.bit() | Class::Kin.bit()) == 0
        && text.len() > 1
        && text.chars().all(char::is_alphabetic)
        && !COUNTS.contains(&text)
        && !text.ends_with("ing")
        && !text.ends_with("ly")
        && !crate::time::is_past(text)
        && (!crate::time::is_participle(text) || crate::time::is_plain_too(text))
}

fn is_event(token: &Token<'_>) -> bool {
    token.shape == Shape::Lower
        && token.classes & (NO_VERB | Class::WeakPast.bit()) == 0
        && crate::time::is_past(token.text)
}

fn is_after_have(token: &Token<'_>) -> bool {
    let is_free = token.classes & (NO_VERB & !Class::Mood.bit()) == 0 || matches!(token.text, "been" | "had");
    token.shape == Shape::Lower && is_free && token.text != "got" && crate::time::is_participle(token.text)
}

pub(super) fn is_nation(token: &Token<'_>) -> bool {
    let by_ending = ["ese", "ish"].iter().any(|ending| token.text.ends_with(ending)) && token.text.len() > 5;
    token.shape == Shape::Capital && (token.is(Class::Language) || token.is(Class::Nationality) || by_ending)
}
