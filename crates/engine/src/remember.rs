//! Remember: memories written directly, in a named actor's words; update, supersede, forget, restore.
//!
//! Every change is a version. Nothing here destroys content: that is `erase`.

use std::collections::BTreeSet;
use std::sync::Arc;

use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::memory::{Kind, Memory, Status};
use dreamkeeper_domain::origin::{Origin, Via};
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::time::Interval;
use dreamkeeper_domain::version::Operation;
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::error::{check_reason, check_via};
use crate::ground::EvidenceRef;
use crate::memory_change::{Change, check_memory};
use crate::{Engine, Principal, VerbError};

/// A memory to write.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMemory {
    /// What is remembered.
    pub text: String,
    /// What it is about.
    pub kind: Kind,
    /// For whom, with labels.
    pub scope: Scope,
    /// Who really authored it, when that is less than the credential's ceiling.
    pub origin: Option<Origin>,
    /// How it came here.
    pub via: Via,
    /// The quotes it rests on; none for the actor's own word.
    pub evidence: Vec<EvidenceRef>,
    /// Other names under which it is asked for.
    pub aliases: Vec<String>,
    /// Topics it is filed under.
    pub categories: BTreeSet<String>,
    /// The caller's own data.
    pub metadata: Map<String, Value>,
    /// When what it says is true.
    pub validity: Interval,
    /// From when on it is no longer served.
    pub expires_at: Option<Timestamp>,
    /// Whether it is served to every query in its scope.
    pub pinned: bool,
    /// Why it is written.
    pub reason: Option<String>,
}

impl NewMemory {
    /// A plain memory of those words.
    pub fn new(kind: Kind, text: impl Into<String>, scope: Scope) -> Self {
        Self {
            text: text.into(),
            kind,
            scope,
            origin: None,
            via: Via::Live,
            evidence: Vec::new(),
            aliases: Vec::new(),
            categories: BTreeSet::new(),
            metadata: Map::new(),
            validity: Interval::default(),
            expires_at: None,
            pinned: false,
            reason: None,
        }
    }
}

/// What an update changes; an absent field stays as it is, `Some(None)` clears.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MemoryPatch {
    /// New words.
    pub text: Option<String>,
    /// New kind.
    pub kind: Option<Kind>,
    /// New labels.
    pub labels: Option<BTreeSet<String>>,
    /// New aliases.
    pub aliases: Option<Vec<String>>,
    /// New categories.
    pub categories: Option<BTreeSet<String>>,
    /// New metadata, whole.
    pub metadata: Option<Map<String, Value>>,
    /// New validity.
    pub validity: Option<Interval>,
    /// New expiry.
    pub expires_at: Option<Option<Timestamp>>,
    /// Pin or unpin.
    pub pinned: Option<bool>,
    /// How much it matters from now on, 0 to 1; use moves it further.
    pub importance: Option<f32>,
    /// `Active` or `Archived`; other statuses have verbs of their own.
    pub status: Option<Status>,
}

impl Engine {
    /// Writes a new memory.
    ///
    /// # Errors
    /// `Forbidden` without `write`; `Invalid` for anything over a bound, an empty text, or a quote that is
    /// not in its message.
    pub async fn remember(&self, principal: &Principal, new: NewMemory) -> Result<Memory, VerbError> {
        principal.require(Permission::Write)?;
        let space = self.space(principal).await?;
        check_via(new.via)?;
        let (memory, reason) = self.compose(principal, &space, new).await?;
        let change = Change { before: None, memory, operation: Operation::Create, reason };
        let mut written = self.commit(principal, &space, vec![change]).await?;
        written.pop().ok_or_else(|| VerbError::not_found("memory", "new"))
    }

