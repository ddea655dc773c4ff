//! Anthropic's `/v1/messages`. A schema becomes the input of a tool that the model is made to call.

mod answer;

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use dreamkeeper_domain::ports::{ChatAnswer, ChatModel, ChatRequest, ChatRole, PortError};
use serde_json::{Map, Value, json};

use super::{ChatSettings, ConnectChatError, SchemaMode, endpoint, told_in_words, with_extra};
use crate::json_endpoint::{Failure, JsonEndpoint, Reply};
use crate::retrying::Retrying;

const VERSION: &str = "2023-06-01";

/// A chat model behind Anthropic's messages.
pub struct AnthropicChat {
    layers: Retrying<OneCall>,
}

impl AnthropicChat {
    /// Sets the endpoint up. Nothing is sent.
    pub fn new(settings: ChatSettings) -> Result<Self, ConnectChatError> {
        let endpoint = endpoint(&settings, "messages")?
            .with_default("anthropic-version", VERSION)
            .with_key("x-api-key", settings.key)?;
        let call = OneCall {
            endpoint,
            identity: format!("anthropic/{}", settings.model),
            model: settings.model,
            stream: settings.stream,
            extra: settings.body_extra,
            answer_bytes_max: settings.answer_bytes_max,
            schema_mode: settings.schema_mode,
            refuses_force: AtomicBool::new(false),
        };
        Ok(Self { layers: Retrying { inner: call, policy: settings.retry } })
    }
}

#[async_trait]
impl ChatModel for AnthropicChat {
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
    schema_mode: SchemaMode,
    /// Learned: some models, and all while they think at length, refuse to be made to call a tool.
    refuses_force: AtomicBool,
}

#[async_trait]
impl ChatModel for OneCall {
    fn identity(&self) -> &str {
        &self.identity
    }

    async fn complete(&self, request: &ChatRequest) -> Result<ChatAnswer, PortError> {
        let mode = match self.schema_mode {
            SchemaMode::JsonSchema if self.refuses_force.load(Ordering::Relaxed) => SchemaMode::JsonObject,
            mode => mode,
        };
        match self.exchange(request, mode).await {
            Err(failure)
                if mode == SchemaMode::JsonSchema
                    && request.schema.is_some()
                    && failure.blames("tool_choice") =>
            {
                self.refuses_force.store(true, Ordering::Relaxed);
                Ok(self.exchange(request, SchemaMode::JsonObject).await?)
            }
            outcome => Ok(outcome?),
        }
    }
}

impl OneCall {
    async fn exchange(&self, request: &ChatRequest, mode: SchemaMode) -> Result<ChatAnswer, Failure> {
        let body = with_extra(self.body(request, mode), &self.extra);
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

    fn body(&self, request: &ChatRequest, mode: SchemaMode) -> Value {
        let turns = request.turns.iter().map(|turn| {
            let role = match turn.role {
                ChatRole::User => "user",
                ChatRole::Assistant => "assistant",
            };
            json!({"role": role, "content": turn.text})
        });
        let messages: Vec<Value> = turns.collect();
        let mut body = json!({
            "model": self.model, "max_tokens": request.answer_tokens_max, "messages": messages,
        });
        let mut system = request.system.clone();
        if let Some(schema) = &request.schema {
            if mode != SchemaMode::None {
                let what = "Takes the answer. Call it once, with the whole answer.";
                let tool = json!({"name": schema.name, "description": what, "input_schema": schema.schema});
                body["tools"] = json!([tool]);
            }
            match mode {
                SchemaMode::JsonSchema => {
                    body["tool_choice"] =
                        json!({"type": "tool", "name": schema.name, "disable_parallel_tool_use": true});
                }
                SchemaMode::JsonObject => {
                    body["tool_choice"] = json!({"type": "auto", "disable_parallel_tool_use": true});
                    let gap = if system.is_empty() { "" } else { "\n\n" };
                    system.push_str(&format!("{gap}Answer by calling the tool `{}`.", schema.name));
                }
                SchemaMode::None => system = told_in_words(&system, schema),
            }
        }
        if !system.is_empty() {
            body["system"] = system.into();
        }
        if self.stream {
            body["stream"] = true.into();
        }
        body
    }
}
