//! Any OpenAI-compatible `/v1/embeddings`: OpenAI, Ollama, vLLM, LM Studio, llama.cpp, OpenRouter…
//!
//! Three layers over the port: batches, retries, and one request.

mod answer;
mod settings;

use async_trait::async_trait;
use dreamkeeper_domain::passage::EmbedderIdentity;
use dreamkeeper_domain::ports::{EmbedPurpose, Embedder, PortError};
use serde::Serialize;

use crate::batched::Batched;
use crate::json_endpoint::{EndpointError, EndpointLimits, JsonEndpoint};
use crate::retrying::Retrying;
pub use settings::{BaseUrl, BaseUrlError, OpenAiSettings};

/// More dimensions than any model has; it bounds what a first answer may weigh.
const DIMENSIONS_MAX: usize = 16_384;
/// What one component may take as JSON: sign, 17 digits, exponent, comma, white space.
const COMPONENT_BYTES_MAX: usize = 32;
/// What surrounds the vectors: usage, model name, and what servers add.
const ANSWER_FRAME_BYTES_MAX: usize = 64 << 10;
/// What is embedded to learn how many dimensions a model has.
const PROBE_TEXT: &str = "dimensions";

/// An embedder behind an OpenAI-compatible endpoint.
pub struct OpenAiEmbedder {
    layers: Batched<Retrying<OneRequest>>,
}

/// Why an endpoint could not be connected.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The settings name no model.
    #[error("no model is named; set the embedder's model")]
    ModelMissing,
    /// The dimensions are impossible.
    #[error(
        "{0} dimensions are not between 1 and {DIMENSIONS_MAX}; set what the model gives, or leave it out"
    )]
    Dimensions(usize),
    /// The key or the machine's certificates do not serve.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// The endpoint was asked how many dimensions its model has, and did not say.
    #[error(transparent)]
    Probe(#[from] PortError),
}

impl OpenAiEmbedder {
    /// Sets the endpoint up. Where the settings leave the dimensions open, one text is embedded to learn
    /// them; otherwise nothing is sent.
    pub async fn connect(settings: OpenAiSettings) -> Result<Self, ConnectError> {
        if settings.model.trim().is_empty() {
            return Err(ConnectError::ModelMissing);
        }
        if let Some(wrong) = settings.dimensions.filter(|count| !(1..=DIMENSIONS_MAX).contains(count)) {
            return Err(ConnectError::Dimensions(wrong));
        }
        let limits = EndpointLimits { timeout: settings.timeout, idle_timeout: settings.timeout };
        let endpoint =
            JsonEndpoint::new(settings.base_url.endpoint("embeddings"), limits)?.with_bearer(settings.key)?;
        let mut request = OneRequest {
            endpoint,
            model: settings.model,
            asked_dimensions: settings.dimensions,
            dimensions: settings.dimensions.unwrap_or(0),
            passage_prefix: settings.passage_prefix,
            query_prefix: settings.query_prefix,
            text_bytes_max: settings.text_bytes_max,
            identity: EmbedderIdentity("".into()),
        };
        if settings.dimensions.is_none() {
            request.dimensions = settings.retry.run(|| request.probe()).await?;
        }
        request.identity = request.identify();
        let retrying = Retrying { inner: request, policy: settings.retry };
        let layers = Batched {
            inner: retrying,
            texts_max: settings.batch_texts_max.max(1),
            bytes_max: settings.batch_bytes_max,
        };
        Ok(Self { layers })
    }
}

#[async_trait]
impl Embedder for OpenAiEmbedder {
    fn identity(&self) -> &EmbedderIdentity {
        self.layers.identity()
    }

    fn dimensions(&self) -> usize {
        self.layers.dimensions()
    }

    async fn embed(&self, texts: &[String], purpose: EmbedPurpose) -> Result<Vec<Vec<f32>>, PortError> {
        self.layers.embed(texts, purpose).await
    }
}

/// The innermost layer: one call of the port is one request, or none.
struct OneRequest {
    endpoint: JsonEndpoint,
    model: String,
    asked_dimensions: Option<usize>,
    dimensions: usize,
    passage_prefix: String,
    query_prefix: String,
    text_bytes_max: usize,
    identity: EmbedderIdentity,
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    input: &'a [String],
    /// Some servers and clients default to base64.
    encoding_format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    dimensions: Option<usize>,
}

#[async_trait]
impl Embedder for OneRequest {
    fn identity(&self) -> &EmbedderIdentity {
        &self.identity
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    async fn embed(&self, texts: &[String], purpose: EmbedPurpose) -> Result<Vec<Vec<f32>>, PortError> {
        let prefix = match purpose {
            EmbedPurpose::Passage => &self.passage_prefix,
            EmbedPurpose::Query => &self.query_prefix,
        };
        // OpenAI refuses a whole batch for one empty text; the port wants zeros for a text without words.
        let inputs: Vec<String> = texts
            .iter()
            .filter(|text| !self.is_blank(text))
            .map(|text| format!("{prefix}{}", self.cut(text)))
            .collect();
        let mut answered = self.request(&inputs, Some(self.dimensions)).await?.into_iter();
        let vectors = texts
            .iter()
            .map(|text| if self.is_blank(text) { Some(vec![0.0; self.dimensions]) } else { answered.next() });
        Ok(vectors.collect::<Option<_>>().expect("the answer was checked to hold a vector for each input"))
    }
}

impl OneRequest {
    async fn probe(&self) -> Result<usize, PortError> {
        let vectors = self.request(&[PROBE_TEXT.to_owned()], None).await?;
        Ok(vectors.first().map_or(0, Vec::len))
    }

    async fn request(
        &self,
        inputs: &[String],
        dimensions: Option<usize>,
    ) -> Result<Vec<Vec<f32>>, PortError> {
        if inputs.is_empty() {
            return Ok(Vec::new());
        }
        let body = Body {
            model: &self.model,
            input: inputs,
            encoding_format: "float",
            dimensions: self.asked_dimensions,
        };
        let body = serde_json::to_vec(&body).expect("strings and numbers are always JSON");
        let components_max = inputs.len() * dimensions.unwrap_or(DIMENSIONS_MAX);
        let answer_bytes_max = ANSWER_FRAME_BYTES_MAX + components_max * COMPONENT_BYTES_MAX;
        let answer = self.endpoint.post(body, answer_bytes_max).await.map_err(PortError::from)?;
        answer::vectors(&answer, inputs.len(), dimensions).map_err(|error| {
            // Without the cause: what the server wrote may stand in it, and only messages are redacted.
            self.endpoint.bad_answer(format!("gave for model {:?} {error}", self.model))
        })
    }

    fn is_blank(&self, text: &str) -> bool {
        self.cut(text).trim().is_empty()
    }

    fn cut<'text>(&self, text: &'text str) -> &'text str {
        let end = (0..=self.text_bytes_max.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
        &text[..end.unwrap_or(0)]
    }

    /// The address is no part of it: the same model elsewhere gives the same vectors.
    fn identify(&self) -> EmbedderIdentity {
        let prefix = if self.passage_prefix.is_empty() {
            String::new()
        } else {
            format!(":{:?}", self.passage_prefix)
        };
        EmbedderIdentity(format!("openai:{}:{}{prefix}", self.model, self.dimensions).into())
    }
}
