//! JSON out of a model's words: takes off what stands around it, mends what models do to it, and tells each
//! thing that it did, so that nothing is lost silently.
//!
//! What is valid JSON passes unchanged. What is not is read by a lenient parser that accepts what models
//! write instead: a comma too many or too few, line feeds in strings, single quotes, comments, Python's words,
//! and a text that ends too early. It never guesses a value: an element that is not whole is dropped.

mod lenient;

use dreamkeeper_domain::limits::{CHAT_ANSWER_BYTES_MAX, JSON_DEPTH_MAX};
use serde_json::Value;

/// Something that was done to a text to make it JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Repair {
    /// Reasoning before the answer (`<think>…</think>`) was passed over.
    DroppedReasoning,
    /// A Markdown fence around the JSON was taken off.
    StrippedFence,
    /// Words before the JSON were passed over.
    DroppedProseBefore,
    /// Words after the JSON were passed over.
    DroppedProseAfter,
    /// A comma before a closing bracket was taken out.
    RemovedComma,
    /// A comma that was missing between two elements was put in.
    AddedComma,
    /// A line feed or another control character in a string was escaped.
    EscapedControl,
    /// A backslash before a character that needs none was kept as a backslash, or half a character
    /// (a lone surrogate) was replaced.
    MendedEscape,
    /// Single quotes, or a name without any, were read as double quotes.
    Requoted,
    /// `True`, `False`, `None`, `NaN` and the like were read as what they mean in JSON.
    Reworded,
    /// A comment was passed over.
    DroppedComment,
    /// An element that was not whole when the text ended was dropped.
    DroppedUnfinished,
    /// Brackets that were open when the text ended were closed.
    ClosedBrackets,
}

impl std::fmt::Display for Repair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::DroppedReasoning => "reasoning before the answer was passed over",
            Self::StrippedFence => "a fence was taken off",
            Self::DroppedProseBefore => "words before the JSON were passed over",
            Self::DroppedProseAfter => "words after the JSON were passed over",
            Self::RemovedComma => "a comma too many was taken out",
            Self::AddedComma => "a missing comma was put in",
            Self::EscapedControl => "a control character was escaped",
            Self::MendedEscape => "an escape was mended",
            Self::Requoted => "quotes were put right",
            Self::Reworded => "words of another language were read as JSON's",
            Self::DroppedComment => "a comment was passed over",
            Self::DroppedUnfinished => "an element that was not whole was dropped",
            Self::ClosedBrackets => "brackets that were open at the end were closed",
        })
    }
}

/// There is no JSON object or array in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotJson {
    /// Not even the beginning of one.
    #[error("the text holds no JSON object or array")]
    Absent,
    /// Something begins as one and cannot be read on.
    #[error("what begins as JSON at byte {at} cannot be read at byte {stuck}, even leniently")]
    Broken {
        /// Where it begins.
        at: usize,
        /// Where reading stuck.
        stuck: usize,
    },
    /// It is nested deeper than is read.
    #[error("the JSON at byte {at} is nested deeper than {JSON_DEPTH_MAX} levels")]
    TooDeep {
        /// Where it begins.
        at: usize,
    },
    /// The text is larger than is read.
    #[error("the text has {found} bytes; at most {CHAT_ANSWER_BYTES_MAX} are read for JSON")]
    TooLong {
        /// How many bytes it has.
        found: usize,
    },
}

/// How many places where JSON might begin are tried; prose may hold many braces.
const STARTS_MAX: usize = 16;

/// The JSON of a text, and what had to be done to get it, each thing once, in a fixed order.
///
/// A text that is JSON as it stands gives it unchanged, whatever its kind. Otherwise the first object or array
/// that can be read counts. One that holds something goes before an empty one, one that was read without
/// mending before one that had to be mended, and an object before an array: prose likes brackets too.
pub fn repair(text: &str) -> Result<(Value, Vec<Repair>), NotJson> {
    if text.len() > CHAT_ANSWER_BYTES_MAX {
        return Err(NotJson::TooLong { found: text.len() });
    }
    if let Ok(value) = serde_json::from_str(text) {
        return Ok((value, Vec::new()));
    }
    let after_reasoning = reasoning_end(text);
    match extract(text, after_reasoning) {
        // Nothing behind the reasoning: the answer may have been given inside of it.
        Err(NotJson::Absent) if after_reasoning > 0 => extract(text, 0),
        outcome => outcome,
    }
}

/// What was found at one place.
struct Found {
    value: Value,
    repairs: Vec<Repair>,
    start: usize,
    end: usize,
}

fn extract(text: &str, from: usize) -> Result<(Value, Vec<Repair>), NotJson> {
    let mut best: Option<Found> = None;
    let mut failure = NotJson::Absent;
    let mut next = from;
    for _ in 0..STARTS_MAX {
        let Some(start) = text[next..].find(['{', '[']).map(|offset| next + offset) else { break };
        match lenient::read(text, start) {
            Ok(read) => {
                let found = Found { value: read.value, repairs: read.repairs, start, end: read.end };
                next = found.end.max(start + 1);
                let best_there_is = rank(&found) == (true, true, true);
                if best.as_ref().is_none_or(|best| rank(&found) > rank(best)) {
                    best = Some(found);
                }
                if best_there_is || next >= text.len() {
                    break;
                }
            }
            Err(unreadable) => {
                if failure == NotJson::Absent || unreadable.is_json {
                    failure = unreadable.error;
                }
                if unreadable.is_json {
                    break;
                }
                next = unreadable.next;
            }
        }
    }
    let Some(found) = best else { return Err(failure) };
    let mut repairs = found.repairs;
    repairs.extend(surroundings(text, from, found.start, found.end));
    repairs.sort_unstable();
    repairs.dedup();
    Ok((found.value, repairs))
}

/// Unmended before mended, something before nothing, objects before arrays; the first of equals.
fn rank(found: &Found) -> (bool, bool, bool) {
    let filled = match &found.value {
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    (filled, found.repairs.is_empty(), found.value.is_object())
}

/// What stood around the JSON.
fn surroundings(text: &str, from: usize, start: usize, end: usize) -> Vec<Repair> {
    let mut repairs = Vec::new();
    if from > 0 {
        repairs.push(Repair::DroppedReasoning);
    }
    let (mut before, mut after) = (text[from..start].trim(), text[end..].trim());
    if let Some(rest) = before_fence(before) {
        repairs.push(Repair::StrippedFence);
        before = rest.trim();
        after = after.strip_prefix("```").or(after.strip_prefix("~~~")).unwrap_or(after).trim();
    }
    if !before.is_empty() {
        repairs.push(Repair::DroppedProseBefore);
    }
    if !after.is_empty() {
        repairs.push(Repair::DroppedProseAfter);
    }
    repairs
}

/// What stands before a fence that opens right before the JSON, with or without the name of a language.
fn before_fence(before: &str) -> Option<&str> {
    let named = before.trim_end_matches(|letter: char| letter.is_ascii_alphanumeric());
    named.strip_suffix("```").or(named.strip_suffix("~~~"))
}

/// Where a model's reasoning ends that stands before its answer; 0 without any.
fn reasoning_end(text: &str) -> usize {
    const ENDS: [&str; 2] = ["</think>", "</thinking>"];
    let last = ENDS.iter().filter_map(|end| text.rfind(end).map(|at| at + end.len())).max();
    // Inside of a string it is what someone said, not what the model thought.
    let opens = text.trim_start().starts_with("<think");
    last.filter(|at| opens || !text[..*at].contains(['{', '['])).unwrap_or(0)
}

#[cfg(test)]
mod tests;
