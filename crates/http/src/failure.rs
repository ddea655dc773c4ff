//! Failures: every verb's error as one row of the error table, with its status and body.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dreamkeeper_api::error::{ErrorBody, ErrorCode, Problem};
use dreamkeeper_engine::VerbError;
use serde_json::json;

/// A request that did not succeed.
#[derive(Debug)]
pub(crate) struct Failure {
    body: ErrorBody,
    /// What only the log may tell.
    cause: Option<String>,
}

/// What the log tells of a failed answer, carried beside it.
#[derive(Debug, Clone)]
pub(crate) struct Cause(pub(crate) String);

/// The body of a refusal, carried beside it for a wire that says it in other words.
#[derive(Debug, Clone)]
pub(crate) struct Refused(pub(crate) ErrorBody);

impl Failure {
    /// A failure of that code.
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        ErrorBody::new(code, message).into()
    }

    /// The body, for answers whose status has been sent already.
    pub(crate) fn into_body(self) -> ErrorBody {
        self.body
    }

    /// What only the log may tell.
    pub(crate) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }
}

impl From<ErrorBody> for Failure {
    fn from(body: ErrorBody) -> Self {
        Self { body, cause: None }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        ErrorBody::from(problem).into()
    }
}

impl From<VerbError> for Failure {
    fn from(error: VerbError) -> Self {
        let message = error.to_string();
        match error {
            VerbError::Invalid { field, problem } => Problem { field, problem }.into(),
            VerbError::Forbidden { permission, .. } => ErrorBody::new(ErrorCode::Forbidden, message)
                .with(json!({"permission": permission.as_str()}))
                .into(),
            VerbError::NotFound { .. } | VerbError::NoSpace { .. } => Self::new(ErrorCode::NotFound, message),
            VerbError::ContentChanged { topic, expected, found } => {
                ErrorBody::new(ErrorCode::ContentChanged, message)
                    .with(json!({"topic": topic, "hash_expected": expected, "hash_found": found}))
                    .into()
            }
            VerbError::Unauthenticated => Self::new(ErrorCode::Unauthenticated, message),
            VerbError::Apply(error) => ErrorBody::from(&error).into(),
            VerbError::Port(error) => {
                // The debug form has the source below, which the client is not told.
                Self { body: ErrorBody::from(&error), cause: Some(format!("{error:?}")) }
            }
        }
    }
}

/// The answer to a request that a listener refuses before it reaches a route.
pub fn refusal(error: VerbError) -> Response {
    Failure::from(error).into_response()
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let code = self.body.error.code;
        let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&self.body)).into_response();
        if code == ErrorCode::Unauthenticated {
            let challenge = HeaderValue::from_static("Bearer realm=\"dreamkeeper\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if matches!(code, ErrorCode::Unavailable | ErrorCode::Overloaded | ErrorCode::QueueFull) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if let Some(cause) = self.cause {
            response.extensions_mut().insert(Cause(cause));
        }
        response.extensions_mut().insert(Refused(self.body));
        response
    }
}

#[cfg(test)]
mod tests {
    use dreamkeeper_domain::changeset::ApplyError;

    use super::*;

    #[test]
    fn a_full_queue_says_when_to_come_back() {
        let full = VerbError::Apply(ApplyError::QueueFull { waiting: 100_000 });
        let response = Failure::from(full).into_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[header::RETRY_AFTER], "1");
    }
}
