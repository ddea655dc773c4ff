//! Memory changes: how versions of memories are composed, checked, written and followed by the index.

use std::sync::Arc;

use dreamkeeper_domain::changeset::{Applied, Expected, Write};
use dreamkeeper_domain::detail::Detail;
use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::passage::Owner;
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::version::Operation;
use jiff::Timestamp;
use serde_json::Value;

use crate::error::{check_bytes, check_count, check_reason, check_scope};
use crate::followed::{Followed, index_changes};
use crate::ground::ground;
use crate::remember::NewMemory;
use crate::{Engine, Principal, VerbError, passages};

/// One version to write, beside what was there.
pub(crate) struct Change {
    pub(crate) before: Option<Memory>,
    pub(crate) memory: Memory,
    pub(crate) operation: Operation,
    pub(crate) reason: Option<String>,
}

impl Engine {
    pub(crate) async fn compose(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        new: NewMemory,
    ) -> Result<(Memory, Option<String>), VerbError> {
        let at = self.now();
        check_count("evidence", new.evidence.len(), limits::MEMORY_EVIDENCE_MAX)?;
        check_reason(new.reason.as_ref())?;
        let (evidence, floor) = ground(space, &new.evidence).await?;
        let declared = new.origin.unwrap_or(principal.ceiling).under(principal.ceiling);
        let memory = Memory {
            id: MemoryId::new(at, self.random()),
            version: 1,
            text: new.text,
            kind: new.kind,
            scope: new.scope,
            status: Status::Active,
            // Derived things carry the lowest origin among their sources (invariant 2).
            origin: floor.map_or(declared, |floor| declared.min(floor)),
            via: new.via,
            author: principal.actor.clone(),
            evidence,
            detail: Detail::default(),
            aliases: new.aliases,
            categories: new.categories,
            metadata: new.metadata,
            validity: new.validity,
            expires_at: new.expires_at,
            pinned: new.pinned,
            supersedes: None,
            superseded_by: None,
            created_at: at,
            updated_at: at,
        };
        check_memory(&memory)?;
        Ok((memory, new.reason))
    }

    pub(crate) async fn put_one(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        change: Change,
    ) -> Result<Memory, VerbError> {
        let id = change.memory.id;
        let mut written = self.commit(principal, space, vec![change]).await?;
        written.pop().ok_or_else(|| VerbError::not_found("memory", id))
    }

    /// Writes the changes as one ChangeSet and lets the index follow; answers the memories as written.
    pub(crate) async fn commit(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        changes: Vec<Change>,
    ) -> Result<Vec<Memory>, VerbError> {
        self.commit_with(principal, space, changes, Vec::new()).await
    }

    /// The same with further writes, which come first: what fails among them stops all.
    pub(crate) async fn commit_with(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        changes: Vec<Change>,
        first: Vec<Write>,
    ) -> Result<Vec<Memory>, VerbError> {
        let at = self.now();
        let first_count = first.len();
        let (mut writes, mut followed, mut memories) = (first, Vec::new(), Vec::new());
        for change in changes {
            let (memory, write, follow) = self.memory_put(change, at).await;
            memories.push(memory);
            writes.push(write);
            followed.push(follow);
        }
        let follow = move |applied: &Applied| index_changes(followed, &applied.outcomes[first_count..], at);
        self.apply(principal, space, writes, follow).await?;
        Ok(memories)
    }

    /// A version as it will be, cut and embedded where what is indexed differs.
    pub(crate) async fn memory_put(&self, change: Change, at: Timestamp) -> (Memory, Write, Followed) {
        let Change { before, mut memory, operation, reason } = change;
        memory.updated_at = at;
        memory.version = before.as_ref().map_or(1, |before| before.version + 1);
        let keeps = before.as_ref().is_some_and(|before| same_passages(before, &memory));
        let passages =
            if keeps { None } else { Some(passages::of_memory(&*self.parts.embedder, &memory).await) };
        let followed = Followed {
            segment: memory.scope.segment(),
            owner: Owner::Memory(memory.id),
            passages: passages.clone().unwrap_or_default(),
            retires: !keeps,
        };
        let expected = before.map_or(Expected::Absent, |before| Expected::Version(before.version));
        let put = Box::new(memory.clone());
        (memory, Write::PutMemory { memory: put, expected, operation, reason, passages }, followed)
    }
}

/// Whether the passages of one version serve the next: nothing that is indexed differs.
pub(crate) fn same_passages(before: &Memory, after: &Memory) -> bool {
    (&before.text, &before.aliases, &before.scope, before.kind, before.origin, before.validity.from)
        == (&after.text, &after.aliases, &after.scope, after.kind, after.origin, after.validity.from)
}

pub(crate) fn check_memory(memory: &Memory) -> Result<(), VerbError> {
    if memory.text.trim().is_empty() {
        return Err(VerbError::invalid("text", "is empty: say what is to be remembered"));
    }
    check_bytes("text", memory.text.len(), limits::MEMORY_BYTES_MAX)?;
    check_scope(&memory.scope)?;
    check_count("aliases", memory.aliases.len(), limits::MEMORY_ALIASES_MAX)?;
    check_count("categories", memory.categories.len(), limits::MEMORY_CATEGORIES_MAX)?;
    for name in memory.aliases.iter().chain(&memory.categories) {
        check_bytes("aliases or categories", name.len(), limits::SCOPE_ID_BYTES_MAX)?;
    }
    let metadata = Value::Object(memory.metadata.clone()).to_string();
    check_bytes("metadata", metadata.len(), limits::METADATA_BYTES_MAX)?;
    if memory.validity.is_ordered() {
        return Ok(());
    }
    Err(VerbError::invalid("validity", "ends before it begins: `from` must be earlier than `to`"))
}
