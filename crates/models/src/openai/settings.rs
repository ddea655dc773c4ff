//! Where an OpenAI-compatible endpoint is, and how to talk to it.

use std::str::FromStr;
use std::time::Duration;

use hyper::Uri;
use hyper::http::uri::PathAndQuery;

use crate::retrying::RetryPolicy;
use crate::secret::Secret;

/// What is needed to connect; `new` gives the rest its defaults.
pub struct OpenAiSettings {
    /// Up to and including `/v1`, as the OpenAI clients write it.
    pub base_url: BaseUrl,
    /// The model's name there.
    pub model: String,
    /// Sent as a bearer token.
    pub key: Option<Secret>,
    /// Asked of the model and expected back. Leave it out where the model has one size or refuses to be
    /// asked: then it is learned from a first answer.
    pub dimensions: Option<usize>,
    /// Written before each passage, where the model wants that ("passage: ").
    pub passage_prefix: String,
    /// Written before each query, where the model wants that ("query: ").
    pub query_prefix: String,
    /// Bytes of one text; the rest is cut off. No tokenizer makes more tokens than bytes, so that the
    /// default fits OpenAI's 8,191 tokens; a model with a smaller window that refuses needs less.
    pub text_bytes_max: usize,
    /// For one request, from connecting to the answer's last byte.
    pub timeout: Duration,
    /// What is tried again, and when.
    pub retry: RetryPolicy,
    /// Texts of one request.
    pub batch_texts_max: usize,
    /// Bytes of one request's texts.
    pub batch_bytes_max: usize,
}

impl OpenAiSettings {
    /// The defaults for a model at an address.
    pub fn new(base_url: BaseUrl, model: impl Into<String>) -> Self {
        Self {
            base_url,
            model: model.into(),
            key: None,
            dimensions: None,
            passage_prefix: String::new(),
            query_prefix: String::new(),
            text_bytes_max: 8_000,
            timeout: Duration::from_secs(30),
            retry: RetryPolicy::default(),
            batch_texts_max: 64,
            batch_bytes_max: 256 << 10,
        }
    }
}

/// The address that the endpoints' names are appended to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(Uri);

/// Why a text is not a base URL. It never quotes the text, which may hold a password.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BaseUrlError {
    /// It is no address at all, or of another kind.
    #[error("not an http or https address; write it like http://localhost:11434/v1")]
    NotHttp,
    /// It holds a name or password.
    #[error("the address holds a name or password before an @; set the key instead")]
    Credentials,
    /// Nothing can be appended to it.
    #[error("the address has a query or a fragment; leave out what begins with ? or #")]
    Query,
}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, BaseUrlError> {
        if text.contains(['?', '#']) {
            return Err(BaseUrlError::Query);
        }
        let uri: Uri = text.trim().parse().map_err(|_| BaseUrlError::NotHttp)?;
        let authority = uri.authority().ok_or(BaseUrlError::NotHttp)?;
        if authority.as_str().contains('@') {
            return Err(BaseUrlError::Credentials);
        }
        if !matches!(uri.scheme_str(), Some("http" | "https")) || authority.host().is_empty() {
            return Err(BaseUrlError::NotHttp);
        }
        Ok(Self(uri))
    }
}

impl BaseUrl {
    /// An endpoint below the address. An address without any path is one whose `/v1` was left out.
    pub(crate) fn endpoint(&self, name: &str) -> Uri {
        let path = match self.0.path().trim_end_matches('/') {
            "" => "/v1",
            path => path,
        };
        let mut parts = self.0.clone().into_parts();
        let path = PathAndQuery::try_from(format!("{path}/{name}"));
        parts.path_and_query = Some(path.expect("a valid path and a plain name make a valid path"));
        Uri::from_parts(parts).expect("the address had a scheme and an authority")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, BaseUrlError>) {
        let found = text.parse().map(|base: BaseUrl| base.endpoint("embeddings").to_string());
        assert_eq!(found, expected.map(str::to_owned), "{text}");
    }

    #[test]
    fn endpoints_stand_below_the_base() {
        check("https://api.openai.com/v1", Ok("https://api.openai.com/v1/embeddings"));
        check(" http://localhost:11434/v1/ ", Ok("http://localhost:11434/v1/embeddings"));
        check("http://localhost:11434", Ok("http://localhost:11434/v1/embeddings"));
        check("http://[::1]:8080/", Ok("http://[::1]:8080/v1/embeddings"));
        check("https://host/openai/deployments/x", Ok("https://host/openai/deployments/x/embeddings"));
    }

    #[test]
    fn what_is_no_base_is_refused() {
        check("", Err(BaseUrlError::NotHttp));
        check("localhost:11434", Err(BaseUrlError::NotHttp));
        check("/v1", Err(BaseUrlError::NotHttp));
        check("ftp://host/v1", Err(BaseUrlError::NotHttp));
        check("http:///v1", Err(BaseUrlError::NotHttp));
        check("http://ana:secret@host/v1", Err(BaseUrlError::Credentials));
        check("http://host/v1?key=secret", Err(BaseUrlError::Query));
        check("http://host/v1#x", Err(BaseUrlError::Query));
    }
}
