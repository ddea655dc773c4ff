//! Erase: destroys content for good. Ids, times, actors and operations stay; nothing else does.

use std::collections::BTreeSet;
use std::sync::Arc;

use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::id::{MemoryId, MessageId, SessionId, StoreId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::{Evidence, Memory, Status};
use dreamkeeper_domain::origin::Via;
use dreamkeeper_domain::passage::Owner;
use dreamkeeper_domain::ports::{IndexChange, MemoryQuery, SessionQuery, SpaceStore, StoreQuery};
use dreamkeeper_domain::scope::{Scope, SegmentKey};
use jiff::Timestamp;

use crate::error::{check_reason, check_scope};
use crate::{Engine, Principal, VerbError};

/// What is to be erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EraseTarget {
    /// One memory, in every version.
    Memory(MemoryId),
    /// One message.
    Message(MessageId),
    /// Every message of a session.
    Session(SessionId),
    /// A store of topics with all that is in it, also one that is deleted already.
    TopicStore(StoreId),
    /// Every message, memory, state value and store of topics under a scope that names a user, agent, app or run.
    Scope(Scope),
}

/// What was erased.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Erased {
    /// Memories.
    pub memory_count: u64,
    /// Messages.
    pub message_count: u64,
    /// State keys.
    pub state_count: u64,
    /// Stores of topics.
    pub store_count: u64,
}

/// One record to erase, with the segment that its passages are in.
struct Doomed {
    segment: SegmentKey,
    record: Record,
}

/// What can be erased with what it said; topics are redacted, version by version.
#[derive(Clone, Copy)]
enum Record {
    Message(MessageId),
    Memory(MemoryId),
}

impl Record {
    fn owner(self) -> Owner {
        match self {
            Self::Message(id) => Owner::Message(id),
            Self::Memory(id) => Owner::Memory(id),
        }
    }
}

impl Engine {
    /// Erases content for good, from every version, index, quote and receipt.
    ///
    /// A scope is erased in steps of up to [`limits::PAGE_COUNT_MAX`] records; each step is durable by
    /// itself, and repeating an interrupted erase finishes it.
    ///
    /// # Errors
    /// `Forbidden` without `erase`; `NotFound`; `Invalid` for a scope that names nobody.
    pub async fn erase(
        &self,
        principal: &Principal,
        target: EraseTarget,
        reason: Option<String>,
    ) -> Result<Erased, VerbError> {
        principal.require(Permission::Erase)?;
        check_reason(reason.as_ref())?;
        let space = self.space(principal).await?;
        let run = Run { engine: self, principal, space, reason };
        match target {
            EraseTarget::Memory(id) => run.memory(id).await,
            EraseTarget::Message(id) => run.message(id).await,
            EraseTarget::Session(id) => run.session(id, &Scope::default()).await,
            EraseTarget::TopicStore(id) => run.store(id).await,
            EraseTarget::Scope(scope) => run.scope(&scope).await,
        }
    }
}

impl Engine {
    /// Erases the messages of a session, for a job that may.
    pub(crate) async fn erase_session(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        id: SessionId,
    ) -> Result<Erased, VerbError> {
        let reason = Some("the session was temporary".to_owned());
        let run = Run { engine: self, principal, space: space.clone(), reason };
        run.session(id, &Scope::default()).await
    }
}

/// One erase under way.
struct Run<'a> {
    engine: &'a Engine,
    principal: &'a Principal,
    space: Arc<dyn SpaceStore>,
    reason: Option<String>,
}

