//! Reads of many records: pages, filters, passages and counts.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::str::FromStr;

use dreamkeeper_domain::filter::Filter;
use dreamkeeper_domain::limits::{PINNED_RECALL_COUNT_MAX, STATE_RECALL_COUNT_MAX};
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::passage::{EmbedderIdentity, Owner, Passage, PassageSeq, StoredPassage};
use dreamkeeper_domain::ports::{
    Holding, MemoryQuery, Page, PortError, PortErrorKind, SegmentSummary, SessionQuery, Snapshot,
    SnapshotQuery, SpaceStats,
};
use dreamkeeper_domain::scope::{Scope, SegmentKey};
use dreamkeeper_domain::session::Session;
use dreamkeeper_domain::state::StateEntry;
use jiff::Timestamp;

use super::model::Model;

impl Model {
    pub(super) fn list_memories(&self, query: &MemoryQuery) -> Result<Page<Memory>, PortError> {
        let wanted = |memory: &Memory| {
            let by_status = if query.statuses.is_empty() {
                memory.status == Status::Active
            } else {
                query.statuses.contains(&memory.status)
            };
            by_status
                && query.scope.covers(&memory.scope)
                && (!query.pinned_only || memory.pinned)
                && query.unexpired_at.is_none_or(|moment| !memory.is_expired(moment))
                && query.filter.as_ref().is_none_or(|filter| filter.admits(memory))
        };
        let found = self.memories.values().map(|record| record.current.clone()).filter(wanted);
        let place = |memory: &Memory| (memory.updated_at, memory.id);
        page(found.collect(), place, query.after.as_deref(), query.limit)
    }

    pub(super) fn list_sessions(&self, query: &SessionQuery) -> Result<Page<Session>, PortError> {
        let found = self.sessions.values().filter(|session| query.scope.covers(&session.scope)).cloned();
        let place = |session: &Session| (session.last_at, session.id);
        page(found.collect(), place, query.after.as_deref(), query.limit)
    }

    pub(super) fn owners(&self, scope: &Scope, filter: &Filter, as_of: Option<Timestamp>) -> Vec<Owner> {
        let messages = self
            .messages
            .values()
            .filter(|message| as_of.is_none_or(|moment| message.recorded_at <= moment))
            .filter(|message| scope.covers(&message.scope) && filter.admits(*message))
            .map(|message| Owner::Message(message.id));
        let memories = self
            .memories
            .keys()
            .filter_map(|id| self.memory(*id, as_of))
            .filter(|memory| scope.covers(&memory.scope) && filter.admits(memory))
            .map(|memory| Owner::Memory(memory.id));
        messages.chain(memories).collect()
    }

    pub(super) fn list_state(&self, scope: &Scope, as_of: Option<Timestamp>) -> Vec<StateEntry> {
        let mut found: Vec<StateEntry> = self
            .state
            .keys()
            .filter(|(of, _)| scope.covers(of))
            .filter_map(|place| self.state_entry(place, as_of))
            .filter(|entry| entry.value.is_some())
            .collect();
        found.sort_by(|a, b| (&a.key, &a.scope).cmp(&(&b.key, &b.scope)));
        found
    }

    pub(super) fn state_keys(&self, scope: &Scope) -> Vec<(Scope, String)> {
        let under = self.state.iter().filter(|((of, _), _)| scope.covers(of));
        under
            .filter(|(_, record)| record.versions.iter().any(|version| version.content.is_some()))
            .map(|(place, _)| place.clone())
            .collect()
    }

    pub(super) fn snapshot(&self, query: &SnapshotQuery) -> Snapshot {
        let SnapshotQuery { scope, as_of, pins } = query;
        let mut state = self.list_state(scope, *as_of);
        state.truncate(STATE_RECALL_COUNT_MAX);
        let mut pinned: Vec<Memory> = self
            .memories
            .keys()
            .filter_map(|id| self.memory(*id, *as_of))
            .filter(|memory| memory.pinned && memory.status == Status::Active && pins.admits(memory))
            .filter(|memory| scope.covers(&memory.scope))
            .collect();
        pinned.sort_by_key(|memory| Reverse((memory.updated_at, memory.id)));
        pinned.truncate(PINNED_RECALL_COUNT_MAX);
        Snapshot { state, pinned }
    }

    pub(super) fn segments(&self) -> Vec<SegmentSummary> {
        let mut counts: BTreeMap<SegmentKey, u64> = BTreeMap::new();
        for passage in self.passages.values() {
            *counts.entry(passage.scope.segment()).or_default() += 1;
        }
        counts.into_iter().map(|(key, passage_count)| SegmentSummary { key, passage_count }).collect()
    }

