//! Everything that can be read of a space, for rules about all reads at once.

mod levelling;
mod noted;

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::filter::Filter;
use dreamkeeper_domain::id::{MemoryId, MessageId, ReceiptId, SessionId};
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::passage::{EmbedderIdentity, Owner, StoredPassage};
use dreamkeeper_domain::ports::{
    AuditEntry, Embedder, MemoryQuery, SessionQuery, Snapshot, SnapshotQuery, SpaceStats, SpaceStore,
    Surroundings,
};
use dreamkeeper_domain::receipt::Receipt;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;
use dreamkeeper_domain::state::StateEntry;
use dreamkeeper_domain::version::Version;
use jiff::Timestamp;

use super::told;
use crate::ScriptedEmbedder;
use crate::naive_index::all_passages;

/// What a test has written, and so can ask for.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    pub(super) messages: Vec<MessageId>,
    pub(super) memories: Vec<MemoryId>,
    pub(super) state: Vec<(Scope, String)>,
    pub(super) receipts: Vec<ReceiptId>,
    pub(super) moments: Vec<Timestamp>,
}

/// The answers of every read. Places of passages are left out, as they may differ between two stores.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Everything {
    sessions: Vec<Session>,
    turns: BTreeMap<SessionId, Vec<Message>>,
    messages: BTreeMap<MessageId, Message>,
    surroundings: Surroundings,
    memories: BTreeMap<(Option<Timestamp>, MemoryId), Memory>,
    memories_listed: Vec<Memory>,
    memory_versions: Vec<Vec<Version>>,
    owners: BTreeSet<Owner>,
    state: Vec<Option<StateEntry>>,
    state_versions: Vec<Vec<Version>>,
    state_listed: Vec<StateEntry>,
    snapshots: Vec<Snapshot>,
    receipts: Vec<Option<Receipt>>,
    segments: BTreeMap<String, u64>,
    passages: Vec<dreamkeeper_domain::passage::Passage>,
    stale_passages: Vec<dreamkeeper_domain::passage::Passage>,
    audit: Vec<AuditEntry>,
    stats: SpaceStats,
    noted: noted::Noted,
}

/// Reads everything, and levels what a store may answer in its own way.
pub(super) async fn everything(space: &dyn SpaceStore, asked: &Asked) -> Everything {
    let mut all = Everything::default();
    read_messages(space, asked, &mut all).await;
    read_memories(space, asked, &mut all).await;
    read_state(space, asked, &mut all).await;
    read_passages(space, &mut all).await;
    for id in &asked.receipts {
        all.receipts.push(told(space.receipt(*id).await));
    }
    all.audit = told(space.audit(0, 10_000).await);
    for word in all.audit.iter_mut().flat_map(|entry| &mut entry.writes) {
        // How a write is called is the store's own affair.
        assert!(!word.is_empty(), "each write has its word");
        word.clear();
    }
    all.stats = SpaceStats { disk_bytes: 0, ..told(space.stats(&an_identity()).await) };
    // A store may leave out what it has none of, in any order.
    all.stats.memory_counts.retain(|(_, count)| *count > 0);
    all.stats.memory_counts.sort();
    all.noted = noted::noted(space, &asked.moments).await;
    levelling::level(&mut all);
    all
}

async fn read_messages(space: &dyn SpaceStore, asked: &Asked, all: &mut Everything) {
    let query = SessionQuery { limit: 1_000, ..SessionQuery::default() };
    all.sessions = told(space.sessions(&query).await).items;
    all.sessions.sort_by_key(|session| session.id);
    for session in &all.sessions {
        all.turns.insert(session.id, told(space.turns(session.id, 0, u32::MAX).await));
    }
    let messages = told(space.messages(&asked.messages).await);
    all.messages = messages.into_iter().map(|message| (message.id, message)).collect();
    all.surroundings = told(space.surroundings(&asked.messages, 1).await);
    all.surroundings.sessions.sort_by_key(|session| session.id);
    let owners = told(space.owners(&Scope::default(), &Filter::And(Vec::new()), None).await);
    all.owners = owners.into_iter().collect();
}

async fn read_memories(space: &dyn SpaceStore, asked: &Asked, all: &mut Everything) {
    let moments = asked.moments.iter().copied().map(Some).chain([None]);
    for moment in moments {
        for memory in told(space.memories(&asked.memories, moment).await) {
            all.memories.insert((moment, memory.id), memory);
        }
        all.snapshots
            .push(told(space.snapshot(&SnapshotQuery { as_of: moment, ..SnapshotQuery::default() }).await));
    }
    // Two changed at one moment may stand in either order.
    for snapshot in &mut all.snapshots {
        snapshot.pinned.sort_by_key(|memory| (memory.updated_at, memory.id));
    }
    let query = MemoryQuery { statuses: Status::ALL.to_vec(), limit: 1_000, ..MemoryQuery::default() };
    all.memories_listed = told(space.list_memories(&query).await).items;
    all.memories_listed.sort_by_key(|memory| (memory.updated_at, memory.id));
    for id in &asked.memories {
        all.memory_versions.push(told(space.memory_versions(*id).await));
    }
}

async fn read_state(space: &dyn SpaceStore, asked: &Asked, all: &mut Everything) {
    for (scope, key) in &asked.state {
        all.state.push(told(space.state(scope, key).await));
        all.state_versions.push(told(space.state_versions(scope, key).await));
    }
    all.state_listed = told(space.list_state(&Scope::default()).await);
    all.state_listed.sort_by(|a, b| (&a.key, &a.scope).cmp(&(&b.key, &b.scope)));
}

async fn read_passages(space: &dyn SpaceStore, all: &mut Everything) {
    for segment in told(space.segments().await) {
        let found = told(all_passages(space, &segment.key).await);
        assert!(found.is_sorted_by(|a, b| a.seq < b.seq), "passages come in order of place");
        assert_eq!(found.len() as u64, segment.passage_count, "a segment counts its passages");
        if segment.passage_count > 0 {
            all.segments.insert(segment.key.encode(), segment.passage_count);
        }
        all.passages.extend(found.into_iter().map(|stored| stored.passage));
    }
    let stale = told(space.stale_passages(&an_identity(), None, 10_000).await);
    assert!(stale.is_sorted_by(|a, b| a.seq < b.seq), "stale passages come in order of place");
    let passage = |stored: StoredPassage| stored.passage;
    all.stale_passages = stale.into_iter().map(passage).collect();
    all.passages.sort_by_key(|passage| (passage.owner, passage.recorded_at, passage.span));
}

/// The embedder that everything is asked for.
pub(super) fn an_identity() -> EmbedderIdentity {
    ScriptedEmbedder::default().identity().clone()
}
