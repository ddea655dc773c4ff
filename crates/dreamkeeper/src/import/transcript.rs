//! Our own format: docs/guides/transcripts.md; besides messages, what `export` writes of memories and state.

use std::collections::BTreeSet;
use std::io::{self, BufRead};
use std::mem::take;

use dreamkeeper_api::evidence::Span;
use dreamkeeper_api::memory::{Interval, NewMemory};
use dreamkeeper_api::moment::Moment;
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::transcript::TranscriptLine;
use dreamkeeper_api::words::{Kind, Origin, Status, Via};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::found::{Found, ImportedMemory, ImportedState, Located, Turn};
use super::lines::Lines;

/// Everything in a transcript.
pub(crate) fn read<R: BufRead>(reader: R, file: &str) -> impl Iterator<Item = io::Result<Located>> + use<R> {
    Lines::new(reader, file).filter_map(|line| match line {
        Err(error) => Some(Err(error)),
        Ok((_, Ok(line))) if line.trim().is_empty() => None,
        Ok((place, line)) => {
            let found = line.and_then(|line| parse(&line));
            Some(Ok((place, found.unwrap_or_else(Found::Bad))))
        }
    })
}

/// One memory as a line; `memory` is the id it has where it was exported.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemoryLine {
    pub(crate) memory: String,
    pub(crate) kind: Kind,
    pub(crate) text: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) scope: Scope,
    #[serde(default = "active")]
    pub(crate) status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) origin: Option<Origin>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) aliases: Vec<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) categories: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(crate) metadata: Map<String, Value>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) validity: Interval,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<Moment>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) pinned: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) supersedes: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) evidence: Vec<QuoteLine>,
}

/// A quote that a memory rests on; its message is named as the message's own line names it, because ids of
/// this space mean nothing elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuoteLine {
    /// The session of the message.
    pub(crate) session: String,
    /// For whom that session is, without labels.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) scope: Scope,
    /// The message's id.
    pub(crate) id: String,
    pub(crate) quote: String,
    /// Where the quote stands in the message's text.
    pub(crate) span: Span,
}

/// One state value as a line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StateLine {
    pub(crate) state: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) scope: Scope,
    pub(crate) value: Value,
}

fn active() -> Status {
    Status::Active
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Which of the three a line is, by the field that only it has.
#[derive(Deserialize)]
struct Probe {
    memory: Option<serde::de::IgnoredAny>,
    state: Option<serde::de::IgnoredAny>,
}

fn parse(line: &str) -> Result<Found, String> {
    let told = |error: serde_json::Error| without_position(&error);
    let probe: Probe = serde_json::from_str(line).map_err(told)?;
    if probe.memory.is_some() {
        return Ok(Found::Memory(Box::new(memory(serde_json::from_str(line).map_err(told)?))));
    }
    if probe.state.is_some() {
        let StateLine { state, scope, value } = serde_json::from_str(line).map_err(told)?;
        return Ok(Found::State(Box::new(ImportedState { key: state, scope, value })));
    }
    let line = TranscriptLine::parse(line).map_err(|problem| problem.to_string())?;
    let turn = Turn { session: line.session.clone(), scope: line.scope(), message: line.message() };
    Ok(Found::Turn(Box::new(turn)))
}

fn memory(mut line: MemoryLine) -> ImportedMemory {
    let memory = NewMemory {
        origin: line.origin,
        via: Via::Import,
        aliases: take(&mut line.aliases),
        categories: take(&mut line.categories),
        metadata: take(&mut line.metadata),
        validity: line.validity,
        expires_at: line.expires_at,
        pinned: line.pinned,
        ..NewMemory::new(line.kind, take(&mut line.text), take(&mut line.scope))
    };
    let MemoryLine { memory: source_id, status, supersedes, evidence, .. } = line;
    ImportedMemory { source_id, memory, status, supersedes, evidence }
}

/// The message of a JSON error without "at line 1", which would be taken for a line of the file.
pub(crate) fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => format!("{} (column {})", &text[..end], error.column()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Result<&str, &str>) {
        let found = parse(line).map(|found| match found {
            Found::Turn(turn) => format!("{} {:?}", turn.session, turn.message.text.as_deref()),
            Found::Memory(memory) => format!("{} {}", memory.source_id, memory.memory.text),
            Found::State(state) => format!("{} {}", state.key, state.value),
            Found::Skipped(why) => why.to_owned(),
            Found::Bad(why) => why,
        });
        match (found, expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(found), Err(expected)) => assert!(found.contains(expected), "{found}"),
            (found, expected) => panic!("{line}: {found:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn a_line_is_a_message_a_memory_or_a_state_value_or_says_why_not() {
        let line = |rest: &str| format!(r#"{{"session":"s","id":"m","role":"user",{rest}}}"#);
        check(&line(r#""at":"2026-02-03T18:22:10+00:00","text":"Hi""#), Ok("s Some(\"Hi\")"));
        check(&line(r#""at":"2026-07-03","text":"Hi""#), Err("is not a time"));
        check(
            &line(r#""at":"2026-07-03T19:22:10Z","text":"Hi","orgin":"tool""#),
            Err("unknown field `orgin`"),
        );
        check(r#"{"memory":"m1","kind":"fact","text":"It rains."}"#, Ok("m1 It rains."));
        check(r#"{"state":"k","value":null}"#, Ok("k null"));
        check("{", Err("EOF"));
    }
}
