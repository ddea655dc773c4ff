//! `[learn.model]`: the chat model that proposes what is remembered; without one, rules do.

use std::time::Duration;

use dreamkeeper::{ChatChoice, ChatWire, SchemaMode};
use dreamkeeper_engine::Secret;
use serde::Deserialize;

use super::key::Key;
use super::values::Values;
use crate::output::failure::Failure;

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "learn.model.kind",
        "\"none\"",
        "\"none\": the rules in this binary. \"openai\": any OpenAI-compatible /v1/chat/completions\n\
         (OpenAI, Ollama, vLLM, LM Studio, llama.cpp, OpenRouter). \"anthropic\": /v1/messages.",
    ),
    Key::new("learn.model.url", "\"http://127.0.0.1:11434/v1\"", "The address up to /v1."),
    Key::new("learn.model.model", "\"\"", "The model's name there."),
    Key::secret("learn.model.key", "\"\"", "Its key. Better set as DREAMKEEPER_LEARN_MODEL_KEY than here."),
    Key::new("learn.model.timeout_ms", "120000", "How long one answer may take."),
    Key::new(
        "learn.model.schema",
        "\"json_schema\"",
        "How the model is held to the answer's form: \"json_schema\", \"json_object\" or \"none\".",
    ),
    Key::new("learn.model.stream", "false", "Ask for the answer as a stream, to notice silence early."),
];

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    None,
    Openai,
    Anthropic,
}

/// The chat model, if one is configured.
pub(super) fn read(values: &Values) -> Result<Option<ChatChoice>, Failure> {
    let wire = match values.get("learn.model.kind")? {
        Kind::None => return Ok(None),
        Kind::Openai => ChatWire::OpenAi,
        Kind::Anthropic => ChatWire::Anthropic,
    };
    let model: String = values.get("learn.model.model")?;
    if model.trim().is_empty() {
        return Err(values.refuse("learn.model.model", "a model needs a name"));
    }
    let timeout = Duration::from_millis(values.get("learn.model.timeout_ms")?);
    if timeout.is_zero() {
        return Err(values.refuse("learn.model.timeout_ms", "expected at least 1"));
    }
    let key: String = values.get("learn.model.key")?;
    let schema: SchemaMode = values.get("learn.model.schema")?;
    Ok(Some(ChatChoice {
        wire,
        url: values.get("learn.model.url")?,
        model,
        key: (!key.is_empty()).then(|| Secret::new(key)),
        timeout,
        schema,
        stream: values.get("learn.model.stream")?,
    }))
}
