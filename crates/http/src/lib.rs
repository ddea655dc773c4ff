//! HTTP surface: the native API under `/dk/v1/`, its document and its page; Anthropic's wire of memory stores.
//!
//! Translates a request, calls one verb of the engine, translates the answer back; a surface holds no rule.
//! What it does own is what only HTTP knows: hosts, origins, bearer tokens, content types, body bounds.
//! Listening (TCP, socket, shutdown) is the binary's business: a listener gives each request a [`Caller`].

mod answer;
mod anthropic;
mod body;
mod caller;
mod failure;
mod guard;
mod health;
mod mem0;
mod metrics;
mod native;
mod observe;
mod openapi;
mod options;
mod path;
mod query;
mod router;
mod work;

pub use caller::Caller;
pub use failure::refusal;
pub use metrics::Metrics;
pub use openapi::openapi;
pub use options::HttpOptions;
pub use router::router;
