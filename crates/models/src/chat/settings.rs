//! Where a chat model is, and how to talk to it.

use std::str::FromStr;
use std::time::Duration;

use dreamkeeper_domain::limits::{
    CHAT_ANSWER_BYTES_MAX, CHAT_ATTEMPTS_MAX, CHAT_IDLE_SECONDS_MAX, CHAT_RETRY_SECONDS_MAX, CHAT_SECONDS_MAX,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::json_endpoint::EndpointError;
use crate::openai::BaseUrl;
use crate::retrying::RetryPolicy;
use crate::secret::Secret;

/// Which wire a chat model speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChatWire {
    /// `/v1/chat/completions`: OpenAI, Ollama, vLLM, LM Studio, llama.cpp, OpenRouter…
    OpenAi,
    /// `/v1/messages`.
    Anthropic,
}

/// How a model is held to a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SchemaMode {
    /// By the schema itself: `response_format` of type `json_schema`, or Anthropic's forced tool call. A server
    /// that refuses the field is asked by the next lesser mode, and so from then on.
    JsonSchema,
    /// To some JSON object, the schema in words. Anthropic: the tool is offered, not forced.
    JsonObject,
    /// By words alone.
    None,
}

/// A word of the configuration that is none of the known ones.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{found:?} is none of {expected}")]
pub struct UnknownWord {
    found: String,
    expected: &'static str,
}

impl FromStr for ChatWire {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "openai" => Ok(Self::OpenAi),
            "anthropic" => Ok(Self::Anthropic),
            _ => Err(UnknownWord { found: text.to_owned(), expected: "openai, anthropic" }),
        }
    }
}

impl FromStr for SchemaMode {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "json_schema" => Ok(Self::JsonSchema),
            "json_object" => Ok(Self::JsonObject),
            "none" => Ok(Self::None),
            _ => Err(UnknownWord { found: text.to_owned(), expected: "json_schema, json_object, none" }),
        }
    }
}

/// What is needed to reach a chat model; `new` gives the rest its defaults.
#[derive(Debug, Clone)]
pub struct ChatSettings {
    /// Up to and including `/v1`, as the OpenAI clients write it; `/v1` is added to an address without a path.
    pub base_url: BaseUrl,
    /// The model's name there.
    pub model: String,
    /// Sent as a bearer token, or as `x-api-key` to Anthropic.
    pub key: Option<Secret>,
    /// For one request, from connecting to the answer's last byte.
    pub timeout: Duration,
    /// Between two pieces of an answer once it has begun.
    pub idle_timeout: Duration,
    /// Whether the answer is asked for as a stream, so that a server which fell silent is noticed early.
    pub stream: bool,
    /// How the model is held to a schema.
    pub schema_mode: SchemaMode,
    /// Further headers; what they hold is kept out of errors as the key is.
    pub headers: Vec<(String, Secret)>,
    /// Further fields of the request's body, such as `temperature` or `reasoning_effort`. They replace none
    /// that the adapter sets.
    pub body_extra: Map<String, Value>,
    /// Bytes of what the server may send for one answer.
    pub answer_bytes_max: usize,
    /// What is tried again where the server asks for it, and when.
    pub retry: RetryPolicy,
}

impl ChatSettings {
    /// The defaults for a model at an address.
    pub fn new(base_url: BaseUrl, model: impl Into<String>) -> Self {
        Self {
            base_url,
            model: model.into(),
            key: None,
            timeout: Duration::from_secs(CHAT_SECONDS_MAX),
            idle_timeout: Duration::from_secs(CHAT_IDLE_SECONDS_MAX),
            stream: false,
            schema_mode: SchemaMode::JsonSchema,
            headers: Vec::new(),
            body_extra: Map::new(),
            answer_bytes_max: CHAT_ANSWER_BYTES_MAX,
            retry: RetryPolicy {
                attempts_max: CHAT_ATTEMPTS_MAX,
                wait_first: Duration::from_millis(500),
                wait_max: Duration::from_secs(CHAT_RETRY_SECONDS_MAX),
            },
        }
    }

    pub(super) fn check(&self) -> Result<(), ConnectChatError> {
        if self.model.trim().is_empty() {
            return Err(ConnectChatError::ModelMissing);
        }
        if self.timeout.is_zero() || self.idle_timeout.is_zero() {
            return Err(ConnectChatError::NoTime);
        }
        Ok(())
    }
}

/// Why a chat model cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum ConnectChatError {
    /// The settings name no model.
    #[error("no model is named; set the chat model's name")]
    ModelMissing,
    /// A timeout of zero lets nothing through.
    #[error("a timeout of 0 lets no answer through; set more, or leave it out")]
    NoTime,
    /// The key, a header or the machine's certificates do not serve.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_configuration_are_read_or_refused_with_the_known_ones() {
        assert_eq!("openai".parse(), Ok(ChatWire::OpenAi));
        assert_eq!("json_object".parse(), Ok(SchemaMode::JsonObject));
        let wrong = "yaml".parse::<SchemaMode>().unwrap_err().to_string();
        assert_eq!(wrong, r#""yaml" is none of json_schema, json_object, none"#);
        assert_eq!(serde_json::from_str::<SchemaMode>(r#""json_schema""#).unwrap(), SchemaMode::JsonSchema);
        assert_eq!(serde_json::from_str::<ChatWire>(r#""openai""#).unwrap(), ChatWire::OpenAi);
    }
}
