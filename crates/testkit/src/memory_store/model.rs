//! The records of one space as plain maps, and the reads that look one thing up.

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::changeset::Applied;
use dreamkeeper_domain::id::{MemoryId, MessageId, ReceiptId, SessionId};
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::passage::{Owner, Passage, PassageSeq};
use dreamkeeper_domain::ports::{AuditEntry, Surroundings};
use dreamkeeper_domain::receipt::Receipt;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;
use dreamkeeper_domain::state::StateEntry;
use dreamkeeper_domain::version::Version;
use jiff::Timestamp;

use super::dreams::Dreams;
use super::learning::Learning;
use super::topics::Topics;

/// A record that keeps every version of itself.
#[derive(Debug, Clone)]
pub(super) struct Versioned<T> {
    pub(super) current: T,
    pub(super) versions: Vec<Version>,
}

/// What a ChangeSet under an idempotency key was answered.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) digest: Option<[u8; 32]>,
    pub(super) at: Timestamp,
    pub(super) applied: Applied,
}

/// One space.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    pub(super) sessions: BTreeMap<SessionId, Session>,
    pub(super) messages: BTreeMap<MessageId, Message>,
    pub(super) places: BTreeMap<(SessionId, u32), MessageId>,
    pub(super) memories: BTreeMap<MemoryId, Versioned<Memory>>,
    pub(super) state: BTreeMap<(Scope, String), Versioned<StateEntry>>,
    pub(super) receipts: BTreeMap<ReceiptId, Receipt>,
    pub(super) passages: BTreeMap<PassageSeq, Passage>,
    /// Which passages each message (version 0) and each version of a memory brought.
    pub(super) brought: BTreeMap<(Owner, u32), Vec<PassageSeq>>,
    /// Kept apart from the passages: a place is never used twice, even when its passage is erased.
    pub(super) passage_count_ever: u64,
    /// Without a digest once something was erased.
    pub(super) answers: BTreeMap<String, Answer>,
    pub(super) audit: Vec<AuditEntry>,
    pub(super) learning: Learning,
    pub(super) maintained_at: Option<Timestamp>,
    pub(super) topics: Topics,
    pub(super) dreams: Dreams,
}

impl Model {
    pub(super) fn idle_temporary_sessions(&self, before: Timestamp, limit: usize) -> Vec<SessionId> {
        let holds = |session: &Session| {
            self.messages.values().any(|message| message.session == session.id && !message.erased)
        };
        let idle =
            |session: &&Session| session.temporary && session.last_recorded_at < before && holds(session);
        let mut found: Vec<&Session> = self.sessions.values().filter(idle).collect();
        found.sort_by_key(|session| (session.last_recorded_at, session.id));
        found.into_iter().take(limit).map(|session| session.id).collect()
    }

    pub(super) fn session_by_key(&self, scope: &Scope, key: &str) -> Option<&Session> {
        self.sessions
            .values()
            .find(|session| session.key.as_deref() == Some(key) && same_ids(&session.scope, scope))
    }

    pub(super) fn current_session(&self, scope: &Scope) -> Option<&Session> {
        self.sessions
            .values()
            .filter(|session| session.key.is_none() && same_ids(&session.scope, scope))
            .max_by_key(|session| (session.last_recorded_at, session.id))
    }

    pub(super) fn message_by_client_id(&self, session: SessionId, client_id: &str) -> Option<&Message> {
        self.messages
            .values()
            .find(|message| message.session == session && message.client_id.as_deref() == Some(client_id))
    }

    pub(super) fn turns(&self, session: SessionId, from: u32, to: u32) -> Vec<Message> {
        let place = |ordinal| (session, ordinal);
        if from >= to {
            return Vec::new();
        }
        self.places.range(place(from)..place(to)).map(|(_, id)| self.messages[id].clone()).collect()
    }

    pub(super) fn surroundings(&self, ids: &[MessageId], reach: u32) -> Surroundings {
        let named = ids.iter().filter_map(|id| self.messages.get(id));
        let near = named.flat_map(|message| {
            let ordinals = message.ordinal.saturating_sub(reach)..=message.ordinal.saturating_add(reach);
            self.places.range((message.session, *ordinals.start())..=(message.session, *ordinals.end()))
        });
        let near: BTreeMap<_, _> = near.collect();
        let sessions: BTreeSet<SessionId> = near.keys().map(|(session, _)| *session).collect();
        Surroundings {
            messages: near.values().map(|id| self.messages[id].clone()).collect(),
            sessions: sessions.iter().map(|id| self.sessions[id].clone()).collect(),
        }
    }

    /// A memory now, or as it was recorded at a moment; `None` when it was not there then.
    pub(super) fn memory(&self, id: MemoryId, as_of: Option<Timestamp>) -> Option<Memory> {
        let record = self.memories.get(&id)?;
        match as_of {
            None => Some(record.current.clone()),
            Some(moment) => read(last_by(&record.versions, moment)?, &record.current),
        }
    }

    /// A state entry now, or as it was recorded at a moment.
    pub(super) fn state_entry(
        &self,
        place: &(Scope, String),
        as_of: Option<Timestamp>,
    ) -> Option<StateEntry> {
        let record = self.state.get(place)?;
        match as_of {
            None => Some(record.current.clone()),
            Some(moment) => read(last_by(&record.versions, moment)?, &record.current),
        }
    }

    /// What is wrong, in sentences.
    pub(super) fn check(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for session in self.sessions.values() {
            let held = self.messages.values().filter(|message| message.session == session.id).count();
            if held != session.message_count as usize {
                wrong.push(format!("session {} counts {} of {held}", session.id, session.message_count));
            }
        }
        for (id, record) in &self.memories {
            if record.versions.len() != record.current.version as usize {
                wrong.push(format!("memory {id} has lost a version"));
            }
        }
        wrong
    }
}

/// Whether user, agent, app and run are exactly the same; labels may differ.
pub(super) fn same_ids(a: &Scope, b: &Scope) -> bool {
    (&a.user, &a.agent, &a.app, &a.run) == (&b.user, &b.agent, &b.app, &b.run)
}

fn last_by(versions: &[Version], moment: Timestamp) -> Option<&Version> {
    versions.iter().rfind(|version| version.at <= moment)
}

/// The record that a version holds; an erased one is what is left of it now.
fn read<T: Clone + serde::de::DeserializeOwned>(version: &Version, current: &T) -> Option<T> {
    match &version.content {
        Some(content) => {
            Some(serde_json::from_value(content.clone()).expect("a version holds what was written"))
        }
        None => Some(current.clone()),
    }
}
