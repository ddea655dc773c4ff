//! ChangeSets.

use dreamkeeper_domain::changeset::{ChangeSet, Expected, IdempotencyKey, Write};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;
use jiff::Timestamp;
use serde_json::Value;

use super::{EPOCH, an_actor, at};

/// A ChangeSet in the making.
#[derive(Debug, Clone)]
pub struct ChangeSetBuilder(ChangeSet);

/// An empty ChangeSet of the tests' actor at the tests' epoch.
pub fn changes() -> ChangeSetBuilder {
    ChangeSetBuilder(ChangeSet { idempotency: None, actor: an_actor(), at: at(EPOCH), writes: Vec::new() })
}

impl ChangeSetBuilder {
    /// Says when the change is made.
    #[must_use]
    pub fn at(mut self, moment: Timestamp) -> Self {
        self.0.at = moment;
        self
    }

    /// Names the ChangeSet; `digest` fills the 32 bytes that tell requests apart.
    #[must_use]
    pub fn idempotent(mut self, key: &str, digest: u8) -> Self {
        self.0.idempotency = Some((IdempotencyKey(key.to_owned()), [digest; 32]));
        self
    }

    /// Adds a write.
    #[must_use]
    pub fn write(mut self, write: Write) -> Self {
        self.0.writes.push(write);
        self
    }

    /// Adds writes.
    #[must_use]
    pub fn writes(mut self, writes: impl IntoIterator<Item = Write>) -> Self {
        self.0.writes.extend(writes);
        self
    }

    /// Opens a session.
    #[must_use]
    pub fn open(self, session: &Session) -> Self {
        self.write(Write::OpenSession(session.clone()))
    }

    /// Sets a state key, or removes it.
    #[must_use]
    pub fn state(self, scope: &Scope, key: &str, value: Option<Value>, expected: Expected) -> Self {
        let (scope, key) = (scope.clone(), key.to_owned());
        self.write(Write::PutState { scope, key, value, expected, reason: None })
    }

    /// The ChangeSet.
    pub fn build(self) -> ChangeSet {
        self.0
    }
}
