//! What a failed exchange means: which kind, whether it may pass, and what the server said, without secrets.

use std::time::Duration;

use bytes::Bytes;
use dreamkeeper_domain::ports::{PortError, PortErrorKind};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{HeaderMap, LOCATION, RETRY_AFTER};
use hyper::{Response, StatusCode};
use serde_json::Value;

use super::JsonEndpoint;

/// Bytes of a refusal that are read, and characters of it that are quoted.
const REFUSAL_BYTES_MAX: usize = 16 << 10;
const REFUSAL_CHARS_MAX: usize = 300;

/// A failed exchange: the error to hand on, and what an adapter may judge it by.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The status, where the server answered.
    pub(crate) status: Option<StatusCode>,
    /// What it said in lower case; it may hold a key, so it is looked at and never shown.
    said: String,
    error: PortError,
}

impl Failure {
    /// Whether the server refused the request as wrong and named this word.
    pub(crate) fn blames(&self, word: &str) -> bool {
        matches!(self.status, Some(StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY))
            && self.said.contains(word)
    }

    pub(super) fn caused_by(self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self { error: self.error.caused_by(source), ..self }
    }
}

impl From<PortError> for Failure {
    fn from(error: PortError) -> Self {
        Self { status: None, said: String::new(), error }
    }
}

impl From<Failure> for PortError {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

impl JsonEndpoint {
    /// What a status other than success means.
    pub(super) async fn refusal(&self, response: Response<Incoming>) -> Failure {
        let (head, body) = response.into_parts();
        // A refusal without a readable body, or one that does not end, is still a refusal.
        let read = Limited::new(body, REFUSAL_BYTES_MAX).collect();
        let body = match tokio::time::timeout(self.limits.idle_timeout, read).await {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(_)) | Err(_) => Bytes::new(),
        };
        self.judge(head.status, &head.headers, &body)
    }

    /// What a status and a body mean, whether they came as such or inside an answer.
    pub(crate) fn judge(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failure {
        let said = self.quote(body);
        let refused =
            |advice: &str| self.error(PortErrorKind::Refused, format!("answered {status}{said}; {advice}"));
        let later = |kind| {
            let error = PortError { temporary: true, ..self.error(kind, format!("answered {status}{said}")) };
            error.retry_after(retry_after(headers))
        };
        let error = match status.as_u16() {
            // OpenAI answers 429 for both: too fast, which passes, and nothing left to spend, which does not.
            429 if said.contains("insufficient_quota") => refused("the account has no quota left"),
            429 => later(PortErrorKind::Overloaded),
            401 | 403 => refused("check the key"),
            404 => refused("check the base URL and the model's name"),
            408 | 500 | 502 | 503 | 504 | 529 => later(PortErrorKind::Unavailable),
            413 => refused("send less at once"),
            300..=399 => {
                let location = headers.get(LOCATION).and_then(|to| to.to_str().ok());
                refused(&match location {
                    Some(location) => {
                        format!("it points to {:?}: set that as the base URL", self.redact(location))
                    }
                    None => "it points elsewhere: check the base URL".to_owned(),
                })
            }
            _ => refused("check the settings of this endpoint"),
        };
        let said = String::from_utf8_lossy(body).to_lowercase();
        Failure { status: Some(status), said, error }
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
        self.secrets.iter().fold(text.to_owned(), |text, secret| secret.redact(&text))
    }

    /// The answer came and cannot be used.
    pub(crate) fn bad_answer(&self, what: String) -> PortError {
        self.error(PortErrorKind::BadAnswer, what)
    }

    /// The answer did not come, or not to its end.
    pub(crate) fn unavailable(&self, what: String) -> Failure {
        PortError { temporary: true, ..self.error(PortErrorKind::Unavailable, what) }.into()
    }

    fn error(&self, kind: PortErrorKind, what: String) -> PortError {
        PortError::new(kind, self.redact(&format!("{} {what}", self.uri)))
    }
}

/// The wait that was asked for in seconds; zero where it was asked for without a number, or as a date,
/// which only a clock could read.
fn retry_after(headers: &HeaderMap) -> Duration {
    let seconds = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse::<f64>().ok());
    seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).unwrap_or_default()
}
