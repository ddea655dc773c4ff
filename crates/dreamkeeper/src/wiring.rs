//! Wiring: the only place that names adapters. Which store, index and embedder stand behind the ports is
//! decided here and nowhere else.

mod chat;
mod restore;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dreamkeeper_domain::ports::{Clock, Embedder, Entropy, PortError};
use dreamkeeper_engine::learn::StepModels;
use dreamkeeper_engine::{Engine, LearnSettings, Learning, MaintainPolicy, Parts, Secret};
use dreamkeeper_index_embedded::{EmbeddedIndex, IndexOptions};
use dreamkeeper_models::{BaseUrl, OpenAiEmbedder, OpenAiSettings, StaticEmbedder};
pub use dreamkeeper_models::{ChatWire, SchemaMode};
use dreamkeeper_store_sqlite::{DataDir, Options as StoreOptions, OwnerLock};
use jiff::Timestamp;

pub use chat::{ChatChoice, Taping};
pub(crate) use restore::{Placing, place, restore};
pub use restore::{Restore, RestoreError, Restored};

/// What turns texts into vectors.
#[derive(Debug, Clone, Default)]
pub enum EmbedderChoice {
    /// The model in the binary: no file, no network.
    #[default]
    Bundled,
    /// An OpenAI-compatible `/v1/embeddings`.
    OpenAi(OpenAiChoice),
}

/// Where an OpenAI-compatible endpoint is, and how to talk to it.
#[derive(Debug, Clone)]
pub struct OpenAiChoice {
    /// Up to and including `/v1`.
    pub url: String,
    /// The model's name there.
    pub model: String,
    /// Sent as a bearer token.
    pub key: Option<Secret>,
    /// The size to ask for; the model's own unless told.
    pub dimensions: Option<usize>,
    /// Written before each passage.
    pub passage_prefix: String,
    /// Written before each query.
    pub query_prefix: String,
    /// For one request.
    pub timeout: Duration,
    /// Texts of one request.
    pub batch_texts_max: usize,
}

impl OpenAiChoice {
    /// Whether an address can be one of an endpoint; says what is wrong without quoting it.
    ///
    /// # Errors
    /// A sentence with what to write instead.
    pub fn check_url(url: &str) -> Result<(), String> {
        url.parse::<BaseUrl>().map(drop).map_err(|error| error.to_string())
    }
}

/// An address with what may be a secret in it as stars: name and password, query, fragment. It need not be a
/// valid one, so that an error may show it.
pub fn without_credentials(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").map_or(("", address), |(scheme, rest)| (scheme, rest));
    let separator = if scheme.is_empty() { "" } else { "://" };
    let (place, query) = match rest.find(['?', '#']) {
        Some(at) => (&rest[..at], format!("{}***", &rest[at..=at])),
        None => (rest, String::new()),
    };
    match place.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}{separator}***@{host}{query}"),
        None => format!("{scheme}{separator}{place}{query}"),
    }
}

/// What is learned from conversations, and by whom it is proposed.
#[derive(Debug, Clone, Default)]
pub struct LearnOptions {
    /// How spaces learn.
    pub settings: LearnSettings,
    /// How single spaces learn otherwise, by name; they are made when there are none.
    pub by_space: BTreeMap<String, LearnSettings>,
    /// Proposes what is remembered; the rules in this library do without one.
    pub model: Option<ChatChoice>,
    /// Is asked about contradictions in its place.
    pub decide_model: Option<ChatChoice>,
    /// Writes summaries in its place, in calls of its own.
    pub summary_model: Option<ChatChoice>,
}

/// Bounds and choices with which a data directory is opened.
#[derive(Clone)]
pub struct OpenOptions {
    /// The space of the default principal.
    pub space: String,
    /// Whether that space is made when there is none; else opening fails.
    pub may_make_space: bool,
    /// What turns texts into vectors.
    pub embedder: EmbedderChoice,
    /// Bytes that the index may hold in memory.
    pub index_bytes_max: usize,
    /// Spaces kept open when nobody uses them.
    pub spaces_open_max: usize,
    /// Reads of one space at a time.
    pub readers_max: usize,
    /// What is learned from conversations.
    pub learning: LearnOptions,
    /// What maintenance archives and takes away.
    pub maintenance: MaintainPolicy,
    /// Tells the time; the system's clock unless told.
    pub clock: Arc<dyn Clock>,
}

impl Default for OpenOptions {
    fn default() -> Self {
        let store = StoreOptions::default();
        Self {
            space: "default".to_owned(),
            may_make_space: true,
            embedder: EmbedderChoice::Bundled,
            index_bytes_max: IndexOptions::default().resident_bytes_max,
            spaces_open_max: store.spaces_open_max,
            readers_max: store.readers_max,
            learning: LearnOptions::default(),
            maintenance: MaintainPolicy::default(),
            clock: Arc::new(SystemClock),
        }
    }
}

