//! One HTTP endpoint that takes JSON and gives JSON: bounded in time and size, typed in its failures.
//!
//! It follows no redirect, because one would carry the key to another host. It knows nothing of what the
//! JSON says. An event stream is collected whole: streaming only shows that the other side is alive.

mod failure;
mod sse;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};

use crate::secret::Secret;

/// A shorter header is no secret.
const SECRET_BYTES_MIN: usize = 8;
const CONNECT_TIMEOUT_MAX: Duration = Duration::from_secs(10);
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Why an endpoint cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// The key cannot be sent.
    #[error("the key has a character that no HTTP header can carry (a line break?); set it again")]
    Key,
    /// A header cannot be sent.
    #[error("the header {0:?} cannot be sent: its name or value has a character that HTTP does not allow")]
    Header(String),
    /// An `https` address, and no certificates to trust.
    #[error("no trusted certificates found; install ca-certificates or point SSL_CERT_FILE to a bundle")]
    Trust(#[source] std::io::Error),
}

pub(crate) use failure::Failure;
pub(crate) use sse::Event;

pub(crate) struct JsonEndpoint {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    uri: Uri,
    headers: HeaderMap,
    secrets: Vec<Secret>,
    limits: EndpointLimits,
}

/// How long an exchange may take, and how much may come back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EndpointLimits {
    /// From connecting to the answer's last byte.
    pub(crate) timeout: Duration,
    /// Between two pieces of an answer's body.
    pub(crate) idle_timeout: Duration,
}

/// What came back with a status of success.
pub(crate) enum Reply {
    /// One document.
    Whole(Bytes),
    /// The events of a stream, up to and with the last one that was asked for.
    Events(Vec<Event>),
}

impl JsonEndpoint {
    pub(crate) fn new(uri: Uri, limits: EndpointLimits) -> Result<Self, EndpointError> {
        let connector = connector(&uri, limits.timeout)?;
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build(connector);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json, text/event-stream"));
        Ok(Self { client, uri, headers, secrets: Vec::new(), limits })
    }

    /// Sends the key, if there is one, as a bearer token.
    pub(crate) fn with_bearer(self, key: Option<Secret>) -> Result<Self, EndpointError> {
        let Some(key) = key else { return Ok(self) };
        let token = HeaderValue::try_from(format!("Bearer {}", key.expose()));
        Ok(self.with_secret(AUTHORIZATION, token.map_err(|_| EndpointError::Key)?, key))
    }

    /// Sends the key, if there is one, in a header of its own.
    pub(crate) fn with_key(self, name: &'static str, key: Option<Secret>) -> Result<Self, EndpointError> {
        let Some(key) = key else { return Ok(self) };
        let value = HeaderValue::try_from(key.expose()).map_err(|_| EndpointError::Key)?;
        Ok(self.with_secret(HeaderName::from_static(name), value, key))
    }

    /// Sends headers that the user set. Any of them may hold a key, so that values are starred out of errors,
    /// but for those too short for one, which stand in any text.
    pub(crate) fn with_headers(mut self, headers: Vec<(String, Secret)>) -> Result<Self, EndpointError> {
        for (name, secret) in headers {
            let wrong = || EndpointError::Header(name.clone());
            let known = HeaderName::try_from(&name).map_err(|_| wrong())?;
            let value = HeaderValue::try_from(secret.expose()).map_err(|_| wrong())?;
            self = self.with_secret(known, value, secret);
        }
        Ok(self)
    }

    /// Sends a header unless it is set already.
    pub(crate) fn with_default(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.entry(HeaderName::from_static(name)).or_insert_with(|| HeaderValue::from_static(value));
        self
    }

    fn with_secret(mut self, name: HeaderName, mut value: HeaderValue, secret: Secret) -> Self {
        value.set_sensitive(true);
        self.headers.insert(name, value);
        if secret.expose().len() >= SECRET_BYTES_MIN {
            self.secrets.push(secret);
        }
        self
    }

