//! `[embedder]`: what turns texts into vectors.

use std::time::Duration;

use dreamkeeper::OpenAiChoice;
use dreamkeeper_engine::Secret;
use serde::Deserialize;

use super::key::Key;
use super::values::Values;
use crate::output::failure::{Ending, Failure};

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "embedder.kind",
        "\"static\"",
        "\"static\": the model in this binary, which needs no file and no network.\n\
         \"openai\": any OpenAI-compatible /v1/embeddings (OpenAI, Ollama, vLLM, LM Studio, llama.cpp).\n\
         After a change run `dreamkeeper reindex`.",
    ),
    Key::new("embedder.url", "\"http://127.0.0.1:11434/v1\"", "kind openai: the address up to /v1."),
    Key::new("embedder.model", "\"\"", "kind openai: the model's name there, such as \"nomic-embed-text\"."),
    Key::secret(
        "embedder.key",
        "\"\"",
        "kind openai: the bearer token. Better set as DREAMKEEPER_EMBEDDER_KEY than here.",
    ),
    Key::new("embedder.dimensions", "0", "kind openai: the size to ask for; 0 takes the model's own."),
    Key::new(
        "embedder.passage_prefix",
        "\"\"",
        "kind openai: written before what is indexed, where a model wants it.",
    ),
    Key::new(
        "embedder.query_prefix",
        "\"\"",
        "kind openai: written before what is asked, where a model wants it.",
    ),
    Key::new("embedder.timeout_ms", "30000", "kind openai: how long one request may take."),
    Key::new("embedder.batch_texts_max", "64", "kind openai: texts of one request."),
];

/// Which embedder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EmbedderKind {
    /// The one in the binary.
    Static,
    /// An OpenAI-compatible endpoint.
    Openai,
}

/// What turns texts into vectors.
pub(crate) struct Embedder {
    pub(crate) kind: EmbedderKind,
    pub(crate) url: String,
    pub(crate) model: String,
    pub(crate) key: Option<Secret>,
    pub(crate) dimensions: Option<usize>,
    pub(crate) passage_prefix: String,
    pub(crate) query_prefix: String,
    pub(crate) timeout: Duration,
    pub(crate) batch_texts_max: usize,
}

impl Embedder {
    pub(super) fn read(values: &Values) -> Result<Self, Failure> {
        let kind = values.get("embedder.kind")?;
        let model: String = values.get("embedder.model")?;
        if kind == EmbedderKind::Openai && model.is_empty() {
            return Err(values.refuse("embedder.model", "kind openai needs the model's name"));
        }
        let key: String = values.get("embedder.key")?;
        let dimensions: usize = values.get("embedder.dimensions")?;
        let batch_texts_max: usize = values.get("embedder.batch_texts_max")?;
        if batch_texts_max == 0 {
            return Err(values.refuse("embedder.batch_texts_max", "expected at least 1"));
        }
        // A line break at the end of a file is what usually gets in.
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            let problem = "it holds a space, a line break or a letter that no HTTP header carries";
            return Err(values.refuse("embedder.key", problem));
        }
        let url: String = values.get("embedder.url")?;
        OpenAiChoice::check_url(&url).map_err(|problem| values.refuse("embedder.url", problem))?;
        Ok(Self {
            kind,
            url,
            model,
            key: (!key.is_empty()).then(|| Secret::new(key)),
            dimensions: (dimensions > 0).then_some(dimensions),
            passage_prefix: values.get("embedder.passage_prefix")?,
            query_prefix: values.get("embedder.query_prefix")?,
            timeout: values.duration("embedder.timeout_ms")?,
            batch_texts_max,
        })
    }

    /// What is wrong where an endpoint on another machine, which surely wants a key, has none. Only
    /// `config check` asks: there are endpoints on other machines that let everybody in.
    pub(crate) fn missing_key(&self, values: &Values) -> Option<Failure> {
        let is_elsewhere = self.url.starts_with("https://");
        let is_missing = self.kind == EmbedderKind::Openai && is_elsewhere && self.key.is_none();
        is_missing.then(|| {
            let problem = format!(
                "it is empty, and {} is on another machine: set DREAMKEEPER_EMBEDDER_KEY where it wants one",
                self.url
            );
            Failure { ending: Ending::Failed, ..values.refuse("embedder.key", problem) }
        })
    }
}
