//! Control store: spaces and keys.

use async_trait::async_trait;
use jiff::Timestamp;

use super::PortError;
use crate::id::{KeyId, SpaceId};
use crate::key::{Key, KeyHash};

/// A space as the control store lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpaceRecord {
    /// Its id.
    pub id: SpaceId,
    /// Its name, unique.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Spaces and keys. Every write is durable when it answers.
#[async_trait]
pub trait ControlStore: Send + Sync {
    /// Every space, by name.
    async fn spaces(&self) -> Result<Vec<SpaceRecord>, PortError>;

    /// Records a space; one with that name that is there already is answered unchanged.
    async fn create_space(&self, space: SpaceRecord) -> Result<SpaceRecord, PortError>;

    /// Every key, newest first, revoked ones too.
    async fn keys(&self) -> Result<Vec<Key>, PortError>;

    /// Records a key.
    async fn create_key(&self, key: Key) -> Result<(), PortError>;

    /// The key whose secret has this hash, revoked and expired ones too.
    async fn key_by_hash(&self, hash: &KeyHash) -> Result<Option<Key>, PortError>;

    /// Marks a key revoked at `at`; `false` when there is no such key. Revoking twice keeps the first time.
    async fn revoke_key(&self, id: KeyId, at: Timestamp) -> Result<bool, PortError>;
}
