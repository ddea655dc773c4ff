//! The error of the verbs: the cases that a caller can act on.
//!
//! One enum serves all verbs, because what a caller can do (mend the request, read again, ask for a
//! permission, wait) is the same for each; `api` maps every case to one code and status.

use dreamkeeper_domain::changeset::ApplyError;
use dreamkeeper_domain::id::TopicId;
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::origin::Via;
use dreamkeeper_domain::ports::PortError;
use dreamkeeper_domain::topic::ContentHash;

/// Why a verb did nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerbError {
    /// The request cannot mean anything; says which field, what is wrong and what is allowed.
    #[error("{field}: {problem}")]
    Invalid {
        /// Where in the request.
        field: String,
        /// What is wrong with it and what is allowed.
        problem: String,
    },
    /// The principal lacks a permission.
    #[error("{actor} lacks the permission `{permission}`: use a key that has it")]
    Forbidden {
        /// The permission.
        permission: Permission,
        /// Who asked.
        actor: String,
    },
    /// No such record in the principal's space; another space's record looks the same.
    #[error("there is no {what} `{id}` here: check the id")]
    NotFound {
        /// What kind of record.
        what: &'static str,
        /// The id or key asked for.
        id: String,
    },
    /// A topic's content is another than the caller has seen.
    #[error("topic {topic} has the content {found}, the change expected {expected}: read it again and retry")]
    ContentChanged {
        /// The topic.
        topic: TopicId,
        /// The hash that the change expected.
        expected: ContentHash,
        /// The hash of what is there.
        found: ContentHash,
    },
    /// A read in a space that nobody has written to yet.
    #[error(
        "there is no space `{name}` ({}): check the name; the first write to a space makes it",
        told(there)
    )]
    NoSpace {
        /// The name asked for.
        name: String,
        /// The spaces that there are.
        there: Vec<String>,
    },
    /// The credential opens nothing.
    #[error("the key is unknown, revoked or expired: make one with `dreamkeeper key create`")]
    Unauthenticated,
    /// A write met another state than it expected, or a name used twice.
    #[error(transparent)]
    Apply(ApplyError),
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl VerbError {
    /// An invalid request.
    pub(crate) fn invalid(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), problem: problem.into() }
    }

    /// A record that is not there.
    pub(crate) fn not_found(what: &'static str, id: impl ToString) -> Self {
        Self::NotFound { what, id: id.to_string() }
    }
}

/// The spaces that there are, for whoever mistyped one.
fn told(there: &[String]) -> String {
    const SHOWN_COUNT_MAX: usize = 8;
    if there.is_empty() {
        return "none is here yet".to_owned();
    }
    let shown: Vec<String> = there.iter().take(SHOWN_COUNT_MAX).map(|name| format!("`{name}`")).collect();
    let more = if there.len() > SHOWN_COUNT_MAX { " and more" } else { "" };
    format!("here are {}{more}", shown.join(", "))
}

impl From<ApplyError> for VerbError {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Port(error) => Self::Port(error),
            other => Self::Apply(other),
        }
    }
}

/// Refuses a value of more bytes than allowed.
pub(crate) fn check_bytes(field: &str, bytes: usize, max: usize) -> Result<(), VerbError> {
    if bytes <= max {
        return Ok(());
    }
    Err(VerbError::invalid(field, format!("{bytes} bytes, at most {max} are allowed")))
}

/// Refuses a list of more entries than allowed.
pub(crate) fn check_count(field: &str, count: usize, max: usize) -> Result<(), VerbError> {
    if count <= max {
        return Ok(());
    }
    Err(VerbError::invalid(field, format!("{count} entries, at most {max} are allowed")))
}

/// Refuses an empty or oversized scope id, label or set of labels.
pub(crate) fn check_scope(scope: &dreamkeeper_domain::scope::Scope) -> Result<(), VerbError> {
    scope.check().map_err(|error| VerbError::invalid("scope", error.to_string()))
}

/// Refuses an oversized reason.
/// Only Dreamkeeper derives: who writes from outside says words of their own, or somebody's.
pub(crate) fn check_via(via: Via) -> Result<(), VerbError> {
    match via {
        Via::Live | Via::Import => Ok(()),
        Via::Derived => {
            let problem = "`derived` marks what Dreamkeeper made of other records: send `live` or `import`";
            Err(VerbError::invalid("via", problem))
        }
    }
}

pub(crate) fn check_reason(reason: Option<&String>) -> Result<(), VerbError> {
    reason.map_or(Ok(()), |reason| {
        check_bytes("reason", reason.len(), dreamkeeper_domain::limits::REASON_BYTES_MAX)
    })
}
