//! One HTTP endpoint that takes JSON and gives JSON: bounded in time and size, typed in its failures.
//!
//! It follows no redirect, because one would carry the key to another host. It knows nothing of what the
//! JSON says.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use dreamkeeper_domain::ports::{PortError, PortErrorKind};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::{Method, Request, Response, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;

use crate::secret::Secret;

/// Bytes of a refusal that are read, and characters of it that are quoted.
const REFUSAL_BYTES_MAX: usize = 16 << 10;
const REFUSAL_CHARS_MAX: usize = 300;
const CONNECT_TIMEOUT_MAX: Duration = Duration::from_secs(10);
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Why an endpoint cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// The key cannot be sent.
    #[error("the key has a character that no HTTP header can carry (a line break?); set it again")]
    Key,
    /// An `https` address, and no certificates to trust.
    #[error("no trusted certificates found; install ca-certificates or point SSL_CERT_FILE to a bundle")]
    Trust(#[source] std::io::Error),
}

pub(crate) struct JsonEndpoint {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    uri: Uri,
    key: Option<Secret>,
    authorization: Option<HeaderValue>,
    timeout: Duration,
}

impl JsonEndpoint {
    pub(crate) fn new(uri: Uri, key: Option<Secret>, timeout: Duration) -> Result<Self, EndpointError> {
        let authorization = key.as_ref().map(authorization).transpose()?;
        let connector = connector(&uri, timeout)?;
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build(connector);
        Ok(Self { client, uri, key, authorization, timeout })
    }

    /// Sends a body and gives the whole answer of at most so many bytes.
    pub(crate) async fn post(&self, body: Vec<u8>, answer_bytes_max: usize) -> Result<Bytes, PortError> {
        match tokio::time::timeout(self.timeout, self.exchange(body, answer_bytes_max)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(self.unavailable(format!(
                "did not answer within {} ms; raise the timeout or send smaller batches",
                self.timeout.as_millis()
            ))),
        }
    }

    async fn exchange(&self, body: Vec<u8>, answer_bytes_max: usize) -> Result<Bytes, PortError> {
        let response = self.client.request(self.request(body)).await.map_err(|error| {
            let advice =
                if error.is_connect() { "; is the server running, and its address right?" } else { "" };
            self.unavailable(format!("cannot be reached: {}{advice}", root_cause(&error))).caused_by(error)
        })?;
        if !response.status().is_success() {
            return Err(self.refusal(response).await);
        }
        match Limited::new(response.into_body(), answer_bytes_max).collect().await {
            Ok(answer) => Ok(answer.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => {
                Err(self.bad_answer(format!("answered with more than {answer_bytes_max} bytes")))
            }
            Err(error) => Err(self.unavailable(format!("broke off its answer: {}", root_cause(&*error)))),
        }
    }

    fn request(&self, body: Vec<u8>) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::from(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(authorization) = &self.authorization {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        request
    }

    /// What a status other than success means.
    async fn refusal(&self, response: Response<Incoming>) -> PortError {
        let status = response.status();
        let location = response.headers().get(LOCATION).and_then(|to| to.to_str().ok()).map(str::to_owned);
        // A refusal without a readable body is still a refusal.
        let body = match Limited::new(response.into_body(), REFUSAL_BYTES_MAX).collect().await {
            Ok(body) => body.to_bytes(),
            Err(_) => Bytes::new(),
        };
        let said = self.quote(&body);
        let refused =
            |advice: &str| self.error(PortErrorKind::Refused, format!("answered {status}{said}; {advice}"));
        match status.as_u16() {
            // OpenAI answers 429 for both: too fast, which passes, and nothing left to spend, which does not.
            429 if said.contains("insufficient_quota") => refused("the account has no quota left"),
            429 => self.temporary(PortErrorKind::Overloaded, format!("answered {status}{said}")),
            401 | 403 => refused("check the key"),
            404 => refused("check the base URL and the model's name"),
            408 | 500 | 502 | 503 | 504 | 529 => self.unavailable(format!("answered {status}{said}")),
            413 => refused("send smaller batches"),
            300..=399 => refused(&match location {
                Some(location) => {
                    format!("it points to {:?}: set that as the base URL", self.redact(&location))
                }
                None => "it points elsewhere: check the base URL".to_owned(),
            }),
            _ => refused("check the settings of this endpoint"),
        }
    }

    /// What the server said of its refusal, as ` ("…")`, in one bounded line and without the key.
    fn quote(&self, body: &[u8]) -> String {
        let text = match serde_json::from_slice::<Value>(body) {
            Ok(json) => {
                let message = [
                    json.pointer("/error/message"),
                    json.get("error"),
                    json.get("message"),
                    json.get("detail"),
                ]
                .into_iter()
                .find_map(|place| place?.as_str());
                let code =
                    json.pointer("/error/code").and_then(Value::as_str).filter(|code| !code.is_empty());
                match (message, code) {
                    (Some(message), Some(code)) => format!("{code}: {message}"),
                    (Some(message), None) => message.to_owned(),
                    _ => json.to_string(),
                }
            }
            Err(_) => String::from_utf8_lossy(body).into_owned(),
        };
        let line = self.redact(&text).split_whitespace().collect::<Vec<_>>().join(" ");
        let bounded: String = line.chars().take(REFUSAL_CHARS_MAX).collect();
        if bounded.is_empty() { bounded } else { format!(" ({bounded:?})") }
    }

    fn redact(&self, text: &str) -> String {
        self.key.as_ref().map_or_else(|| text.to_owned(), |key| key.redact(text))
    }

    /// The answer came and cannot be used.
    pub(crate) fn bad_answer(&self, what: String) -> PortError {
        self.error(PortErrorKind::BadAnswer, what)
    }

    fn unavailable(&self, what: String) -> PortError {
        self.temporary(PortErrorKind::Unavailable, what)
    }

    fn temporary(&self, kind: PortErrorKind, what: String) -> PortError {
        PortError { temporary: true, ..self.error(kind, what) }
    }

    fn error(&self, kind: PortErrorKind, what: String) -> PortError {
        PortError::new(kind, self.redact(&format!("{} {what}", self.uri)))
    }
}

fn authorization(key: &Secret) -> Result<HeaderValue, EndpointError> {
    let value = HeaderValue::try_from(format!("Bearer {}", key.expose()));
    let mut value = value.map_err(|_| EndpointError::Key)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Certificates are read only where the address needs them, because that takes milliseconds at start.
fn connector(uri: &Uri, timeout: Duration) -> Result<HttpsConnector<HttpConnector>, EndpointError> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(timeout.min(CONNECT_TIMEOUT_MAX)));
    // Named, because rustls panics when it must choose and two crates enabled different ones.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = HttpsConnectorBuilder::new();
    let builder = if uri.scheme_str() == Some("https") {
        builder.with_provider_and_native_roots(provider).map_err(EndpointError::Trust)?.https_only()
    } else {
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider supports the default protocol versions");
        let trusting_none = config.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
        builder.with_tls_config(trusting_none).https_or_http()
    };
    Ok(builder.enable_http1().wrap_connector(tcp))
}

fn root_cause(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
