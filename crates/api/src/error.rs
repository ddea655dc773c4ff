//! The error table: code → HTTP status → what to do. The only place where a failure gets a code.

mod table;

use dreamkeeper_domain::changeset::ApplyError;
use dreamkeeper_domain::ports::{PortError, PortErrorKind};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

pub use table::ErrorCode;

/// A field that cannot mean anything: where, and what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct Problem {
    /// Where in the request, such as `messages[3].at`.
    pub field: String,
    /// What is wrong with it and what is allowed.
    pub problem: String,
}

impl Problem {
    /// A problem of a field.
    pub fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { field: field.into(), problem: problem.into() }
    }

    /// The same problem, seen from where the field's owner stands: `at` under `messages[3]`.
    #[must_use]
    pub fn under(self, owner: &str) -> Self {
        let joined = if self.field.is_empty() || self.field.starts_with('[') { "" } else { "." };
        Self { field: format!("{owner}{joined}{}", self.field), ..self }
    }
}

/// The body of every answer that is no success.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ErrorBody {
    /// What failed.
    pub error: ErrorReport,
}

/// What failed, and what to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ErrorReport {
    /// The case, for programs.
    pub code: ErrorCode,
    /// What failed, with which value.
    pub message: String,
    /// What to do next.
    pub advice: String,
    /// Facts that a program can use: the field, the version found, the permission missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub details: Option<Value>,
}

impl ErrorBody {
    /// A failure with the table's advice.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        let advice = code.advice().to_owned();
        Self { error: ErrorReport { code, message: message.into(), advice, details: None } }
    }

    /// The same failure with facts for programs.
    #[must_use]
    pub fn with(mut self, details: Value) -> Self {
        self.error.details = Some(details);
        self
    }
}

impl From<Problem> for ErrorBody {
    fn from(problem: Problem) -> Self {
        Self::new(ErrorCode::InvalidRequest, problem.to_string()).with(json!({"field": problem.field}))
    }
}

impl From<&ApplyError> for ErrorBody {
    fn from(error: &ApplyError) -> Self {
        let message = error.to_string();
        match error {
            ApplyError::VersionConflict { found, .. } => {
                Self::new(ErrorCode::VersionConflict, message).with(json!({"version_found": found}))
            }
            ApplyError::NotFound { .. } => Self::new(ErrorCode::NotFound, message),
            ApplyError::ClientIdReused { client_id } => {
                Self::new(ErrorCode::ClientIdReused, message).with(json!({"client_id": client_id}))
            }
            ApplyError::IdempotencyKeyReused(_) => Self::new(ErrorCode::IdempotencyKeyReused, message),
            ApplyError::Erased { .. } => Self::new(ErrorCode::Erased, message),
            ApplyError::QueueFull { waiting } => {
                Self::new(ErrorCode::QueueFull, message).with(json!({"waiting": waiting, "temporary": true}))
            }
            ApplyError::LeaseLost { .. } => Self::new(ErrorCode::LeaseLost, message),
            ApplyError::PathTaken { path, topic } => {
                Self::new(ErrorCode::PathTaken, message).with(json!({"path": path, "topic": topic}))
            }
            ApplyError::StoreClosed(store) => {
                Self::new(ErrorCode::StoreClosed, message).with(json!({"store": store}))
            }
            ApplyError::StoreFull { store, count, max } => Self::new(ErrorCode::StoreFull, message)
                .with(json!({"store": store, "count": count, "max": max})),
            ApplyError::HeadVersion(version) => {
                Self::new(ErrorCode::HeadVersion, message).with(json!({"version": version}))
            }
            ApplyError::TargetHeld(dream) => {
                Self::new(ErrorCode::TargetHeld, message).with(json!({"dream": dream}))
            }
            ApplyError::Port(error) => error.into(),
        }
    }
}

impl From<&PortError> for ErrorBody {
    fn from(error: &PortError) -> Self {
        let code = match error.kind {
            PortErrorKind::Unavailable => ErrorCode::Unavailable,
            PortErrorKind::Overloaded => ErrorCode::Overloaded,
            PortErrorKind::Owned => ErrorCode::Owned,
            PortErrorKind::Full => ErrorCode::StorageFull,
            PortErrorKind::ReadOnly => ErrorCode::StorageReadOnly,
            PortErrorKind::Corrupt => ErrorCode::StorageCorrupt,
            PortErrorKind::Newer => ErrorCode::StorageNewer,
            PortErrorKind::Refused | PortErrorKind::BadAnswer => ErrorCode::DependencyFailed,
            // A defect's message may hold anything: it goes to the log, not to the client.
            PortErrorKind::Internal => return Self::new(ErrorCode::Internal, "the server failed"),
        };
        Self::new(code, error.to_string()).with(json!({"temporary": error.temporary}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_tells_its_whole_path() {
        let problem = Problem::new("at", "no moment").under("messages[3]").under("");
        assert_eq!(problem.to_string(), ".messages[3].at: no moment");
        assert_eq!(Problem::new("[1]", "x").under("in").field, "in[1]");
    }

    #[test]
    fn a_defect_is_not_told_to_the_client() {
        let error = PortError::new(PortErrorKind::Internal, "dk_secret in /home/ana");
        let body = serde_json::to_string(&ErrorBody::from(&error)).unwrap();
        assert!(!body.contains("dk_secret") && body.contains("\"internal\""), "{body}");
    }
}