    /// Changes a memory in place: a new version of the same record.
    ///
    /// # Errors
    /// `NotFound`; `Apply` when the memory is not at `expected_version`, or was erased; `Invalid` as for
    /// [`Engine::remember`].
    pub async fn update(
        &self,
        principal: &Principal,
        id: MemoryId,
        update: Update,
    ) -> Result<Memory, VerbError> {
        principal.require(Permission::Write)?;
        let space = self.space(principal).await?;
        let before = self.memory_at(&space, id, update.expected_version).await?;
        check_reason(update.reason.as_ref())?;
        let mut memory = patched(&before, update.patch)?;
        let told_anew = |memory: &Memory| (memory.text.clone(), memory.aliases.clone(), memory.kind);
        if told_anew(&memory) != told_anew(&before) {
            // Nobody puts words under a higher origin than their own (invariant 2).
            memory.origin = memory.origin.under(principal.ceiling);
        }
        check_memory(&memory)?;
        let operation =
            if memory.status == Status::Archived { Operation::Archive } else { Operation::Update };
        self.put_one(
            principal,
            &space,
            Change { before: Some(before), memory, operation, reason: update.reason },
        )
        .await
    }

    /// Replaces a memory by a new one: the old one's validity is closed, both are kept.
    ///
    /// Answers the new memory, which has the old one's scope unless told. The old validity ends where the
    /// new one begins, or now.
    ///
    /// # Errors
    /// As for [`Engine::remember`] and [`Engine::update`].
    pub async fn supersede(
        &self,
        principal: &Principal,
        id: MemoryId,
        new: NewMemory,
    ) -> Result<Memory, VerbError> {
        principal.require(Permission::Write)?;
        check_via(new.via)?;
        let space = self.space(principal).await?;
        let before = self.memory_at(&space, id, None).await?;
        if !matches!(before.status, Status::Active | Status::Archived) {
            let problem = format!("the memory is {}: restore it first", before.status.as_str());
            return Err(VerbError::invalid("status", problem));
        }
        let scope = if new.scope.is_empty() { before.scope.clone() } else { new.scope };
        let (mut memory, reason) = self.compose(principal, &space, NewMemory { scope, ..new }).await?;
        memory.supersedes = Some(id);
        let end = memory.validity.from.unwrap_or(memory.created_at);
        let mut old = before.clone();
        old.status = Status::Superseded;
        old.superseded_by = Some(memory.id);
        if old.validity.to.is_none_or(|to| to > end) && old.validity.from.is_none_or(|from| from < end) {
            old.validity.to = Some(end);
        }
        let changes = vec![
            Change {
                before: Some(before),
                memory: old,
                operation: Operation::Supersede,
                reason: reason.clone(),
            },
            Change { before: None, memory, operation: Operation::Create, reason },
        ];
        let mut written = self.commit(principal, &space, changes).await?;
        written.pop().ok_or_else(|| VerbError::not_found("memory", id))
    }

    /// Hides a memory; `restore` brings it back.
    ///
    /// # Errors
    /// `NotFound`; `Apply` when it was erased.
    pub async fn forget(
        &self,
        principal: &Principal,
        id: MemoryId,
        reason: Option<String>,
    ) -> Result<Memory, VerbError> {
        principal.require(Permission::Write)?;
        check_reason(reason.as_ref())?;
        let space = self.space(principal).await?;
        let before = self.memory_at(&space, id, None).await?;
        if before.status == Status::Forgotten {
            return Ok(before);
        }
        let memory = Memory { status: Status::Forgotten, ..before.clone() };
        let change = Change { before: Some(before), memory, operation: Operation::Forget, reason };
        self.put_one(principal, &space, change).await
    }

    /// Brings a memory back: a forgotten, archived or superseded one becomes active again, and with
    /// `version` it gets that version's content.
    ///
    /// # Errors
    /// `NotFound` for an unknown memory or version; `Apply` when it was erased.
    pub async fn restore(
        &self,
        principal: &Principal,
        id: MemoryId,
        version: Option<u32>,
        reason: Option<String>,
    ) -> Result<Memory, VerbError> {
        principal.require(Permission::Write)?;
        check_reason(reason.as_ref())?;
        let space = self.space(principal).await?;
        let before = self.memory_at(&space, id, None).await?;
        let mut memory = match version {
            None => before.clone(),
            Some(number) => version_of(&space, id, number).await?,
        };
        if memory.superseded_by.is_some() {
            memory.validity = validity_before_supersession(&space, id).await?.unwrap_or(memory.validity);
        }
        memory.status = Status::Active;
        memory.superseded_by = None;
        let change = Change { before: Some(before), memory, operation: Operation::Restore, reason };
        self.put_one(principal, &space, change).await
    }

