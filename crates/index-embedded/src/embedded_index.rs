//! The port: which segments a request needs, who takes part in loading them, and which must go.

use std::sync::Arc;

use async_trait::async_trait;
use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::ports::{
    IndexChange, IndexStats, Nomination, NominationRequest, PassageIndex, PortError, PortErrorKind,
    SegmentSelection, SpaceStore,
};
use dreamkeeper_domain::scope::SegmentKey;
use tokio::sync::OwnedRwLockReadGuard;

use crate::registry::Registry;
use crate::search::{Query, Search};
use crate::segment::Segment;

/// From this many rows on a search leaves the thread that other tasks need; handing over costs some 20 µs.
const ROWS_PER_TURN: u32 = 10_000;

/// Bounds of an index.
#[derive(Debug, Clone, Copy)]
pub struct IndexOptions {
    /// Beyond this many bytes the segments that were used least lately are put out of memory. One that is
    /// in use stays, whatever its size.
    pub resident_bytes_max: usize,
}

impl Default for IndexOptions {
    fn default() -> Self {
        Self { resident_bytes_max: 1 << 30 }
    }
}

/// An index in the process's own memory.
pub struct EmbeddedIndex {
    registry: Registry,
}

impl EmbeddedIndex {
    /// An index that holds nothing yet.
    pub fn new(options: IndexOptions) -> Self {
        Self { registry: Registry::new(options.resident_bytes_max) }
    }

    async fn keys(
        &self,
        space: SpaceId,
        store: &Arc<dyn SpaceStore>,
        selection: &SegmentSelection,
    ) -> Result<Vec<SegmentKey>, PortError> {
        match selection {
            SegmentSelection::One(key) => Ok(vec![key.clone()]),
            SegmentSelection::All => {
                if let Some(keys) = self.registry.all_keys(space) {
                    return Ok(keys);
                }
                let told = store.segments().await?.into_iter().map(|segment| segment.key).collect();
                Ok(self.registry.learn_keys(space, told))
            }
        }
    }
}

#[async_trait]
impl PassageIndex for EmbeddedIndex {
    async fn nominate(
        &self,
        space: SpaceId,
        store: &Arc<dyn SpaceStore>,
        request: &NominationRequest,
    ) -> Result<Nomination, PortError> {
        // Known from here on, so that what is told while keys or passages are read is not lost.
        self.registry.open(space);
        let mut search = Search::new(Query::new(request));
        for key in self.keys(space, store, &request.segments).await? {
            let slot = self.registry.slot(space, &key);
            let (segment, loaded) = slot.read(store).await?;
            if loaded {
                self.registry.keep_within_bound();
            }
            if segment.held_count() > 0 {
                search = look_into(search, segment).await?;
            }
        }
        Ok(search.finish())
    }

    async fn follow(&self, space: SpaceId, changes: Vec<IndexChange>) -> Result<(), PortError> {
        for (slot, changes) in self.registry.deliveries(space, changes) {
            if slot.follow(changes).await.is_err() {
                self.registry.drop_slot(space, &slot);
            }
        }
        self.registry.keep_within_bound();
        Ok(())
    }

    async fn discard(&self, space: SpaceId) -> Result<(), PortError> {
        self.registry.discard(space);
        Ok(())
    }

    fn stats(&self) -> IndexStats {
        self.registry.stats()
    }
}

/// Searches a small segment at once, a large one where it holds nobody up.
async fn look_into(mut search: Search, segment: OwnedRwLockReadGuard<Segment>) -> Result<Search, PortError> {
    if segment.row_count() < ROWS_PER_TURN {
        search.look_into(&segment);
        return Ok(search);
    }
    let task = tokio::task::spawn_blocking(move || {
        search.look_into(&segment);
        search
    });
    task.await.map_err(|error| {
        PortError::new(PortErrorKind::Internal, "a search of the index broke off: report this")
            .caused_by(error)
    })
}
