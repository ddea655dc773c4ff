//! Store: opens spaces, one file each, and keeps a few of them open.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use async_trait::async_trait;
use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::ports::{PortError, SpaceStore, Store};

use crate::error::lost_work;
use crate::migrate::SPACE;
use crate::open::{Access, DatabaseFile};
use crate::options::Options;
use crate::owner::OwnerLock;
use crate::space::Space;

/// The spaces of one data directory.
#[derive(Debug)]
pub(crate) struct Spaces {
    directory: PathBuf,
    access: Access,
    options: Options,
    owner: Option<Arc<OwnerLock>>,
    open: Mutex<Open>,
}

/// Which spaces are open. A space in use stays findable after it was let go of here, so that a file never
/// has two writers.
#[derive(Debug, Default)]
struct Open {
    /// Kept open, the most recently used last.
    kept: Vec<(SpaceId, Arc<Space>)>,
    /// Every space that someone may still use.
    known: HashMap<SpaceId, Weak<Space>>,
}

impl Spaces {
    /// Nothing open yet.
    pub(crate) fn new(
        directory: PathBuf,
        access: Access,
        options: Options,
        owner: Option<Arc<OwnerLock>>,
    ) -> Self {
        Self { directory, access, options, owner, open: Mutex::default() }
    }

    /// Blocks while a file is opened: two askers must get the same space.
    fn get(&self, id: SpaceId) -> Result<Arc<Space>, PortError> {
        let mut evicted = None;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let space = match open.known.get(&id).and_then(Weak::upgrade) {
            Some(space) => space,
            None => {
                let file = DatabaseFile {
                    path: self.directory.join(format!("{id}.db")),
                    schema: &SPACE,
                    access: self.access,
                    options: self.options.clone(),
                };
                Arc::new(Space::open(file, id, self.owner.clone())?)
            }
        };
        open.known.retain(|_, known| known.strong_count() > 0);
        open.known.insert(id, Arc::downgrade(&space));
        open.kept.retain(|(kept, _)| *kept != id);
        open.kept.push((id, Arc::clone(&space)));
        if open.kept.len() > self.options.spaces_open_max.max(1) {
            evicted = Some(open.kept.remove(0));
        }
        drop(open);
        // Closing waits for the space's writer; others need not wait with it.
        drop(evicted);
        Ok(space)
    }

    fn get_open(&self, id: SpaceId) -> Option<Arc<Space>> {
        let mut open = self.open.try_lock().ok()?;
        let place = open.kept.iter().position(|(kept, _)| *kept == id)?;
        let found = open.kept.remove(place);
        let space = Arc::clone(&found.1);
        open.kept.push(found);
        Some(space)
    }
}

/// The port over the spaces of a data directory.
#[derive(Debug, Clone)]
pub(crate) struct SqliteStore(pub(crate) Arc<Spaces>);

#[async_trait]
impl Store for SqliteStore {
    async fn space(&self, id: SpaceId) -> Result<Arc<dyn SpaceStore>, PortError> {
        if let Some(space) = self.0.get_open(id) {
            return Ok(space);
        }
        let spaces = Arc::clone(&self.0);
        let opened = tokio::task::spawn_blocking(move || spaces.get(id)).await;
        let space = opened.map_err(|error| lost_work("opening a space").caused_by(error))??;
        Ok(space)
    }
}