    /// A memory that can still change, at the version expected.
    async fn memory_at(
        &self,
        space: &Arc<dyn SpaceStore>,
        id: MemoryId,
        expected: Option<u32>,
    ) -> Result<Memory, VerbError> {
        use dreamkeeper_domain::changeset::ApplyError;
        let found = space.memories(&[id], None).await?.pop();
        let memory = found.ok_or_else(|| VerbError::not_found("memory", id))?;
        if memory.status == Status::Erased {
            return Err(ApplyError::Erased { record: format!("memory {id}") }.into());
        }
        match expected {
            Some(expected) if expected != memory.version => Err(ApplyError::VersionConflict {
                record: format!("memory {id}"),
                expected: format!("version {expected}"),
                found: memory.version,
            }
            .into()),
            Some(_) | None => Ok(memory),
        }
    }
}

/// An update of one memory.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Update {
    /// What changes.
    pub patch: MemoryPatch,
    /// The version that the caller has seen; any unless told.
    pub expected_version: Option<u32>,
    /// Why.
    pub reason: Option<String>,
}

fn patched(before: &Memory, patch: MemoryPatch) -> Result<Memory, VerbError> {
    let mut memory = before.clone();
    if let Some(text) = patch.text
        && text != before.text
    {
        // The quotes spoke for the old words; the new ones rest on who writes them.
        memory.evidence.clear();
        memory.text = text;
    }
    memory.kind = patch.kind.unwrap_or(memory.kind);
    memory.scope.labels = patch.labels.unwrap_or(memory.scope.labels);
    memory.aliases = patch.aliases.unwrap_or(memory.aliases);
    memory.categories = patch.categories.unwrap_or(memory.categories);
    memory.metadata = patch.metadata.unwrap_or(memory.metadata);
    memory.validity = patch.validity.unwrap_or(memory.validity);
    memory.expires_at = patch.expires_at.unwrap_or(memory.expires_at);
    memory.pinned = patch.pinned.unwrap_or(memory.pinned);
    if let Some(importance) = patch.importance {
        if !(0.0..=1.0).contains(&importance) {
            return Err(VerbError::invalid("importance", format!("is {importance}: give 0 to 1")));
        }
        memory.detail.importance = Some(importance);
    }
    match patch.status {
        None => {}
        Some(status @ (Status::Active | Status::Archived))
            if matches!(before.status, Status::Active | Status::Archived) =>
        {
            memory.status = status;
        }
        Some(Status::Active | Status::Archived) => {
            let problem = format!("a memory that is {} comes back by `restore`", before.status.as_str());
            return Err(VerbError::invalid("status", problem));
        }
        Some(status @ (Status::Superseded | Status::Forgotten | Status::Erased)) => {
            let problem = format!("`{}` has a verb of its own: supersede, forget or erase", status.as_str());
            return Err(VerbError::invalid("status", problem));
        }
    }
    Ok(memory)
}

/// What the memory's validity was before it was replaced: replacing closes it, and bringing back undoes
/// just that.
async fn validity_before_supersession(
    space: &Arc<dyn SpaceStore>,
    id: MemoryId,
) -> Result<Option<Interval>, VerbError> {
    let versions = space.memory_versions(id).await?;
    let replaced = versions.iter().rev().find(|version| version.operation == Operation::Supersede);
    match replaced.filter(|version| version.number > 1) {
        Some(version) => Ok(Some(version_of(space, id, version.number - 1).await?.validity)),
        None => Ok(None),
    }
}

async fn version_of(space: &Arc<dyn SpaceStore>, id: MemoryId, number: u32) -> Result<Memory, VerbError> {
    let versions = space.memory_versions(id).await?;
    let version = versions.into_iter().find(|version| version.number == number);
    let content = version.and_then(|version| version.content);
    let content = content.ok_or_else(|| VerbError::not_found("version", format!("{id} v{number}")))?;
    serde_json::from_value(content).map_err(|error| {
        use dreamkeeper_domain::ports::{PortError, PortErrorKind};
        let message = format!("version {number} of memory {id} cannot be read: run `dreamkeeper doctor`");
        VerbError::Port(PortError::new(PortErrorKind::Corrupt, message).caused_by(error))
    })
}
