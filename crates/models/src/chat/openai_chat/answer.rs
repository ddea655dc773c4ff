//! Reads what `/v1/chat/completions` answered, whole or as a stream.

use dreamkeeper_domain::ports::ChatEnd;
use serde_json::Value;

use crate::chat::{Heard, told_failure};
use crate::json_endpoint::{Event, Failure, JsonEndpoint};

const DONE: &str = "[DONE]";

pub(super) fn is_last(event: &Event) -> bool {
    event.data.trim() == DONE
}

/// One document.
pub(super) fn read(endpoint: &JsonEndpoint, bytes: &[u8]) -> Result<Heard, Failure> {
    let answer = parse(endpoint, bytes)?;
    let Some(choice) = answer.pointer("/choices/0") else {
        return Err(endpoint
            .bad_answer("gave no choices; is this a chat completions endpoint?".to_owned())
            .into());
    };
    let mut reading = Reading::default();
    reading.take(choice, choice.get("message"));
    reading.count(&answer);
    Ok(reading.finish())
}

/// The chunks of a stream.
pub(super) fn assemble(endpoint: &JsonEndpoint, events: &[Event]) -> Result<Heard, Failure> {
    let mut reading = Reading::default();
    let mut done = false;
    for event in events {
        if is_last(event) {
            done = true;
            break;
        }
        let chunk = parse(endpoint, event.data.as_bytes())?;
        // The chunk that brings the usage has no choice.
        if let Some(choice) = chunk.pointer("/choices/0") {
            reading.take(choice, choice.get("delta"));
        }
        reading.count(&chunk);
    }
    if !done && !reading.ended {
        return Err(endpoint.unavailable("ended its stream before the answer's end".to_owned()));
    }
    Ok(reading.finish())
}

fn parse(endpoint: &JsonEndpoint, bytes: &[u8]) -> Result<Value, Failure> {
    // Without the cause: what the server wrote may stand in it.
    let answer: Value = serde_json::from_slice(bytes).map_err(|_| {
        endpoint
            .bad_answer("gave no JSON; is this an OpenAI-compatible chat completions endpoint?".to_owned())
    })?;
    told_failure(endpoint, &answer).map_or(Ok(answer), Err)
}

#[derive(Default)]
struct Reading {
    heard: Heard,
    refusal: String,
    ended: bool,
}

impl Reading {
    fn take(&mut self, choice: &Value, message: Option<&Value>) {
        if let Some(message) = message {
            append(&mut self.heard.text, message.get("content"));
            append(&mut self.refusal, message.get("refusal"));
        }
        if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str) {
            self.ended = true;
            self.heard.end = Some(match reason {
                "length" | "max_tokens" => ChatEnd::Length,
                "content_filter" => ChatEnd::Refused,
                // `stop`, and what servers call the same.
                _ => ChatEnd::Complete,
            });
        }
    }

    fn count(&mut self, answer: &Value) {
        let tokens = |name| answer.get("usage").and_then(|usage| usage.get(name)).and_then(Value::as_u64);
        self.heard.prompt_tokens = tokens("prompt_tokens").or(self.heard.prompt_tokens);
        self.heard.answer_tokens = tokens("completion_tokens").or(self.heard.answer_tokens);
    }

    fn finish(mut self) -> Heard {
        if !self.refusal.is_empty() {
            self.heard.end = Some(ChatEnd::Refused);
            if self.heard.text.is_empty() {
                self.heard.text = self.refusal;
            }
        }
        self.heard
    }
}

/// Text, or the texts of parts, as some servers give them.
fn append(text: &mut String, content: Option<&Value>) {
    match content {
        Some(Value::String(words)) => text.push_str(words),
        Some(Value::Array(parts)) => {
            for part in parts {
                append(text, part.get("text"));
            }
        }
        _ => {}
    }
}
