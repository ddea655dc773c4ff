//! The one error that every port gives.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What failed, for decisions. Retry looks only at [`PortError::temporary`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PortErrorKind {
    /// The other side cannot be reached or does not answer in time.
    Unavailable,
    /// The other side answered and refused.
    Refused,
    /// The disk or a quota is full; reading goes on.
    Full,
    /// Writing is not possible here; reading goes on.
    ReadOnly,
    /// What is stored cannot be read as what it should be.
    Corrupt,
    /// What is stored was written by a newer version.
    Newer,
    /// Someone else owns it.
    Owned,
    /// The answer cannot be used.
    BadAnswer,
    /// A bound was met.
    Overloaded,
    /// A defect of ours.
    Internal,
}

/// A port's failure: kind, whether trying again can help, a sentence for people, and the cause.
#[derive(Clone)]
pub struct PortError {
    /// What failed.
    pub kind: PortErrorKind,
    /// Whether the same call may succeed later.
    pub temporary: bool,
    /// What failed, with which value, and what to do.
    pub message: String,
    /// How long the other side asked to be left alone; zero when it asked without saying how long, and
    /// `None` when it did not ask. Only a temporary failure has one.
    pub retry_after: Option<Duration>,
    /// The cause below.
    pub source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl PortError {
    /// A failure that stays.
    pub fn new(kind: PortErrorKind, message: impl Into<String>) -> Self {
        Self { kind, temporary: false, message: message.into(), retry_after: None, source: None }
    }

    /// A failure that may pass.
    pub fn temporary(kind: PortErrorKind, message: impl Into<String>) -> Self {
        Self { temporary: true, ..Self::new(kind, message) }
    }

    /// The same failure, to be tried again no sooner than so much later.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// The same failure with its cause.
    #[must_use]
    pub fn caused_by(self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self { source: Some(Arc::new(source)), ..self }
    }
}

impl PartialEq for PortError {
    fn eq(&self, other: &Self) -> bool {
        (self.kind, self.temporary, &self.message) == (other.kind, other.temporary, &other.message)
    }
}

impl Eq for PortError {}

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PortError")
            .field("kind", &self.kind)
            .field("temporary", &self.temporary)
            .field("message", &self.message)
            .field("source", &self.source.as_ref().map(ToString::to_string))
            .finish()
    }
}

impl std::error::Error for PortError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as _)
    }
}
