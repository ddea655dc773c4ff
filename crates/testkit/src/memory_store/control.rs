//! Spaces and keys in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use dreamkeeper_domain::id::KeyId;
use dreamkeeper_domain::key::{Key, KeyHash};
use dreamkeeper_domain::ports::{ControlStore, PortError, PortErrorKind, SpaceRecord};
use jiff::Timestamp;

use super::{MemoryStore, lock};

#[derive(Debug, Default)]
pub(super) struct Control {
    spaces: BTreeMap<String, SpaceRecord>,
    keys: BTreeMap<KeyId, Key>,
}

#[async_trait]
impl ControlStore for MemoryStore {
    async fn spaces(&self) -> Result<Vec<SpaceRecord>, PortError> {
        Ok(lock(&self.control).spaces.values().cloned().collect())
    }

    async fn create_space(&self, space: SpaceRecord) -> Result<SpaceRecord, PortError> {
        self.disk.allow_write()?;
        Ok(lock(&self.control).spaces.entry(space.name.clone()).or_insert(space).clone())
    }

    async fn keys(&self) -> Result<Vec<Key>, PortError> {
        let mut keys: Vec<Key> = lock(&self.control).keys.values().cloned().collect();
        keys.sort_by_key(|key| std::cmp::Reverse((key.created_at, key.id)));
        Ok(keys)
    }

    async fn create_key(&self, key: Key) -> Result<(), PortError> {
        self.disk.allow_write()?;
        let mut control = lock(&self.control);
        if control.keys.values().any(|there| there.id == key.id || there.hash == key.hash) {
            return Err(PortError::new(PortErrorKind::Internal, format!("key {} is there already", key.id)));
        }
        control.keys.insert(key.id, key);
        Ok(())
    }

    async fn key_by_hash(&self, hash: &KeyHash) -> Result<Option<Key>, PortError> {
        Ok(lock(&self.control).keys.values().find(|key| key.hash == *hash).cloned())
    }

    async fn revoke_key(&self, id: KeyId, at: Timestamp) -> Result<bool, PortError> {
        self.disk.allow_write()?;
        let mut control = lock(&self.control);
        let Some(key) = control.keys.get_mut(&id) else { return Ok(false) };
        key.revoked_at.get_or_insert(at);
        Ok(true)
    }
}
