//! One space behind the port: a lock around the model, nothing else.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use dreamkeeper_domain::changeset::{Applied, ApplyError, ChangeSet};
use dreamkeeper_domain::filter::Filter;
use dreamkeeper_domain::id::{MemoryId, MessageId, ReceiptId, SessionId};
use dreamkeeper_domain::limits::PAGE_COUNT_MAX;
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::passage::{EmbedderIdentity, Owner, Passage, PassageSeq, StoredPassage};
use dreamkeeper_domain::ports::{
    AuditEntry, Holding, LooseEnds, MemoryPage, MemoryQuery, Page, PortError, PortErrorKind, SegmentSummary,
    SessionQuery, Snapshot, SnapshotQuery, SpaceStats, SpaceStore, Surroundings,
};
use dreamkeeper_domain::receipt::Receipt;
use dreamkeeper_domain::scope::{Scope, SegmentKey};
use dreamkeeper_domain::session::Session;
use dreamkeeper_domain::state::StateEntry;
use dreamkeeper_domain::version::Version;
use jiff::Timestamp;

use super::listing::is_stale;
use super::model::Model;
use super::{Disk, lock};

/// One space of a [`super::MemoryStore`].
#[derive(Debug)]
pub struct MemorySpace {
    model: Mutex<Model>,
    disk: Arc<Disk>,
}

impl MemorySpace {
    pub(super) fn new(model: Model, disk: Arc<Disk>) -> Self {
        Self { model: Mutex::new(model), disk }
    }

    /// Damages stored passages, as a broken disk would; a passage without a matching text is a stray.
    pub fn damage_passages(&self, damage: impl FnOnce(&mut BTreeMap<PassageSeq, Passage>)) {
        damage(&mut lock(&self.model).passages);
    }

    pub(super) fn read<T>(&self, question: impl FnOnce(&Model) -> T) -> T {
        question(&lock(&self.model))
    }
}

#[async_trait]
impl SpaceStore for MemorySpace {
    async fn apply(&self, changes: ChangeSet) -> Result<Applied, ApplyError> {
        self.disk.allow_write()?;
        let mut model = lock(&self.model);
        let mut changed = model.clone();
        let applied = changed.apply(&changes)?;
        *model = changed;
        Ok(applied)
    }

    async fn session(&self, id: SessionId) -> Result<Option<Session>, PortError> {
        Ok(self.read(|model| model.sessions.get(&id).cloned()))
    }

    async fn session_by_key(&self, scope: &Scope, key: &str) -> Result<Option<Session>, PortError> {
        Ok(self.read(|model| model.session_by_key(scope, key).cloned()))
    }

    async fn current_session(&self, scope: &Scope) -> Result<Option<Session>, PortError> {
        Ok(self.read(|model| model.current_session(scope).cloned()))
    }

    async fn sessions(&self, query: &SessionQuery) -> Result<Page<Session>, PortError> {
        self.read(|model| model.list_sessions(query))
    }

    async fn messages(&self, ids: &[MessageId]) -> Result<Vec<Message>, PortError> {
        Ok(self.read(|model| ids.iter().filter_map(|id| model.messages.get(id).cloned()).collect()))
    }

    async fn surroundings(&self, ids: &[MessageId], reach: u32) -> Result<Surroundings, PortError> {
        Ok(self.read(|model| model.surroundings(ids, reach)))
    }

    async fn turns(&self, session: SessionId, from: u32, to: u32) -> Result<Vec<Message>, PortError> {
        let mut turns = self.read(|model| model.turns(session, from, to));
        turns.truncate(PAGE_COUNT_MAX);
        Ok(turns)
    }

    async fn memories(&self, ids: &[MemoryId], as_of: Option<Timestamp>) -> Result<Vec<Memory>, PortError> {
        Ok(self.read(|model| ids.iter().filter_map(|id| model.memory(*id, as_of)).collect()))
    }

    async fn list_memories(&self, query: &MemoryQuery) -> Result<MemoryPage, PortError> {
        self.read(|model| model.list_memories(query))
    }

    async fn owners(
        &self,
        scope: &Scope,
        filter: &Filter,
        as_of: Option<Timestamp>,
    ) -> Result<Vec<Owner>, PortError> {
        Ok(self.read(|model| model.owners(scope, filter, as_of)))
    }

