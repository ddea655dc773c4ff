//! Slot: where one segment lives: it is loaded once, however many ask, and follows what the store commits.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use dreamkeeper_domain::passage::{EmbedderIdentity, Owner, PassageSeq, StoredPassage, Vector};
use dreamkeeper_domain::ports::{PortError, SpaceStore};
use dreamkeeper_domain::scope::SegmentKey;
use tokio::sync::{OnceCell, OwnedRwLockReadGuard, RwLock};

use crate::segment::{Retirement, Segment};

/// Passages read from the store at a time.
const PAGE_PASSAGES: usize = 2_048;
/// Changes that may wait for a segment; beyond that it is given up and read anew.
const INBOX_CHANGES_MAX: usize = 10_000;

/// A change as one segment is told of it.
pub(crate) enum Told {
    Added(Vec<StoredPassage>),
    Retired(Retirement),
    Erased(Owner),
    /// Shared, for nobody knows which segments the passages are in.
    Vectors(Arc<(EmbedderIdentity, Vec<(PassageSeq, Vector)>)>),
}

/// Where one segment lives.
///
/// Every change goes through the inbox, also while the segment is being loaded: what is committed before
/// the load begins is read from the store, what is committed later is told and waits. Whoever reads the
/// segment takes the inbox in first.
pub(crate) struct Slot {
    key: SegmentKey,
    segment: OnceCell<Arc<RwLock<Segment>>>,
    inbox: Mutex<Vec<Told>>,
    bytes: AtomicUsize,
    /// The bytes of all slots that are still held by somebody.
    resident: Arc<AtomicUsize>,
    passages: AtomicUsize,
    used: AtomicU64,
}

/// The inbox has overflowed: the segment must be dropped.
pub(crate) struct Overflow;

impl Slot {
    pub(crate) fn new(key: SegmentKey, resident: Arc<AtomicUsize>) -> Self {
        Self {
            key,
            segment: OnceCell::new(),
            inbox: Mutex::new(Vec::new()),
            bytes: AtomicUsize::new(0),
            resident,
            passages: AtomicUsize::new(0),
            used: AtomicU64::new(0),
        }
    }

    pub(crate) fn key(&self) -> &SegmentKey {
        &self.key
    }

    /// The segment with all that was told so far, loaded first where it is not; and whether it was.
    pub(crate) async fn read(
        &self,
        store: &Arc<dyn SpaceStore>,
    ) -> Result<(OwnedRwLockReadGuard<Segment>, bool), PortError> {
        let mut loaded = false;
        let segment = self
            .segment
            .get_or_try_init(|| async {
                loaded = true;
                load(&self.key, store).await.map(|segment| Arc::new(RwLock::new(segment)))
            })
            .await?;
        if loaded || !self.lock_inbox().is_empty() {
            let mut writing = Arc::clone(segment).write_owned().await;
            self.take_in(&mut writing);
            return Ok((writing.downgrade(), loaded));
        }
        Ok((Arc::clone(segment).read_owned().await, loaded))
    }

    /// Follows changes of this segment. Only an erasure waits for those who are reading: what is erased is
    /// gone when this returns; the rest is taken in at the latest by the next reader.
    pub(crate) async fn follow(&self, changes: Vec<Told>) -> Result<(), Overflow> {
        let erases = changes.iter().any(|change| matches!(change, Told::Erased(_)));
        let waiting = {
            let mut inbox = self.lock_inbox();
            inbox.extend(changes);
            inbox.len()
        };
        match self.segment.get() {
            Some(segment) if erases => self.take_in(&mut *segment.write().await),
            Some(segment) => {
                if let Ok(mut segment) = segment.try_write() {
                    self.take_in(&mut segment);
                }
            }
            None if waiting > INBOX_CHANGES_MAX => return Err(Overflow),
            None => {}
        }
        Ok(())
    }

    fn take_in(&self, segment: &mut Segment) {
        let changes = std::mem::take(&mut *self.lock_inbox());
        for alike in changes.chunk_by(|a, b| std::mem::discriminant(a) == std::mem::discriminant(b)) {
            take_in_alike(segment, alike);
        }
        let bytes = segment.resident_bytes() + size_of::<Self>();
        let before = self.bytes.swap(bytes, Ordering::Relaxed);
        self.resident.fetch_add(bytes, Ordering::Relaxed);
        self.resident.fetch_sub(before, Ordering::Relaxed);
        self.passages.store(segment.held_count() as usize, Ordering::Relaxed);
    }

    fn lock_inbox(&self) -> std::sync::MutexGuard<'_, Vec<Told>> {
        // A list of changes is whole whoever panicked beside it.
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers when it was used last, as a count.
    pub(crate) fn touch(&self, tick: u64) {
        self.used.store(tick, Ordering::Relaxed);
    }

    pub(crate) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    pub(crate) fn passages(&self) -> usize {
        self.passages.load(Ordering::Relaxed)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.resident.fetch_sub(self.bytes(), Ordering::Relaxed);
    }
}

/// Changes of one sort at once: each sort passes over the segment's rows once, however many there are.
fn take_in_alike(segment: &mut Segment, changes: &[Told]) {
    let mut retirements = Vec::new();
    let mut erased: Vec<Owner> = Vec::new();
    for change in changes {
        match change {
            Told::Added(passages) => segment.add(passages),
            Told::Vectors(told) => segment.set_vectors(&told.0, &told.1),
            Told::Retired(retirement) => retirements.push(*retirement),
            Told::Erased(owner) => erased.push(*owner),
        }
    }
    if !retirements.is_empty() {
        segment.retire(&retirements);
    }
    if !erased.is_empty() {
        segment.erase(&erased);
    }
}

async fn load(key: &SegmentKey, store: &Arc<dyn SpaceStore>) -> Result<Segment, PortError> {
    let mut segment = Segment::new(key.clone());
    let mut after = None;
    loop {
        let page = store.passages(key, after, PAGE_PASSAGES).await?;
        segment.add(&page);
        match page.last() {
            Some(last) => after = Some(last.seq),
            None => return Ok(segment.loaded()),
        }
    }
}