/// Why a data directory could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The directory, its owner or its files; with the pid where another process owns it.
    #[error(transparent)]
    Store(#[from] PortError),
    /// The embedder cannot be set up or reached.
    #[error("embedder {model} at {url}: {problem}")]
    Embedder {
        /// Where it should be.
        url: String,
        /// Which model.
        model: String,
        /// What is wrong.
        problem: String,
    },
    /// A copy cannot be put in place.
    #[error(transparent)]
    Copy(#[from] RestoreError),
    /// The chat model cannot be set up.
    #[error("chat model {model} at {url}: {problem}")]
    Chat {
        /// Where it should be.
        url: String,
        /// Which model.
        model: String,
        /// What is wrong.
        problem: String,
    },
    /// The space cannot be opened.
    #[error(transparent)]
    Space(#[from] dreamkeeper_engine::VerbError),
}

/// Opens a data directory and puts an engine on it; answers whether the directory can only be read. It stays
/// owned until the engine is gone.
pub(crate) async fn engine(directory: &Path, options: &OpenOptions) -> Result<(Engine, bool), OpenError> {
    let store_options = StoreOptions {
        spaces_open_max: options.spaces_open_max,
        readers_max: options.readers_max,
        ..StoreOptions::default()
    };
    let data = DataDir::open(directory, store_options)?;
    let embedder = embedder(&options.embedder).await?;
    let index = EmbeddedIndex::new(IndexOptions { resident_bytes_max: options.index_bytes_max });
    let connect = |choice: &Option<ChatChoice>| {
        choice.as_ref().map(|choice| chat::connect(choice, &options.clock)).transpose()
    };
    let learning = &options.learning;
    let model = connect(&learning.model)?;
    let steps =
        StepModels { decide: connect(&learning.decide_model)?, summary: connect(&learning.summary_model)? };
    let engine = Engine::new(Parts {
        store: data.store(),
        control: data.control(),
        index: Arc::new(index),
        embedder,
        clock: options.clock.clone(),
        entropy: Arc::new(OsEntropy),
    });
    let mut by_space = BTreeMap::new();
    for (name, settings) in &learning.by_space {
        by_space.insert(engine.open_space(name).await?, settings.clone());
    }
    let engine =
        engine.with_learning(Learning { model, steps, settings: learning.settings.clone(), by_space });
    let engine = engine.with_maintenance(options.maintenance.clone());
    let read_only = data.is_read_only();
    Ok((if read_only { engine.without_receipts() } else { engine }, read_only))
}

/// The process that owns a data directory, if any does.
pub(crate) fn owner(directory: &Path) -> Option<u32> {
    OwnerLock::holder(directory)
}

async fn embedder(choice: &EmbedderChoice) -> Result<Arc<dyn Embedder>, OpenError> {
    let choice = match choice {
        EmbedderChoice::Bundled => return Ok(Arc::new(StaticEmbedder::bundled())),
        EmbedderChoice::OpenAi(choice) => choice,
    };
    let failed = |problem: String| OpenError::Embedder {
        url: without_credentials(&choice.url),
        model: choice.model.clone(),
        problem,
    };
    let base_url: BaseUrl = choice.url.parse().map_err(|error| failed(format!("{error}")))?;
    let settings = OpenAiSettings {
        key: choice.key.as_ref().map(|key| dreamkeeper_models::Secret::new(key.reveal())),
        dimensions: choice.dimensions,
        passage_prefix: choice.passage_prefix.clone(),
        query_prefix: choice.query_prefix.clone(),
        timeout: choice.timeout,
        batch_texts_max: choice.batch_texts_max,
        ..OpenAiSettings::new(base_url, choice.model.clone())
    };
    let embedder = OpenAiEmbedder::connect(settings).await.map_err(|error| failed(error.to_string()))?;
    Ok(Arc::new(embedder))
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the Clock port's one adapter over the system's clock"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The operating system's randomness.
struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("an operating system without randomness can run no server");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_may_be_a_secret_in_an_address_is_stars() {
        let check = |address: &str, shown: &str| assert_eq!(without_credentials(address), shown, "{address}");
        check("http://localhost:11434/v1", "http://localhost:11434/v1");
        check("https://ana:secret@host/v1", "https://***@host/v1");
        check("https://ana:se/cr@et@host/v1", "https://***@host/v1");
        check("ana:secret@host/v1", "***@host/v1");
        check("https://host/v1?key=secret", "https://host/v1?***");
        check("https://host/v1#secret", "https://host/v1#***");
        check("", "");
    }
}
