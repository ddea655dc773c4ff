//! `[learn.model]`: the chat model that proposes what is remembered; without one, rules do. `[learn.decide]` and
//! `[learn.summary]`: other models for these steps.

use std::time::Duration;

use dreamkeeper::{ChatChoice, ChatWire, SchemaMode, Taping};
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
    Key::new("learn.model.failures_max", "5", "Failures in a row after which the model is left alone."),
    Key::new("learn.model.rest_ms", "30000", "How long it is left alone; what waits is learned afterwards."),
    Key::new(
        "learn.model.record",
        "\"\"",
        "A file that each call is added to, prompts and answers in the clear; empty records nothing.",
    ),
    Key::new("learn.model.replay", "\"\"", "A recording that answers in the model's place; nothing is sent."),
];

pub(super) const DECIDE_KEYS: &[Key] = &[
    Key::new(
        "learn.decide.model",
        "\"\"",
        "Another model that is asked about contradictions found while deciding; empty: learn.model's.",
    ),
    Key::new("learn.decide.url", "\"\"", "Its address; empty: learn.model's, with its key."),
    Key::secret("learn.decide.key", "\"\"", "Its key, where it has another address."),
];

pub(super) const SUMMARY_KEYS: &[Key] = &[
    Key::new(
        "learn.summary.model",
        "\"\"",
        "Another model that writes summaries, in calls of its own; empty: the call that extracts does.",
    ),
    Key::new("learn.summary.url", "\"\"", "Its address; empty: learn.model's, with its key."),
    Key::secret("learn.summary.key", "\"\"", "Its key, where it has another address."),
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
        failures_max: at_least_one(values, "learn.model.failures_max")?,
        rest: Duration::from_millis(u64::from(at_least_one(values, "learn.model.rest_ms")?)),
        taping: taping(values)?,
    }))
}

fn at_least_one(values: &Values, name: &'static str) -> Result<u32, Failure> {
    let number: u32 = values.get(name)?;
    if number == 0 { Err(values.refuse(name, "expected at least 1")) } else { Ok(number) }
}

fn taping(values: &Values) -> Result<Taping, Failure> {
    let (record, replay): (String, String) =
        (values.get("learn.model.record")?, values.get("learn.model.replay")?);
    match (record.is_empty(), replay.is_empty()) {
        (true, true) => Ok(Taping::Off),
        (false, true) => Ok(Taping::Record(record.into())),
        (true, false) => Ok(Taping::Replay(replay.into())),
        (false, false) => {
            Err(values
                .refuse("learn.model.replay", "a recording is made or answered from: set one of the two"))
        }
    }
}

/// The keys of a step that may have a model of its own.
pub(super) struct Step {
    model: &'static str,
    url: &'static str,
    key: &'static str,
}

pub(super) const DECIDE: Step =
    Step { model: "learn.decide.model", url: "learn.decide.url", key: "learn.decide.key" };
pub(super) const SUMMARY: Step =
    Step { model: "learn.summary.model", url: "learn.summary.url", key: "learn.summary.key" };

/// The model of a step, where it has another than `base`; what it does not say is as in `[learn.model]`.
pub(super) fn read_step(
    values: &Values,
    base: Option<&ChatChoice>,
    step: &Step,
) -> Result<Option<ChatChoice>, Failure> {
    let (model, url): (String, String) = (values.get(step.model)?, values.get(step.url)?);
    if model.trim().is_empty() {
        return if url.is_empty() {
            Ok(None)
        } else {
            Err(values.refuse(step.url, "a model needs a name too"))
        };
    }
    let Some(base) = base else {
        return Err(values.refuse(step.model, "there is no model for the other steps: set learn.model.kind"));
    };
    let mut choice = ChatChoice { model, ..base.clone() };
    if !url.is_empty() {
        let key: String = values.get(step.key)?;
        choice.key = (!key.is_empty()).then(|| Secret::new(key));
        choice.url = url;
    }
    Ok(Some(choice))
}
