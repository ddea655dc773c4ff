//! A summary by a model of its own: a call for each so many turns, apart from the call that proposes memories.

use std::fmt::Write;

use dreamkeeper_domain::ports::{AnswerSchema, ChatModel, ChatRequest, ChatRole, ChatTurn, PortError};
use serde::Deserialize;
use serde_json::{Value, json};

use super::STALE_TURNS;
use crate::learn::ask::{Asked, ask};
use crate::learn::context::Context;
use crate::learn::extract::model::prompt::{cut, fenced, speaker};

const SYSTEM: &str = include_str!("../../../prompts/summary-1.md");
/// The prompt file's name and version, kept with every summary.
pub(super) const PROMPT: &str = "summary-1";
const ANSWER_TOKENS_MAX: u32 = 1_024;
const TURN_CHARS_MAX: usize = 2_000;

/// Whether enough was said since the last summary.
pub(super) fn is_due(context: &Context) -> bool {
    let upto = context.summary.as_ref().map_or(0, |summary| summary.upto);
    context
        .new_turns()
        .last()
        .is_some_and(|turn| turn.message.ordinal + 1 >= upto.saturating_add(STALE_TURNS))
}

/// Asks for the summary brought up to date.
pub(super) async fn write(model: &dyn ChatModel, context: &Context) -> Result<Asked<String>, PortError> {
    let mut data = String::new();
    let upto = context.summary.as_ref().map_or(0, |summary| summary.upto);
    if let Some(summary) = &context.summary {
        let _ = write!(data, "## Summary so far\n{}\n\n", summary.text);
    }
    data.push_str("## Turns since\n");
    for turn in context.turns.iter().filter(|turn| turn.message.ordinal >= upto) {
        let _ = writeln!(data, "{}: {}", speaker(turn), cut(&turn.text, TURN_CHARS_MAX));
    }
    let request = ChatRequest {
        system: SYSTEM.to_owned(),
        turns: vec![ChatTurn { role: ChatRole::User, text: fenced(&data) }],
        schema: Some(schema()),
        answer_tokens_max: ANSWER_TOKENS_MAX,
    };
    ask(model, request, read).await
}

#[derive(Deserialize)]
struct Answer {
    summary: String,
}

fn read(value: Value) -> Result<String, String> {
    let answer: Answer = serde_json::from_value(value).map_err(|error| error.to_string())?;
    let text = answer.summary.trim().to_owned();
    if text.is_empty() { Err("the summary is empty".to_owned()) } else { Ok(text) }
}

fn schema() -> AnswerSchema {
    AnswerSchema {
        name: "summary",
        schema: json!({
            "type": "object", "additionalProperties": false, "required": ["summary"],
            "properties": {"summary": {"type": "string"}},
        }),
    }
}