    async fn memory_versions(&self, id: MemoryId) -> Result<Vec<Version>, PortError> {
        Ok(self
            .read(|model| model.memories.get(&id).map(|record| record.versions.clone()).unwrap_or_default()))
    }

    async fn state(&self, scope: &Scope, key: &str) -> Result<Option<StateEntry>, PortError> {
        Ok(self.read(|model| model.state_entry(&(scope.clone(), key.to_owned()), None)))
    }

    async fn list_state(&self, scope: &Scope) -> Result<Vec<StateEntry>, PortError> {
        let mut entries = self.read(|model| model.list_state(scope, None));
        entries.truncate(PAGE_COUNT_MAX);
        Ok(entries)
    }

    async fn state_keys(&self, scope: &Scope) -> Result<Vec<(Scope, String)>, PortError> {
        let mut keys = self.read(|model| model.state_keys(scope));
        keys.truncate(PAGE_COUNT_MAX);
        Ok(keys)
    }

    async fn state_versions(&self, scope: &Scope, key: &str) -> Result<Vec<Version>, PortError> {
        let place = (scope.clone(), key.to_owned());
        Ok(self
            .read(|model| model.state.get(&place).map(|record| record.versions.clone()).unwrap_or_default()))
    }

    async fn snapshot(&self, query: &SnapshotQuery) -> Result<Snapshot, PortError> {
        Ok(self.read(|model| model.snapshot(query)))
    }

    async fn receipt(&self, id: ReceiptId) -> Result<Option<Receipt>, PortError> {
        Ok(self.read(|model| model.receipts.get(&id).cloned()))
    }

    async fn segments(&self) -> Result<Vec<SegmentSummary>, PortError> {
        Ok(self.read(Model::segments))
    }

    async fn passages(
        &self,
        segment: &SegmentKey,
        after: Option<PassageSeq>,
        limit: usize,
    ) -> Result<Vec<StoredPassage>, PortError> {
        let of_segment = |passage: &Passage| passage.scope.segment() == *segment;
        Ok(self.read(|model| model.passages_where(of_segment, after, limit)))
    }

    async fn stale_passages(
        &self,
        embedder: &EmbedderIdentity,
        after: Option<PassageSeq>,
        limit: usize,
    ) -> Result<Vec<StoredPassage>, PortError> {
        Ok(self.read(|model| model.passages_where(|passage| is_stale(passage, embedder), after, limit)))
    }

    async fn holdings(&self, after: Option<Owner>, limit: usize) -> Result<Vec<Holding>, PortError> {
        Ok(self.read(|model| model.holdings(after, limit)))
    }

    async fn loose_ends(&self) -> Result<LooseEnds, PortError> {
        let stray_count = self.read(|model| model.strays().len() as u64);
        Ok(LooseEnds { stray_count, ..LooseEnds::default() })
    }

    async fn audit(&self, after: u64, limit: usize) -> Result<Vec<AuditEntry>, PortError> {
        Ok(self.read(|model| {
            model.audit.iter().filter(|entry| entry.number > after).take(limit).cloned().collect()
        }))
    }

    async fn idle_temporary_sessions(
        &self,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<SessionId>, PortError> {
        Ok(self.read(|model| model.idle_temporary_sessions(before, limit)))
    }

    async fn maintained_at(&self) -> Result<Option<Timestamp>, PortError> {
        Ok(self.read(|model| model.maintained_at))
    }

    async fn stats(&self, embedder: &EmbedderIdentity) -> Result<SpaceStats, PortError> {
        Ok(self.read(|model| model.stats(embedder)))
    }

    async fn check(&self) -> Result<Vec<String>, PortError> {
        Ok(self.read(Model::check))
    }

    async fn backup(&self, to: &Path, progress: &(dyn Fn(u64, u64) + Send + Sync)) -> Result<(), PortError> {
        let mut copies = lock(&self.disk.copies);
        if to.exists() || copies.contains_key(to) {
            let what = format!("{} is there already: a backup makes a new file", to.display());
            return Err(PortError::new(PortErrorKind::Refused, what));
        }
        progress(0, 1);
        copies.insert(to.to_owned(), self.read(Model::clone));
        progress(1, 1);
        Ok(())
    }
}
