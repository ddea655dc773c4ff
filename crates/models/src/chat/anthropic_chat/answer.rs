//! Reads what `/v1/messages` answered, whole or as a stream.

use dreamkeeper_domain::ports::ChatEnd;
use serde_json::Value;

use crate::chat::{Heard, told_failure};
use crate::json_endpoint::{Event, Failure, JsonEndpoint};

const STOP: &str = "message_stop";

pub(super) fn is_last(event: &Event) -> bool {
    // The word may stand in an answer too, so the event is read; it is looked for first because that is cheap.
    event.data.contains(STOP)
        && serde_json::from_str::<Value>(&event.data).is_ok_and(|event| event["type"] == STOP)
}

/// One document.
pub(super) fn read(endpoint: &JsonEndpoint, bytes: &[u8]) -> Result<Heard, Failure> {
    let answer = parse(endpoint, bytes)?;
    let Some(blocks) = answer.get("content").and_then(Value::as_array) else {
        return Err(endpoint.bad_answer("gave no content; is this a messages endpoint?".to_owned()).into());
    };
    let mut reading = Reading::default();
    for block in blocks {
        reading.start(block);
        if let (Some("tool_use"), Some(input)) = (block["type"].as_str(), block.get("input")) {
            reading.input.push_str(&input.to_string());
        }
    }
    reading.stop(&answer["stop_reason"]);
    reading.count(&answer["usage"]);
    Ok(reading.finish())
}

/// The events of a stream.
pub(super) fn assemble(endpoint: &JsonEndpoint, events: &[Event]) -> Result<Heard, Failure> {
    let mut reading = Reading::default();
    let mut done = false;
    for event in events {
        let event = parse(endpoint, event.data.as_bytes())?;
        match event["type"].as_str().unwrap_or_default() {
            "message_start" => reading.count(&event["message"]["usage"]),
            "content_block_start" => reading.start(&event["content_block"]),
            "content_block_delta" => reading.add(&event["delta"]),
            "message_delta" => {
                reading.stop(&event["delta"]["stop_reason"]);
                reading.count(&event["usage"]);
            }
            STOP => done = true,
            // Pings, ends of blocks, and what later versions add.
            _ => {}
        }
    }
    if !done && reading.heard.end.is_none() {
        return Err(endpoint.unavailable("ended its stream before the answer's end".to_owned()));
    }
    Ok(reading.finish())
}

fn parse(endpoint: &JsonEndpoint, bytes: &[u8]) -> Result<Value, Failure> {
    // Without the cause: what the server wrote may stand in it.
    let answer: Value = serde_json::from_slice(bytes).map_err(|_| {
        endpoint.bad_answer("gave no JSON; is this an Anthropic-compatible messages endpoint?".to_owned())
    })?;
    told_failure(endpoint, &answer).map_or(Ok(answer), Err)
}

#[derive(Default)]
struct Reading {
    heard: Heard,
    called: bool,
    input: String,
}

impl Reading {
    fn start(&mut self, block: &Value) {
        match block["type"].as_str() {
            Some("tool_use") => self.called = true,
            Some("text") => self.heard.text.push_str(block["text"].as_str().unwrap_or_default()),
            _ => {}
        }
    }

    fn add(&mut self, delta: &Value) {
        match delta["type"].as_str() {
            Some("text_delta") => self.heard.text.push_str(delta["text"].as_str().unwrap_or_default()),
            Some("input_json_delta") => {
                self.input.push_str(delta["partial_json"].as_str().unwrap_or_default());
            }
            _ => {}
        }
    }

    fn stop(&mut self, reason: &Value) {
        self.heard.end = reason.as_str().map(|reason| match reason {
            "max_tokens" | "model_context_window_exceeded" => ChatEnd::Length,
            "refusal" => ChatEnd::Refused,
            _ => ChatEnd::Complete,
        });
    }

    /// What was read from and written to a cache was read all the same.
    fn count(&mut self, usage: &Value) {
        if let Some(fresh) = usage["input_tokens"].as_u64() {
            let cached = ["cache_creation_input_tokens", "cache_read_input_tokens"];
            let cached = cached.iter().filter_map(|name| usage[*name].as_u64()).sum::<u64>();
            self.heard.prompt_tokens = Some(fresh + cached);
        }
        self.heard.answer_tokens = usage["output_tokens"].as_u64().or(self.heard.answer_tokens);
    }

    /// The tool's input where the model called it: what it said beside is no part of the answer.
    fn finish(mut self) -> Heard {
        if self.called {
            self.heard.text = if self.input.is_empty() { "{}".to_owned() } else { self.input };
        }
        self.heard
    }
}
