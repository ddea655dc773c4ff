//! Adapters of the model ports: what turns texts into vectors, and what answers prompts.
//!
//! The static embedder is compiled in and needs nothing; with the feature `remote`, any
//! OpenAI-compatible endpoint is another, and chat models are reached over two wires. Whatever stands before
//! a model (retries, the circuit breaker, recordings) is a layer over its port. To add one: write a module, run the port's contract suite of
//! `testkit` over it, name it in the binary's `wiring.rs`.

#[cfg(feature = "remote")]
mod batched;
#[cfg(feature = "remote")]
mod chat;
#[cfg(feature = "remote")]
mod circuit_breaker;
#[cfg(feature = "remote")]
mod json_endpoint;
#[cfg(feature = "remote")]
mod openai;
#[cfg(feature = "remote")]
mod recorded;
#[cfg(feature = "remote")]
mod retrying;
mod secret;
mod static_embedder;
mod static_model;

#[cfg(feature = "remote")]
pub use chat::{
    AnthropicChat, ChatSettings, ChatWire, ConnectChatError, OpenAiChat, SchemaMode, UnknownWord,
    connect_chat,
};
#[cfg(feature = "remote")]
pub use circuit_breaker::{BreakerPolicy, CircuitBreaker};
#[cfg(feature = "remote")]
pub use json_endpoint::EndpointError;
#[cfg(feature = "remote")]
pub use openai::{BaseUrl, BaseUrlError, ConnectError, OpenAiEmbedder, OpenAiSettings};
#[cfg(feature = "remote")]
pub use recorded::{RecordingChat, RecordingError, ReplayedChat};
#[cfg(feature = "remote")]
pub use retrying::RetryPolicy;
pub use secret::Secret;
pub use static_embedder::StaticEmbedder;
pub use static_model::{PackageError, StaticModel};
