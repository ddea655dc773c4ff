//! Events: where learning stands, told and mended by people; what they say of memories; who stands to whom.

use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::detail::{Relation, normalised};
use dreamkeeper_domain::event::{LearnEvent, QueueStats};
use dreamkeeper_domain::id::{EventId, MemoryId, SessionId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::ports::{EventQuery, Page};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::summary::Summary;
use dreamkeeper_domain::usefulness::{Feedback, Usefulness};

use crate::error::{check_count, check_scope};
use crate::{Engine, Principal, VerbError};

/// A relation with the memory that tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// Who stands how to whom.
    pub relation: Relation,
    /// The memory, with its evidence and validity.
    pub memory: Memory,
}

impl Engine {
    /// One learning event.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound`.
    pub async fn event(&self, principal: &Principal, id: EventId) -> Result<LearnEvent, VerbError> {
        principal.require(Permission::Read)?;
        self.found_event(principal, id).await
    }

    async fn found_event(&self, principal: &Principal, id: EventId) -> Result<LearnEvent, VerbError> {
        let found = self.space(principal).await?.events(&[id]).await?.pop();
        found.ok_or_else(|| VerbError::not_found("event", id))
    }

    /// Learning events under a scope, newest first.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `Invalid` for a limit over its bound.
    pub async fn list_events(
        &self,
        principal: &Principal,
        query: EventQuery,
    ) -> Result<Page<LearnEvent>, VerbError> {
        principal.require(Permission::Read)?;
        check_scope(&query.scope)?;
        check_count("limit", query.limit, limits::PAGE_COUNT_MAX)?;
        Ok(self.space(principal).await?.list_events(&query).await?)
    }

    /// How full the queue is.
    ///
    /// # Errors
    /// `Forbidden` without `read`.
    pub async fn queue_stats(&self, principal: &Principal) -> Result<QueueStats, VerbError> {
        principal.require(Permission::Read)?;
        Ok(self.space(principal).await?.queue_stats(self.now()).await?)
    }

    /// Makes a failed event wait again.
    ///
    /// # Errors
    /// `Forbidden` without `write`; `NotFound`.
    pub async fn requeue(&self, principal: &Principal, id: EventId) -> Result<LearnEvent, VerbError> {
        principal.require(Permission::Write)?;
        self.found_event(principal, id).await?;
        let space = self.space(principal).await?;
        self.apply(principal, &space, vec![Write::Requeue(id)], |_| Vec::new()).await?;
        self.learning.woken.notify_one();
        self.found_event(principal, id).await
    }

    /// Notes what somebody says of a memory; it moves the memory in recall and in what is kept.
    ///
    /// # Errors
    /// `Forbidden` without `propose`; `NotFound`.
    pub async fn feedback(
        &self,
        principal: &Principal,
        memory: MemoryId,
        feedback: Feedback,
    ) -> Result<Option<Usefulness>, VerbError> {
        principal.require(Permission::Propose)?;
        let space = self.space(principal).await?;
        if space.memories(&[memory], None).await?.is_empty() {
            return Err(VerbError::not_found("memory", memory));
        }
        self.apply(principal, &space, vec![Write::PutFeedback { memory, feedback }], |_| Vec::new()).await?;
        Ok(space.usefulness(&[memory]).await?.pop())
    }

    /// The running summary of a session.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound` when there is none.
    pub async fn summary(&self, principal: &Principal, session: SessionId) -> Result<Summary, VerbError> {
        principal.require(Permission::Read)?;
        let found = self.space(principal).await?.summary(session).await?;
        found.ok_or_else(|| VerbError::not_found("summary of session", session))
    }

    /// Relations under a scope that one end of which has that name, newest first.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `Invalid` for an empty name or a limit over its bound.
    pub async fn relations(
        &self,
        principal: &Principal,
        (scope, name): (&Scope, &str),
        limit: usize,
    ) -> Result<Vec<Edge>, VerbError> {
        principal.require(Permission::Read)?;
        check_scope(scope)?;
        check_count("limit", limit, limits::PAGE_COUNT_MAX)?;
        let asked = normalised(name);
        if asked.is_empty() {
            return Err(VerbError::invalid("name", "is empty: name a person or thing"));
        }
        let space = self.space(principal).await?;
        let mut edges = Vec::new();
        for memory in space.memories_by_name(scope, std::slice::from_ref(&asked), limit).await? {
            let named =
                |end: &str| normalised(end).split(' ').any(|word| word == asked) || normalised(end) == asked;
            for relation in memory.detail.relations.clone() {
                if named(&relation.subject) || named(&relation.object) {
                    edges.push(Edge { relation, memory: memory.clone() });
                }
            }
        }
        edges.truncate(limit);
        Ok(edges)
    }

    /// The names under a scope with how many active memories have each, most first.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `Invalid` for a limit over its bound.
    pub async fn names(
        &self,
        principal: &Principal,
        scope: &Scope,
        limit: usize,
    ) -> Result<Vec<(String, u64)>, VerbError> {
        principal.require(Permission::Read)?;
        check_scope(scope)?;
        check_count("limit", limit, limits::PAGE_COUNT_MAX)?;
        Ok(self.space(principal).await?.names(scope, limit).await?)
    }
}
