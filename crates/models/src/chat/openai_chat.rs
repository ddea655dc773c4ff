//! Any OpenAI-compatible `/v1/chat/completions`: OpenAI, Ollama, vLLM, LM Studio, llama.cpp, OpenRouter…
//!
//! Servers speak dialects of it. What one refuses by name is left out or said otherwise, and that is remembered
//! for as long as the adapter lives.

mod answer;

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use async_trait::async_trait;
use dreamkeeper_domain::ports::{ChatAnswer, ChatModel, ChatRequest, ChatRole, PortError};
use serde_json::{Map, Value, json};

use super::{ChatSettings, ConnectChatError, SchemaMode, endpoint, filtered, told_in_words, with_extra};
use crate::json_endpoint::{Failure, JsonEndpoint, Reply};
use crate::retrying::Retrying;

/// A chat model behind an OpenAI-compatible endpoint.
pub struct OpenAiChat {
    layers: Retrying<OneCall>,
}

impl OpenAiChat {
    /// Sets the endpoint up. Nothing is sent.
    pub fn new(settings: ChatSettings) -> Result<Self, ConnectChatError> {
        let endpoint = endpoint(&settings, "chat/completions")?.with_bearer(settings.key)?;
        let call = OneCall {
            endpoint,
            identity: format!("openai/{}", settings.model),
            model: settings.model,
            stream: settings.stream,
            extra: settings.body_extra,
            answer_bytes_max: settings.answer_bytes_max,
            learned: Learned::starting_at(settings.schema_mode),
        };
        Ok(Self { layers: Retrying { inner: call, policy: settings.retry } })
    }
}

#[async_trait]
impl ChatModel for OpenAiChat {
    fn identity(&self) -> &str {
        self.layers.identity()
    }

    async fn complete(&self, request: &ChatRequest) -> Result<ChatAnswer, PortError> {
        self.layers.complete(request).await
    }
}

/// The innermost layer: one prompt, one answer.
struct OneCall {
    endpoint: JsonEndpoint,
    identity: String,
    model: String,
    stream: bool,
    extra: Map<String, Value>,
    answer_bytes_max: usize,
    learned: Learned,
}

/// What the server speaks, as far as one request needs to know.
#[derive(Debug, Clone, Copy)]
struct Dialect {
    schema_mode: SchemaMode,
    /// OpenAI's newer models refuse `max_tokens`; most other servers know nothing else.
    newer_limit: bool,
    /// Usage comes with a stream only where this asks for it.
    stream_usage: bool,
}

#[async_trait]
impl ChatModel for OneCall {
    fn identity(&self) -> &str {
        &self.identity
    }

    async fn complete(&self, request: &ChatRequest) -> Result<ChatAnswer, PortError> {
        let mut dialect = self.learned.dialect();
        // Each round but the last gives one thing up, so that there are few.
        loop {
            let failure = match self.exchange(request, dialect).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            if failure.blames("content_filter") || failure.blames("content_policy_violation") {
                return Ok(filtered(request));
            }
            dialect = match give_up_one(dialect, request, &failure) {
                Some(lesser) => lesser,
                None => return Err(failure.into()),
            };
            self.learned.remember(dialect);
        }
    }
}

/// The dialect without what the server refused by name; nothing where it refused something else.
fn give_up_one(dialect: Dialect, request: &ChatRequest, failure: &Failure) -> Option<Dialect> {
    if !dialect.newer_limit && failure.blames("max_completion_tokens") {
        return Some(Dialect { newer_limit: true, ..dialect });
    }
    if dialect.stream_usage && failure.blames("stream_options") {
        return Some(Dialect { stream_usage: false, ..dialect });
    }
    let about_schema =
        ["response_format", "json_schema", "json_object"].iter().any(|word| failure.blames(word));
    let lesser = match dialect.schema_mode {
        SchemaMode::JsonSchema => SchemaMode::JsonObject,
        SchemaMode::JsonObject => SchemaMode::None,
        SchemaMode::None => return None,
    };
    (request.schema.is_some() && about_schema).then_some(Dialect { schema_mode: lesser, ..dialect })
}

impl OneCall {
    async fn exchange(&self, request: &ChatRequest, dialect: Dialect) -> Result<ChatAnswer, Failure> {
        let body = with_extra(self.body(request, dialect), &self.extra);
        let heard = if self.stream {
            match self.endpoint.post_for_events(body, self.answer_bytes_max, answer::is_last).await? {
                Reply::Whole(bytes) => answer::read(&self.endpoint, &bytes)?,
                Reply::Events(events) => answer::assemble(&self.endpoint, &events)?,
            }
        } else {
            let bytes = self.endpoint.post(body, self.answer_bytes_max).await?;
            answer::read(&self.endpoint, &bytes)?
        };
        heard.into_answer(&self.endpoint, request)
    }

    fn body(&self, request: &ChatRequest, dialect: Dialect) -> Value {
        let system = match &request.schema {
            Some(schema) if dialect.schema_mode != SchemaMode::JsonSchema => {
                told_in_words(&request.system, schema)
            }
            _ => request.system.clone(),
        };
        let system = (!system.is_empty()).then(|| json!({"role": "system", "content": system}));
        let turns = request.turns.iter().map(|turn| {
            let role = match turn.role {
                ChatRole::User => "user",
                ChatRole::Assistant => "assistant",
            };
            json!({"role": role, "content": turn.text})
        });
        let messages: Vec<Value> = system.into_iter().chain(turns).collect();
        let mut body = json!({"model": self.model, "messages": messages});
        let limit = if dialect.newer_limit { "max_completion_tokens" } else { "max_tokens" };
        body[limit] = request.answer_tokens_max.into();
        if let Some(schema) = &request.schema {
            match dialect.schema_mode {
                SchemaMode::JsonSchema => {
                    let schema = json!({"name": schema.name, "schema": schema.schema, "strict": true});
                    body["response_format"] = json!({"type": "json_schema", "json_schema": schema});
                }
                SchemaMode::JsonObject => body["response_format"] = json!({"type": "json_object"}),
                SchemaMode::None => {}
            }
        }
        if self.stream {
            body["stream"] = true.into();
            if dialect.stream_usage {
                body["stream_options"] = json!({"include_usage": true});
            }
        }
        body
    }
}

/// What refusals have taught; shared by calls that run at once.
struct Learned {
    schema_mode: AtomicU8,
    newer_limit: AtomicBool,
    stream_usage: AtomicBool,
}

const MODES: [SchemaMode; 3] = [SchemaMode::JsonSchema, SchemaMode::JsonObject, SchemaMode::None];

impl Learned {
    fn starting_at(mode: SchemaMode) -> Self {
        Self {
            schema_mode: AtomicU8::new(mode as u8),
            newer_limit: AtomicBool::new(false),
            stream_usage: AtomicBool::new(true),
        }
    }

    fn dialect(&self) -> Dialect {
        Dialect {
            schema_mode: MODES[usize::from(self.schema_mode.load(Ordering::Relaxed))],
            newer_limit: self.newer_limit.load(Ordering::Relaxed),
            stream_usage: self.stream_usage.load(Ordering::Relaxed),
        }
    }

    /// Only ever towards less: a call that started before another learned takes nothing back.
    fn remember(&self, dialect: Dialect) {
        self.schema_mode.fetch_max(dialect.schema_mode as u8, Ordering::Relaxed);
        self.newer_limit.fetch_or(dialect.newer_limit, Ordering::Relaxed);
        self.stream_usage.fetch_and(dialect.stream_usage, Ordering::Relaxed);
    }
}
