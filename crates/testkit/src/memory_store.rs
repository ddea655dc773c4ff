//! An in-memory store: the fake of [`Store`] and `ControlStore`, and the reference that a real store is
//! compared with.
//!
//! A space is a [`model::Model`] behind one lock; a ChangeSet is applied to a copy that replaces it when
//! all went well, so that half of one can never be seen.

mod apply;
mod audit;
mod control;
mod dreams;
mod erase;
mod finding;
mod learning;
mod listing;
mod model;
mod noted;
mod prune;
mod quarantine;
mod queue;
mod space;
mod topic_reads;
mod topics;

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::ports::{PortError, PortErrorKind, SpaceStore, Store};

use control::Control;
use model::Model;
pub use space::MemorySpace;

/// A store in memory. Clones are the same store.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    spaces: Arc<Mutex<BTreeMap<SpaceId, Arc<MemorySpace>>>>,
    control: Arc<Mutex<Control>>,
    disk: Arc<Disk>,
}

/// What all spaces of a store share: scripted faults, and backups by path.
#[derive(Debug, Default)]
struct Disk {
    faults: Mutex<Faults>,
    copies: Mutex<BTreeMap<PathBuf, Model>>,
}

#[derive(Debug, Default)]
struct Faults {
    next: VecDeque<PortError>,
    refusal: Option<PortErrorKind>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes the next write fail, after those that were told to fail before it.
    pub fn fail_next_write(&self, error: PortError) {
        lock(&self.disk.faults).next.push_back(error);
    }

    /// Makes every write fail with this kind (`Full` or `ReadOnly`), until told `None`; reads go on.
    pub fn refuse_writes(&self, kind: Option<PortErrorKind>) {
        lock(&self.disk.faults).refusal = kind;
    }

    /// A space, without the port.
    pub fn space_of(&self, id: SpaceId) -> Arc<MemorySpace> {
        let mut spaces = lock(&self.spaces);
        let new = || Arc::new(MemorySpace::new(Model::default(), Arc::clone(&self.disk)));
        Arc::clone(spaces.entry(id).or_insert_with(new))
    }

    /// The space that a backup wrote to this path; `None` when none did.
    pub fn open_copy(&self, path: &Path) -> Option<Arc<MemorySpace>> {
        let model = lock(&self.disk.copies).get(path)?.clone();
        Some(Arc::new(MemorySpace::new(model, Arc::clone(&self.disk))))
    }
}

impl Disk {
    fn allow_write(&self) -> Result<(), PortError> {
        let mut faults = lock(&self.faults);
        if let Some(error) = faults.next.pop_front() {
            return Err(error);
        }
        faults.refusal.map_or(Ok(()), |kind| Err(PortError::new(kind, "told to refuse writes")))
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn space(&self, id: SpaceId) -> Result<Arc<dyn SpaceStore>, PortError> {
        Ok(self.space_of(id))
    }
}

/// A test that panics while it holds the lock has failed already: what it left is still readable.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use dreamkeeper_domain::changeset::ApplyError;
    use dreamkeeper_domain::scope::Scope;

    use super::*;
    use crate::builders::{a_memory, a_space, changes};

    #[tokio::test]
    async fn the_next_write_fails_as_told_and_the_one_after_does_not() {
        let store = MemoryStore::new();
        let space = store.space(a_space()).await.unwrap();
        let error = PortError::new(PortErrorKind::Full, "no room");
        store.fail_next_write(error.clone());
        let memory = a_memory("Ana likes tea");
        let set = changes().write(memory.clone().write()).build();
        assert_eq!(space.apply(set.clone()).await, Err(ApplyError::Port(error)));
        assert_eq!(space.memories(&[memory.build().id], None).await, Ok(Vec::new()));
        assert!(space.apply(set).await.is_ok());
    }

    #[tokio::test]
    async fn clones_are_the_same_store() {
        let (store, id) = (MemoryStore::new(), a_space());
        let set = changes().write(a_memory("Ana likes tea").write()).build();
        store.space_of(id).apply(set).await.unwrap();
        let segments = store.clone().space_of(id).segments().await.unwrap();
        assert_eq!(segments[0].key, Scope::default().segment());
    }
}
