//! The error body of this wire: every row of our table as one of their types and statuses.

use dreamkeeper_domain::id::TopicId;
use serde::Serialize;
use serde_json::{Map, Value};

use super::id::WireId;
use crate::error::{ErrorBody, ErrorCode};

/// The body of every answer that is no success.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WireError {
    r#type: &'static str,
    error: WireReport,
    request_id: Option<String>,
}

/// What failed.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct WireReport {
    r#type: &'static str,
    message: String,
    /// What else the type tells.
    #[serde(flatten)]
    further: Map<String, Value>,
}

impl WireError {
    /// A row of our table, with the id of the request that met it.
    pub fn of(body: &ErrorBody, request_id: Option<String>) -> Self {
        let report = &body.error;
        let (_, r#type) = class(report.code);
        let further = further(report.code, report.details.as_ref());
        let error = WireReport { r#type, message: report.message.clone(), further };
        Self { r#type: "error", error, request_id }
    }
}

/// The status that carries a row on this wire.
pub fn status(code: ErrorCode) -> u16 {
    class(code).0
}

/// Statuses differ from ours where their clients act on them: they send a 409 again, unless told not to, and a file
/// that was refused with 400 waits until it changes.
fn class(code: ErrorCode) -> (u16, &'static str) {
    use ErrorCode as Code;
    match code {
        Code::InvalidRequest
        | Code::MalformedJson
        | Code::InvalidUtf8
        | Code::JsonTooDeep
        | Code::StoreClosed
        | Code::StoreFull
        | Code::HeadVersion
        | Code::IdempotencyKeyReused => (400, "invalid_request_error"),
        Code::MethodNotAllowed => (405, "invalid_request_error"),
        Code::UnsupportedMediaType => (415, "invalid_request_error"),
        Code::HeadersTooLarge => (431, "invalid_request_error"),
        Code::BodyTooLarge => (413, "request_too_large"),
        Code::Unauthenticated => (401, "authentication_error"),
        Code::Forbidden | Code::OperatorOnly | Code::HostNotAllowed | Code::OriginNotAllowed => {
            (403, "permission_error")
        }
        Code::NotFound | Code::UnknownRoute | Code::Erased => (404, "not_found_error"),
        Code::PathTaken => (409, "memory_path_conflict_error"),
        Code::ContentChanged => (409, "memory_precondition_failed_error"),
        Code::VersionConflict | Code::TargetHeld | Code::ClientIdReused | Code::LeaseLost => {
            (409, "conflict_error")
        }
        Code::QueueFull => (429, "rate_limit_error"),
        Code::Internal
        | Code::StorageCorrupt
        | Code::StorageNewer
        | Code::StorageReadOnly
        | Code::StorageFull
        | Code::DependencyFailed => (500, "api_error"),
        Code::Timeout => (504, "timeout_error"),
        Code::Unavailable | Code::Overloaded | Code::Owned => (529, "overloaded_error"),
    }
}

fn further(code: ErrorCode, details: Option<&Value>) -> Map<String, Value> {
    let mut further = Map::new();
    if let (ErrorCode::PathTaken, Some(details)) = (code, details) {
        let topic = details["topic"].as_str().and_then(|topic| topic.parse::<TopicId>().ok());
        if let Some(topic) = topic {
            further.insert("conflicting_memory_id".to_owned(), WireId(topic).to_string().into());
        }
        further.insert("conflicting_path".to_owned(), details["path"].clone());
    }
    further
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_taken_path_tells_whose_it_is() {
        let details = json!({"path": "/a.md", "topic": "00000000-0000-0000-0000-000000000007"});
        let body = ErrorBody::new(ErrorCode::PathTaken, "taken").with(details);
        let told = serde_json::to_value(WireError::of(&body, Some("r1".into()))).unwrap();
        let expected = json!({
            "type": "error",
            "error": {
                "type": "memory_path_conflict_error",
                "message": "taken",
                "conflicting_memory_id": "mem_00000000000000000000000000000007",
                "conflicting_path": "/a.md",
            },
            "request_id": "r1",
        });
        assert_eq!(told, expected);
    }

    #[test]
    fn every_row_keeps_its_class() {
        for code in ErrorCode::ALL {
            let (ours, theirs) = (code.status(), status(*code));
            let is_same_class = ours / 100 == theirs / 100;
            assert!(is_same_class, "{code:?}: {ours} and {theirs}");
        }
    }
}