impl Run<'_> {
    async fn memory(&self, id: MemoryId) -> Result<Erased, VerbError> {
        let memory = self.space.memories(&[id], None).await?.pop();
        let memory = memory.ok_or_else(|| VerbError::not_found("memory", id))?;
        self.destroy(vec![Doomed { segment: memory.scope.segment(), record: Record::Memory(id) }]).await
    }

    async fn message(&self, id: MessageId) -> Result<Erased, VerbError> {
        let message = self.space.messages(&[id]).await?.pop();
        let message = message.ok_or_else(|| VerbError::not_found("message", id))?;
        self.destroy(vec![Doomed { segment: message.scope.segment(), record: Record::Message(id) }]).await
    }

    /// Erases the messages of a session that the scope covers.
    async fn session(&self, id: SessionId, scope: &Scope) -> Result<Erased, VerbError> {
        let session = self.space.session(id).await?.ok_or_else(|| VerbError::not_found("session", id))?;
        let mut erased = Erased::default();
        let step = limits::PAGE_COUNT_MAX as u32;
        for from in (0..session.message_count).step_by(step as usize) {
            let turns = self.space.turns(id, from, from.saturating_add(step)).await?;
            let doomed = turns
                .iter()
                .filter(|message| !message.erased && scope.covers(&message.scope))
                .map(|message| Doomed {
                    segment: message.scope.segment(),
                    record: Record::Message(message.id),
                })
                .collect();
            erased = erased.and(self.destroy(doomed).await?);
        }
        Ok(erased)
    }

    async fn scope(&self, scope: &Scope) -> Result<Erased, VerbError> {
        check_scope(scope)?;
        if (&scope.user, &scope.agent, &scope.app, &scope.run) == (&None, &None, &None, &None) {
            let problem = "names no user, agent, app or run: erasing a whole space is deleting its file";
            return Err(VerbError::invalid("scope", problem));
        }
        let messages = self.sessions(scope).await?;
        let memories = self.memories(scope).await?;
        let state = self.state(scope).await?;
        Ok(messages.and(memories).and(state).and(self.stores(scope).await?))
    }

    async fn store(&self, id: StoreId) -> Result<Erased, VerbError> {
        if self.space.topic_store(id).await?.is_none() {
            return Err(VerbError::not_found("topic store", id));
        }
        self.purge(&[id]).await
    }

    /// Stores whose scope is covered, hidden ones too.
    async fn stores(&self, scope: &Scope) -> Result<Erased, VerbError> {
        let mut doomed = Vec::new();
        for id in self.space.deleted_stores(Timestamp::MAX).await? {
            let store = self.space.topic_store(id).await?;
            doomed.extend(store.filter(|store| scope.covers(&store.scope)).map(|store| store.id));
        }
        let limit = limits::PAGE_COUNT_MAX;
        let mut query = StoreQuery { scope: scope.clone(), archived: true, limit, ..StoreQuery::default() };
        loop {
            let page = self.space.topic_stores(&query).await?;
            doomed.extend(page.items.iter().map(|store| store.id));
            query.after = page.next;
            if query.after.is_none() {
                return self.purge(&doomed).await;
            }
        }
    }

    async fn purge(&self, stores: &[StoreId]) -> Result<Erased, VerbError> {
        for step in stores.chunks(limits::PAGE_COUNT_MAX) {
            self.engine.purge_topic_stores(self.principal, &self.space, step).await?;
        }
        Ok(Erased { store_count: stores.len() as u64, ..Erased::default() })
    }

    async fn sessions(&self, scope: &Scope) -> Result<Erased, VerbError> {
        let mut erased = Erased::default();
        // Messages have labels of their own: a session without the label may hold messages with it.
        let of_ids = Scope { labels: BTreeSet::new(), ..scope.clone() };
        let mut query = SessionQuery { scope: of_ids, after: None, limit: limits::PAGE_COUNT_MAX };
        loop {
            let page = self.space.sessions(&query).await?;
            for session in &page.items {
                erased = erased.and(self.session(session.id, scope).await?);
            }
            query.after = page.next;
            if query.after.is_none() {
                return Ok(erased);
            }
        }
    }

    async fn memories(&self, scope: &Scope) -> Result<Erased, VerbError> {
        let statuses = vec![Status::Active, Status::Superseded, Status::Archived, Status::Forgotten];
        let query = MemoryQuery {
            scope: scope.clone(),
            statuses,
            limit: limits::PAGE_COUNT_MAX,
            ..MemoryQuery::default()
        };
        let mut erased = Erased::default();
        loop {
            // An erased memory leaves the listing, so that the first page is always what is left.
            let page = self.space.list_memories(&query).await?;
            if page.items.is_empty() {
                return Ok(erased);
            }
            let doomed = page
                .items
                .iter()
                .map(|memory| Doomed { segment: memory.scope.segment(), record: Record::Memory(memory.id) })
                .collect();
            erased = erased.and(self.destroy(doomed).await?);
        }
    }

    async fn state(&self, scope: &Scope) -> Result<Erased, VerbError> {
        let mut erased = Erased::default();
        loop {
            // An erased key leaves the listing, so that the first page is always what is left.
            let keys = self.space.state_keys(scope).await?;
            if keys.is_empty() {
                return Ok(erased);
            }
            erased.state_count += keys.len() as u64;
            let reason = &self.reason;
            let writes = keys
                .into_iter()
                .map(|(scope, key)| Write::EraseState { scope, key, reason: reason.clone() })
                .collect();
            self.engine.apply(self.principal, &self.space, writes, |_| Vec::new()).await?;
        }
    }

    async fn destroy(&self, mut doomed: Vec<Doomed>) -> Result<Erased, VerbError> {
        if doomed.is_empty() {
            return Ok(Erased::default());
        }
        doomed.extend(self.derived(&doomed).await?);
        let reason = &self.reason;
        let writes = doomed
            .iter()
            .map(|doomed| match doomed.record {
                Record::Memory(id) => Write::EraseMemory { id, reason: reason.clone() },
                Record::Message(id) => Write::EraseMessage { id, reason: reason.clone() },
            })
            .collect();
        let mut erased = Erased::default();
        let mut changes = Vec::with_capacity(doomed.len());
        for Doomed { segment, record } in doomed {
            match record {
                Record::Memory(_) => erased.memory_count += 1,
                Record::Message(_) => erased.message_count += 1,
            }
            changes.push(IndexChange::Erased { segment, owner: record.owner() });
        }
        self.engine.apply(self.principal, &self.space, writes, |_| changes).await?;
        Ok(erased)
    }
}

impl Run<'_> {
    /// The memories that were learned from these messages and rest on nothing else: their words are the
    /// messages' words.
    async fn derived(&self, doomed: &[Doomed]) -> Result<Vec<Doomed>, VerbError> {
        let of_message = |doomed: &Doomed| match doomed.record {
            Record::Message(id) => Some(id),
            Record::Memory(_) => None,
        };
        let messages: Vec<MessageId> = doomed.iter().filter_map(of_message).collect();
        if messages.is_empty() {
            return Ok(Vec::new());
        }
        let quoting = self.space.memories_by_evidence(&messages).await?;
        let gone = |evidence: &Evidence| evidence.quote.is_empty() || messages.contains(&evidence.message);
        let derived = quoting
            .into_iter()
            .filter(|memory| memory.via == Via::Derived && memory.evidence.iter().all(gone));
        let doom =
            |memory: Memory| Doomed { segment: memory.scope.segment(), record: Record::Memory(memory.id) };
        Ok(derived.map(doom).collect())
    }
}

impl Erased {
    fn and(self, other: Self) -> Self {
        Self {
            memory_count: self.memory_count + other.memory_count,
            message_count: self.message_count + other.message_count,
            state_count: self.state_count + other.state_count,
            store_count: self.store_count + other.store_count,
        }
    }
}
