//! Chat models behind two wires: OpenAI's chat completions, which most servers speak, and Anthropic's
//! messages. What both share stands here: settings, how a schema is put into words, what is estimated.

mod anthropic_chat;
mod openai_chat;
mod settings;

use std::sync::Arc;

use dreamkeeper_domain::ports::{AnswerSchema, ChatAnswer, ChatEnd, ChatModel, ChatRequest, TokenUsage};
use hyper::StatusCode;
use hyper::header::HeaderMap;
use serde_json::Value;

use crate::json_endpoint::{EndpointLimits, Failure, JsonEndpoint};
pub use anthropic_chat::AnthropicChat;
pub use openai_chat::OpenAiChat;
pub use settings::{ChatSettings, ChatWire, ConnectChatError, SchemaMode, UnknownWord};

/// Bytes of a token where the model does not count: what English and JSON have on average.
const TOKEN_BYTES: u64 = 4;

/// Sets a chat model up behind a wire. Nothing is sent.
pub fn connect_chat(wire: ChatWire, settings: ChatSettings) -> Result<Arc<dyn ChatModel>, ConnectChatError> {
    Ok(match wire {
        ChatWire::OpenAi => Arc::new(OpenAiChat::new(settings)?),
        ChatWire::Anthropic => Arc::new(AnthropicChat::new(settings)?),
    })
}

/// What an answer said, whichever wire it came over.
#[derive(Debug, Default)]
struct Heard {
    text: String,
    end: Option<ChatEnd>,
    prompt_tokens: Option<u64>,
    answer_tokens: Option<u64>,
}

impl Heard {
    /// The port's answer. What the model did not count is estimated.
    fn into_answer(self, endpoint: &JsonEndpoint, request: &ChatRequest) -> Result<ChatAnswer, Failure> {
        let end = self.end.unwrap_or(ChatEnd::Complete);
        if end == ChatEnd::Complete && self.text.trim().is_empty() {
            return Err(endpoint.bad_answer("gave a whole answer without a word".to_owned()).into());
        }
        let usage = TokenUsage {
            prompt_tokens: self.prompt_tokens.unwrap_or_else(|| prompt_tokens(request)),
            answer_tokens: self.answer_tokens.unwrap_or_else(|| estimate(self.text.len())),
        };
        Ok(ChatAnswer { text: self.text, end, usage })
    }
}

fn prompt_tokens(request: &ChatRequest) -> u64 {
    estimate(request.system.len() + request.turns.iter().map(|turn| turn.text.len()).sum::<usize>())
}

fn estimate(bytes: usize) -> u64 {
    (bytes as u64).div_ceil(TOKEN_BYTES)
}

/// A refusal of the filter before the model, which answers by a status.
fn filtered(request: &ChatRequest) -> ChatAnswer {
    let usage = TokenUsage { prompt_tokens: prompt_tokens(request), answer_tokens: 0 };
    ChatAnswer { text: String::new(), end: ChatEnd::Refused, usage }
}

/// The standing instructions with the schema in words, for a server that cannot be held to one. OpenAI's
/// `json_object` asks for the word JSON in the prompt.
fn told_in_words(system: &str, schema: &AnswerSchema) -> String {
    let gap = if system.is_empty() { "" } else { "\n\n" };
    format!(
        "{system}{gap}Answer with one JSON object and nothing else: no fences, no comments. It must fit this \
         JSON Schema:\n{}",
        schema.schema
    )
}

/// A failure told in the body of an answer, or in the middle of a stream, as both wires do.
fn told_failure(endpoint: &JsonEndpoint, answer: &Value) -> Option<Failure> {
    let error = answer.get("error").filter(|error| !error.is_null())?;
    let code = error.get("code").and_then(|code| match code {
        Value::Number(code) => code.as_u64(),
        Value::String(code) => code.parse().ok(),
        _ => None,
    });
    let named = || match error.get("type").and_then(Value::as_str).unwrap_or_default() {
        "invalid_request_error" => 400,
        "authentication_error" => 401,
        "permission_error" => 403,
        "not_found_error" => 404,
        "request_too_large" => 413,
        "rate_limit_error" => 429,
        "timeout_error" => 504,
        "overloaded_error" => 529,
        _ => 500,
    };
    let code = code.filter(|code| (400..600).contains(code)).unwrap_or_else(named);
    let status = StatusCode::from_u16(code as u16).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Some(endpoint.judge(status, &HeaderMap::new(), answer.to_string().as_bytes()))
}

/// An endpoint with what both wires set alike.
fn endpoint(settings: &ChatSettings, path: &str) -> Result<JsonEndpoint, ConnectChatError> {
    settings.check()?;
    let limits = EndpointLimits { timeout: settings.timeout, idle_timeout: settings.idle_timeout };
    Ok(JsonEndpoint::new(settings.base_url.endpoint(path), limits)?.with_headers(settings.headers.clone())?)
}

/// A body with the fields that the user adds; they take none of ours away.
fn with_extra(mut body: Value, extra: &serde_json::Map<String, Value>) -> Vec<u8> {
    if let Value::Object(fields) = &mut body {
        for (name, value) in extra {
            fields.entry(name).or_insert_with(|| value.clone());
        }
    }
    body.to_string().into_bytes()
}
