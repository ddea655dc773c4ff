//! Read: records by id, lists, histories.

use dreamkeeper_domain::filter::Filter;
use dreamkeeper_domain::id::{MemoryId, MessageId, SessionId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::ports::{AuditEntry, MemoryPage, MemoryQuery, Page, SessionQuery};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;
use dreamkeeper_domain::version::Version;

use crate::error::check_scope;
use crate::{Engine, Principal, VerbError};

/// Which memories to list, newest change first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListMemories {
    /// For whom.
    pub scope: Scope,
    /// A further test.
    pub filter: Option<Filter>,
    /// Which statuses; empty means active only.
    pub statuses: Vec<Status>,
    /// Lists expired ones too.
    pub expired: bool,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// At most this many; [`limits::PAGE_COUNT_DEFAULT`] unless told.
    pub limit: Option<usize>,
}

/// A record found by its bare id.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// A memory.
    Memory(Box<Memory>),
    /// A message.
    Message(Box<Message>),
    /// A session.
    Session(Box<Session>),
}

/// Every version of a memory, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// The memory as it is now.
    pub memory: Memory,
    /// Its versions.
    pub versions: Vec<Version>,
}

impl Engine {
    /// A memory of any status.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound`.
    pub async fn memory(&self, principal: &Principal, id: MemoryId) -> Result<Memory, VerbError> {
        principal.require(Permission::Read)?;
        let found = self.space(principal).await?.memories(&[id], None).await?.pop();
        found.ok_or_else(|| VerbError::not_found("memory", id))
    }

    /// A message.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound`.
    pub async fn message(&self, principal: &Principal, id: MessageId) -> Result<Message, VerbError> {
        principal.require(Permission::Read)?;
        let found = self.space(principal).await?.messages(&[id]).await?.pop();
        found.ok_or_else(|| VerbError::not_found("message", id))
    }

    /// A session.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound`.
    pub async fn session(&self, principal: &Principal, id: SessionId) -> Result<Session, VerbError> {
        principal.require(Permission::Read)?;
        let found = self.space(principal).await?.session(id).await?;
        found.ok_or_else(|| VerbError::not_found("session", id))
    }

    /// The memory, message or session with that id.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound` also for a text that is no id.
    pub async fn record(&self, principal: &Principal, id: &str) -> Result<Record, VerbError> {
        principal.require(Permission::Read)?;
        let missing = || VerbError::not_found("record", id);
        let space = self.space(principal).await?;
        let memory: MemoryId = id.parse().map_err(|_| missing())?;
        if let Some(memory) = space.memories(&[memory], None).await?.pop() {
            return Ok(Record::Memory(Box::new(memory)));
        }
        let message = MessageId::from_uuid(memory.as_uuid());
        if let Some(message) = space.messages(&[message]).await?.pop() {
            return Ok(Record::Message(Box::new(message)));
        }
        let session = space.session(SessionId::from_uuid(memory.as_uuid())).await?;
        session.map(|session| Record::Session(Box::new(session))).ok_or_else(missing)
    }

    /// Memories by scope and filter, newest change first.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `Invalid` for a limit out of bounds.
    pub async fn list_memories(
        &self,
        principal: &Principal,
        list: ListMemories,
    ) -> Result<MemoryPage, VerbError> {
        principal.require(Permission::Read)?;
        check_scope(&list.scope)?;
        let query = MemoryQuery {
            scope: list.scope,
            filter: list.filter,
            statuses: list.statuses,
            pinned_only: false,
            unexpired_at: (!list.expired).then(|| self.now()),
            after: list.after,
            limit: page_limit(list.limit)?,
        };
        Ok(self.space(principal).await?.list_memories(&query).await?)
    }

    /// Sessions under a scope, latest message first.
    ///
    /// # Errors
    /// As for [`Engine::list_memories`].
    pub async fn list_sessions(
        &self,
        principal: &Principal,
        scope: Scope,
        after: Option<String>,
        limit: Option<usize>,
    ) -> Result<Page<Session>, VerbError> {
        principal.require(Permission::Read)?;
        check_scope(&scope)?;
        let query = SessionQuery { scope, after, limit: page_limit(limit)? };
        Ok(self.space(principal).await?.sessions(&query).await?)
    }

    /// Messages of a session from a place on, in order.
    ///
    /// # Errors
    /// As for [`Engine::list_memories`]; `NotFound` for an unknown session.
    pub async fn turns(
        &self,
        principal: &Principal,
        session: SessionId,
        from: u32,
        limit: Option<usize>,
    ) -> Result<Vec<Message>, VerbError> {
        self.session(principal, session).await?;
        let count = page_limit(limit)? as u32;
        Ok(self.space(principal).await?.turns(session, from, from.saturating_add(count)).await?)
    }

    /// A memory with every version of it, oldest first.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound`.
    pub async fn history(&self, principal: &Principal, id: MemoryId) -> Result<History, VerbError> {
        let memory = self.memory(principal, id).await?;
        let versions = self.space(principal).await?.memory_versions(id).await?;
        Ok(History { memory, versions })
    }

    /// What was changed in the space, oldest first.
    ///
    /// # Errors
    /// `Forbidden` without `admin`; `Invalid` for a limit out of bounds.
    pub async fn audit(
        &self,
        principal: &Principal,
        after: u64,
        limit: Option<usize>,
    ) -> Result<Vec<AuditEntry>, VerbError> {
        principal.require(Permission::Admin)?;
        Ok(self.space(principal).await?.audit(after, page_limit(limit)?).await?)
    }
}

/// Records on one page, as asked or as usual.
pub(crate) fn page_limit(limit: Option<usize>) -> Result<usize, VerbError> {
    match limit {
        None => Ok(limits::PAGE_COUNT_DEFAULT),
        Some(count @ 1..=limits::PAGE_COUNT_MAX) => Ok(count),
        Some(count) => {
            let problem = format!("{count}: expected 1 to {}", limits::PAGE_COUNT_MAX);
            Err(VerbError::invalid("limit", problem))
        }
    }
}
