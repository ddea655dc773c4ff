//! Registry: the segments in memory, by space, and the bound that they are kept within.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::passage::{EmbedderIdentity, PassageSeq, StoredPassage, Vector};
use dreamkeeper_domain::ports::{IndexChange, IndexStats};
use dreamkeeper_domain::scope::SegmentKey;

use crate::segment::Retirement;
use crate::slot::{Slot, Told};

/// The segments in memory.
pub(crate) struct Registry {
    resident_bytes_max: usize,
    resident_bytes: Arc<AtomicUsize>,
    spaces: Mutex<HashMap<SpaceId, Space>>,
    ticks: AtomicU64,
    evicted_count: AtomicU64,
}

#[derive(Default)]
struct Space {
    slots: HashMap<SegmentKey, Arc<Slot>>,
    /// Every segment of the space, once the store was asked; those told since are in it too.
    keys: Option<BTreeSet<SegmentKey>>,
    /// Segments told before that.
    told: BTreeSet<SegmentKey>,
}

impl Registry {
    pub(crate) fn new(resident_bytes_max: usize) -> Self {
        Self {
            resident_bytes_max,
            resident_bytes: Arc::default(),
            spaces: Mutex::default(),
            ticks: AtomicU64::new(0),
            evicted_count: AtomicU64::new(0),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SpaceId, Space>> {
        // Nothing that is done under the lock leaves it half done.
        self.spaces.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From here on changes of the space are kept.
    pub(crate) fn open(&self, space: SpaceId) {
        self.lock().entry(space).or_default();
    }

    /// Every segment of the space in order, if that is known.
    pub(crate) fn all_keys(&self, space: SpaceId) -> Option<Vec<SegmentKey>> {
        let spaces = self.lock();
        spaces.get(&space)?.keys.as_ref().map(|keys| keys.iter().cloned().collect())
    }

    /// Takes in what the store knows of segments; tells all in order.
    pub(crate) fn learn_keys(&self, space: SpaceId, stored: BTreeSet<SegmentKey>) -> Vec<SegmentKey> {
        let mut spaces = self.lock();
        let space = spaces.entry(space).or_default();
        let told = std::mem::take(&mut space.told);
        let keys = space.keys.get_or_insert_default();
        keys.extend(stored.into_iter().chain(told));
        keys.iter().cloned().collect()
    }

    /// The slot of a segment, which now counts as used last.
    pub(crate) fn slot(&self, space: SpaceId, key: &SegmentKey) -> Arc<Slot> {
        let mut spaces = self.lock();
        let slots = &mut spaces.entry(space).or_default().slots;
        let slot = match slots.get(key) {
            Some(slot) => Arc::clone(slot),
            None => {
                let slot = Arc::new(Slot::new(key.clone(), Arc::clone(&self.resident_bytes)));
                slots.insert(key.clone(), Arc::clone(&slot));
                slot
            }
        };
        slot.touch(self.ticks.fetch_add(1, Ordering::Relaxed));
        slot
    }

    /// What each slot is to be told of changes. A space that nobody has asked for is told nothing.
    pub(crate) fn deliveries(
        &self,
        space: SpaceId,
        changes: Vec<IndexChange>,
    ) -> Vec<(Arc<Slot>, Vec<Told>)> {
        let mut spaces = self.lock();
        let Some(space) = spaces.get_mut(&space) else { return Vec::new() };
        let mut deliveries = Deliveries { space, all: Vec::new(), places: HashMap::new() };
        for change in changes {
            match change {
                IndexChange::Added(passages) => deliveries.sort_out(passages),
                IndexChange::Retired { segment, owner, before, at } => {
                    deliveries.put(&segment, Told::Retired(Retirement { owner, before, at }));
                }
                IndexChange::Erased { segment, owner } => deliveries.put(&segment, Told::Erased(owner)),
                IndexChange::Vectors { embedder, vectors } => {
                    deliveries.put_everywhere(&Arc::new((embedder, vectors)));
                }
            }
        }
        deliveries.all
    }

    /// Puts a slot out of memory, if it is still there.
    pub(crate) fn drop_slot(&self, space: SpaceId, slot: &Arc<Slot>) {
        let mut spaces = self.lock();
        let Some(space) = spaces.get_mut(&space) else { return };
        if space.slots.get(slot.key()).is_some_and(|held| Arc::ptr_eq(held, slot)) {
            space.slots.remove(slot.key());
        }
    }

    /// Puts segments out of memory until the rest is well within the bound, those used least lately first.
    pub(crate) fn keep_within_bound(&self) {
        if self.resident_bytes.load(Ordering::Relaxed) <= self.resident_bytes_max {
            return;
        }
        let mut spaces = self.lock();
        let all = || spaces.values().flat_map(|space| space.slots.values());
        let mut resident: usize = all().map(|slot| slot.bytes()).sum();
        let mut by_use: Vec<(u64, usize)> = all().map(|slot| (slot.used(), slot.bytes())).collect();
        by_use.sort_unstable();
        // The one used last stays, however large. A little more than needed goes, so that this is rare.
        let enough = self.resident_bytes_max / 10 * 9;
        let mut goes_before = 0;
        for (used, bytes) in by_use.iter().take(by_use.len().saturating_sub(1)) {
            if resident <= enough {
                break;
            }
            resident -= bytes;
            goes_before = used + 1;
        }
        let mut evicted = 0;
        for space in spaces.values_mut() {
            let before = space.slots.len();
            space.slots.retain(|_, slot| slot.used() >= goes_before);
            evicted += (before - space.slots.len()) as u64;
        }
        self.evicted_count.fetch_add(evicted, Ordering::Relaxed);
    }

    /// Drops everything held of a space.
    pub(crate) fn discard(&self, space: SpaceId) {
        self.lock().remove(&space);
    }

    pub(crate) fn stats(&self) -> IndexStats {
        let spaces = self.lock();
        let mut stats =
            IndexStats { evicted_count: self.evicted_count.load(Ordering::Relaxed), ..IndexStats::default() };
        for slot in spaces.values().flat_map(|space| space.slots.values()).filter(|slot| slot.bytes() > 0) {
            stats.segment_count += 1;
            stats.passage_count += slot.passages();
            stats.resident_bytes += slot.bytes();
        }
        stats
    }
}

/// Changes on their way to slots.
struct Deliveries<'space> {
    space: &'space mut Space,
    all: Vec<(Arc<Slot>, Vec<Told>)>,
    /// Where in `all` a segment's changes are.
    places: HashMap<SegmentKey, usize>,
}

impl Deliveries<'_> {
    fn sort_out(&mut self, passages: Vec<StoredPassage>) {
        let mut by_segment: HashMap<SegmentKey, Vec<StoredPassage>> = HashMap::new();
        for stored in passages {
            let key = stored.passage.scope.segment();
            by_segment.entry(key).or_default().push(stored);
        }
        for (key, passages) in by_segment {
            let keys = self.space.keys.as_mut().unwrap_or(&mut self.space.told);
            if !keys.contains(&key) {
                keys.insert(key.clone());
            }
            self.put(&key, Told::Added(passages));
        }
    }

    fn put(&mut self, key: &SegmentKey, change: Told) {
        if let Some(place) = self.places.get(key) {
            self.all[*place].1.push(change);
        } else if let Some(slot) = self.space.slots.get(key) {
            self.places.insert(key.clone(), self.all.len());
            self.all.push((Arc::clone(slot), vec![change]));
        }
    }

    fn put_everywhere(&mut self, vectors: &Arc<(EmbedderIdentity, Vec<(PassageSeq, Vector)>)>) {
        let keys: Vec<SegmentKey> = self.space.slots.keys().cloned().collect();
        for key in keys {
            self.put(&key, Told::Vectors(Arc::clone(vectors)));
        }
    }
}