    pub(super) fn passages_where(
        &self,
        wanted: impl Fn(&Passage) -> bool,
        after: Option<PassageSeq>,
        limit: usize,
    ) -> Vec<StoredPassage> {
        self.passages
            .iter()
            .filter(|(seq, passage)| after.is_none_or(|after| **seq > after) && wanted(passage))
            .map(|(seq, passage)| StoredPassage { seq: *seq, passage: passage.clone() })
            .take(limit)
            .collect()
    }

    /// The passages of the owners after one, messages first.
    pub(super) fn holdings(&self, after: Option<Owner>, limit: usize) -> Vec<Holding> {
        let messages = self.messages.keys().map(|id| (Owner::Message(*id), 0..=0));
        let memories =
            self.memories.iter().map(|(id, record)| (Owner::Memory(*id), 1..=record.versions.len() as u32));
        let topics = self.topics.topics.iter();
        let topics = topics.map(|(id, record)| (Owner::Topic(*id), 1..=record.versions.len() as u32));
        let owners = messages
            .chain(memories)
            .chain(topics)
            .filter(|(owner, _)| after.is_none_or(|after| *owner > after));
        let texts =
            owners.take(limit).flat_map(|(owner, versions)| versions.map(move |version| (owner, version)));
        texts
            .map(|(owner, version)| {
                let places = self.brought.get(&(owner, version)).into_iter().flatten();
                let held = places.filter_map(|place| Some((*place, Some(self.passages.get(place)?.clone()))));
                Holding { owner, version, passages: held.collect() }
            })
            .collect()
    }

    /// The places of passages that nobody brought.
    pub(super) fn strays(&self) -> BTreeSet<PassageSeq> {
        let brought: BTreeSet<PassageSeq> = self.brought.values().flatten().copied().collect();
        self.passages.keys().filter(|place| !brought.contains(place)).copied().collect()
    }

    pub(super) fn stats(&self, embedder: &EmbedderIdentity) -> SpaceStats {
        let with = |status: Status| {
            let count = self.memories.values().filter(|record| record.current.status == status).count();
            (status.as_str().to_owned(), count as u64)
        };
        let memory_versions = self.memories.values().map(|record| record.versions.len());
        let topics = &self.topics.topics;
        let state_versions = self.state.values().map(|record| record.versions.len());
        SpaceStats {
            session_count: self.sessions.len() as u64,
            message_count: self.messages.len() as u64,
            memory_counts: Status::ALL.into_iter().map(with).collect(),
            version_count: memory_versions.chain(state_versions).sum::<usize>() as u64,
            state_count: self.state.values().filter(|record| record.current.value.is_some()).count() as u64,
            receipt_count: self.receipts.len() as u64,
            store_count: self.topics.stores.values().filter(|store| store.deleted_at.is_none()).count()
                as u64,
            topic_count: topics.values().filter(|record| record.is_live).count() as u64,
            topic_version_count: topics.values().map(|record| record.versions.len() as u64).sum(),
            dream_count: self.dreams.count(),
            passage_count: self.passages.len() as u64,
            stale_passage_count: self.passages.values().filter(|passage| is_stale(passage, embedder)).count()
                as u64,
            disk_bytes: 0,
        }
    }
}

/// Whether a passage has no vector of this embedder.
pub(super) fn is_stale(passage: &Passage, embedder: &EmbedderIdentity) -> bool {
    passage.vector.as_ref().is_none_or(|(made_by, _)| made_by != embedder)
}

/// Records by (moment, id), latest first, after a cursor; the cursor is the last record's moment and id.
pub(super) fn page<T, I: Ord + Copy + Display + FromStr>(
    mut records: Vec<T>,
    place: impl Fn(&T) -> (Timestamp, I),
    after: Option<&str>,
    limit: usize,
) -> Result<Page<T>, PortError> {
    let after = after.map(read_cursor).transpose()?;
    records.retain(|record| after.is_none_or(|after| place(record) < after));
    records.sort_by_key(|record| Reverse(place(record)));
    let more = records.len() > limit;
    records.truncate(limit);
    let last = records.last().map(&place).filter(|_| more);
    Ok(Page { next: last.map(|(moment, id)| format!("{moment}|{id}")), items: records })
}

fn read_cursor<I: FromStr>(text: &str) -> Result<(Timestamp, I), PortError> {
    let parts = text.split_once('|').and_then(|(moment, id)| Some((moment.parse().ok()?, id.parse().ok()?)));
    parts.ok_or_else(|| PortError::new(PortErrorKind::Refused, format!("`{text}` is no cursor of a page")))
}
