//! What tests share: fakes of every port, builders for nouns, and the contract suites.
//!
//! A fake is plain and obviously right rather than fast, so that it can stand as the reference that an
//! adapter is compared with. Knows `domain` only: every adapter may use it in its tests, none is known here.

pub mod builders;
mod chat;
mod clock;
pub mod contract;
mod embedder;
mod entropy;
mod http_script;
mod memory_store;
mod model_server;
mod naive_index;
mod properties;
pub mod secrets;

pub use chat::{Behaviour, Fault, ModelCall, ModelReply, ScriptedChat};
pub use clock::FrozenClock;
pub use embedder::ScriptedEmbedder;
pub use entropy::SeededEntropy;
pub use http_script::{Answer, HttpRequest, HttpScript};
pub use memory_store::{MemorySpace, MemoryStore};
pub use model_server::{ModelServer, Wire};
pub use naive_index::NaiveIndex;
