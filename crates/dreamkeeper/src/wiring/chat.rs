//! Chat models: the wire, and the layers before it. From within: the endpoint with its retries, the recording of what
//! it answered, the breaker that leaves it alone while it is down.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use dreamkeeper_domain::ports::{ChatModel, Clock};
use dreamkeeper_engine::Secret;
use dreamkeeper_models::{
    BaseUrl, BreakerPolicy, ChatSettings, ChatWire, CircuitBreaker, RecordingChat, ReplayedChat, SchemaMode,
    connect_chat,
};

use super::{OpenError, without_credentials};

/// Where a chat model is, and how to talk to it.
#[derive(Debug, Clone)]
pub struct ChatChoice {
    /// Which wire it speaks.
    pub wire: ChatWire,
    /// Up to and including `/v1`.
    pub url: String,
    /// The model's name there.
    pub model: String,
    /// Its key.
    pub key: Option<Secret>,
    /// For one answer.
    pub timeout: Duration,
    /// How it is held to the answer's form.
    pub schema: SchemaMode,
    /// Whether the answer is asked for as a stream.
    pub stream: bool,
    /// Failures in a row after which it is left alone.
    pub failures_max: u32,
    /// How long it is left alone.
    pub rest: Duration,
    /// Whether its calls are recorded, or answered from a recording.
    pub taping: Taping,
}

/// What a recording is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Taping {
    /// There is none.
    #[default]
    Off,
    /// Each call is added to that file, prompts and answers in the clear.
    Record(PathBuf),
    /// Each call is answered from that file; nothing is sent.
    Replay(PathBuf),
}

/// The chat model as it is configured. Nothing is sent: one that is down now may be up when it is needed.
pub(super) fn connect(choice: &ChatChoice, clock: &Arc<dyn Clock>) -> Result<Arc<dyn ChatModel>, OpenError> {
    let failed = |problem: String| OpenError::Chat {
        url: without_credentials(&choice.url),
        model: choice.model.clone(),
        problem,
    };
    if let Taping::Replay(path) = &choice.taping {
        return Ok(Arc::new(ReplayedChat::open(path).map_err(|error| failed(told(&error)))?));
    }
    let base_url: BaseUrl = choice.url.parse().map_err(|error| failed(format!("{error}")))?;
    let settings = ChatSettings {
        key: choice.key.as_ref().map(|key| dreamkeeper_models::Secret::new(key.reveal())),
        timeout: choice.timeout,
        schema_mode: choice.schema,
        stream: choice.stream,
        ..ChatSettings::new(base_url, choice.model.clone())
    };
    let mut model = connect_chat(choice.wire, settings).map_err(|error| failed(error.to_string()))?;
    if let Taping::Record(path) = &choice.taping {
        model = Arc::new(RecordingChat::new(model, path).map_err(|error| failed(told(&error)))?);
    }
    let policy = BreakerPolicy { failures_max: choice.failures_max, rest: choice.rest };
    Ok(Arc::new(CircuitBreaker::new(model, clock.clone(), policy)))
}

/// An error with what caused it.
fn told(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}
