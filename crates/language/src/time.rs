//! Phrases of time, resolved against the moment and the zone of the message that holds them.
//!
//! Conventions: docs/internals/time.md. What cannot be resolved stays as said, marked.

mod evaluate;
mod expression;
mod grammar;
mod interval;
mod lexicon;
mod lookalikes;
mod tense;
mod tokens;
mod verbs;

pub(crate) use verbs::{is_participle, is_past, is_plain_too};

use dreamkeeper_domain::passage::Span;
use dreamkeeper_domain::time::Granularity;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use tokens::Tokens;

/// When and where a message was said.
#[derive(Debug, Clone)]
pub struct Anchor {
    /// The message's own time.
    pub at: Timestamp,
    /// The speaker's zone; UTC where none is known.
    pub zone: TimeZone,
}

/// A phrase of time in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimePhrase {
    /// Where it stands, in bytes of the text.
    pub span: Span,
    /// What it means; `None` where it is vague or a recurrence: it stays as said.
    pub meaning: Option<Meaning>,
}

/// What a phrase means: a half-open stretch of the speaker's local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// The first moment inside.
    pub start: DateTime,
    /// The first moment after.
    pub end: DateTime,
    /// How finely it was said.
    pub granularity: Granularity,
}

/// How many tokens of a phrase can stand before the first that it rests on: "in the very early".
const TOKENS_BEFORE_TRIGGER: usize = 6;

/// Whether a word of the text can be a verb in the past: it may tell of an event.
pub fn tells_past(text: &str) -> bool {
    text.split(|mark: char| !mark.is_alphabetic()).any(|word| is_past(&word.to_lowercase()))
}

/// Every phrase of time in the text, in order, none overlapping another.
pub fn read(text: &str, anchor: &Anchor) -> Vec<TimePhrase> {
    let lower = text.to_ascii_lowercase();
    let tokens = Tokens::new(text, &lower);
    let mut phrases = Vec::new();
    let mut at = 0;
    let mut trigger = None;
    while at < tokens.len() {
        if trigger.is_none_or(|trigger| trigger < at) {
            trigger = tokens.next_trigger(at);
        }
        let Some(trigger) = trigger else { break };
        at = at.max(trigger.saturating_sub(TOKENS_BEFORE_TRIGGER));
        let Some((expression, end)) = grammar::phrase(&tokens, at).filter(|(_, end)| *end > at) else {
            at += 1;
            continue;
        };
        if !lookalikes::is_other(&tokens, at, end)
            && let (Some(first), Some(last)) = (tokens.get(at), tokens.before(end))
            && let (Ok(start), Ok(stop)) = (u32::try_from(first.start), u32::try_from(last.end))
        {
            let tense = || tense::around(&tokens, at, end);
            let meaning = evaluate::meaning(&expression, anchor, &tense);
            phrases.push(TimePhrase { span: Span { start, end: stop }, meaning });
        }
        at = end;
    }
    phrases
}