    /// Sends a body and gives the whole answer of at most so many bytes.
    pub(crate) async fn post(&self, body: Vec<u8>, answer_bytes_max: usize) -> Result<Bytes, Failure> {
        let exchange = async {
            let response = self.send(body).await?;
            self.read_whole(response, answer_bytes_max).await
        };
        self.in_time(exchange).await
    }

    /// Sends a body and gives the events of the answer, the last being the one that `is_last` says so of;
    /// whole, where the server answers without a stream.
    pub(crate) async fn post_for_events(
        &self,
        body: Vec<u8>,
        answer_bytes_max: usize,
        is_last: fn(&Event) -> bool,
    ) -> Result<Reply, Failure> {
        let exchange = async {
            let response = self.send(body).await?;
            let kind = response.headers().get(CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
            if !kind.starts_with(b"text/event-stream") {
                return self.read_whole(response, answer_bytes_max).await.map(Reply::Whole);
            }
            self.read_events(response, answer_bytes_max, is_last).await.map(Reply::Events)
        };
        self.in_time(exchange).await
    }

    async fn in_time<T>(&self, exchange: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        match tokio::time::timeout(self.limits.timeout, exchange).await {
            Ok(outcome) => outcome,
            Err(_) => Err(self.unavailable(format!(
                "did not answer within {} ms; raise the timeout or send less at once",
                self.limits.timeout.as_millis()
            ))),
        }
    }

    async fn send(&self, body: Vec<u8>) -> Result<Response<Incoming>, Failure> {
        let response = self.client.request(self.request(body)).await.map_err(|error| {
            let advice =
                if error.is_connect() { "; is the server running, and its address right?" } else { "" };
            self.unavailable(format!("cannot be reached: {}{advice}", root_cause(&error))).caused_by(error)
        })?;
        if response.status().is_success() { Ok(response) } else { Err(self.refusal(response).await) }
    }

    async fn read_whole(&self, response: Response<Incoming>, bytes_max: usize) -> Result<Bytes, Failure> {
        let mut body = response.into_body();
        let mut whole = BytesMut::new();
        while let Some(piece) = self.next_piece(&mut body).await? {
            if whole.len() + piece.len() > bytes_max {
                return Err(self.bad_answer(format!("answered with more than {bytes_max} bytes")).into());
            }
            whole.extend_from_slice(&piece);
        }
        Ok(whole.freeze())
    }

    async fn read_events(
        &self,
        response: Response<Incoming>,
        bytes_max: usize,
        is_last: fn(&Event) -> bool,
    ) -> Result<Vec<Event>, Failure> {
        let mut body = response.into_body();
        let mut reader = sse::Reader::default();
        let (mut bytes, mut events) = (0, Vec::new());
        while let Some(piece) = self.next_piece(&mut body).await? {
            bytes += piece.len();
            if bytes > bytes_max {
                return Err(self.bad_answer(format!("streamed more than {bytes_max} bytes")).into());
            }
            for event in reader.read(&piece) {
                let last = is_last(&event);
                events.push(event);
                if last {
                    return Ok(events);
                }
            }
        }
        events.extend(reader.finish());
        Ok(events)
    }

    /// The next bytes of a body, or nothing at its end.
    async fn next_piece(&self, body: &mut Incoming) -> Result<Option<Bytes>, Failure> {
        loop {
            let idle = self.limits.idle_timeout;
            let Ok(frame) = tokio::time::timeout(idle, body.frame()).await else {
                let waited = idle.as_millis();
                return Err(
                    self.unavailable(format!("fell silent for {waited} ms in the middle of its answer"))
                );
            };
            match frame {
                None => return Ok(None),
                Some(Err(error)) => {
                    return Err(self.unavailable(format!("broke off its answer: {}", root_cause(&error))));
                }
                // Trailers say nothing here.
                Some(Ok(frame)) => {
                    if let Ok(piece) = frame.into_data() {
                        return Ok(Some(piece));
                    }
                }
            }
        }
    }

    fn request(&self, body: Vec<u8>) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::from(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = self.headers.clone();
        request
    }
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
