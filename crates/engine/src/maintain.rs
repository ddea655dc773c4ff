//! Maintain: keeps a space from growing for ever, by written policy. What is archived can be restored; what is
//! taken away (old events, closed candidates) was never a memory; only temporary sessions, and stores of topics
//! that were deleted long ago, are destroyed.

mod policy;
pub(crate) mod rule;

use std::collections::BTreeMap;
use std::sync::Arc;

use dreamkeeper_domain::changeset::{Outcome, Outdated, Pruned, Write};
use dreamkeeper_domain::id::{MemoryId, SessionId, SpaceId, StoreId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::ports::{MemoryQuery, SpaceStore};
use dreamkeeper_domain::version::Operation;
use jiff::{SignedDuration, Timestamp};

use crate::memory_change::Change;
use crate::{Engine, Principal, VerbError};

pub use policy::MaintainPolicy;
pub use rule::ArchiveRule;
use rule::Judgement;

/// Memories that are archived, and records that are taken away, in one step.
const STEP_COUNT: usize = 256;

/// How far maintenance is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MaintainProgress {
    /// Memories looked at.
    pub done: u64,
    /// Active memories, counted at the start.
    pub total: u64,
}

/// A memory that is archived, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archived {
    /// The memory.
    pub memory: MemoryId,
    /// Its words.
    pub text: String,
    /// By which rule.
    pub rule: ArchiveRule,
    /// Why, in a sentence.
    pub because: String,
}

/// What maintenance did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Maintained {
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Active memories that were looked at.
    pub memory_count: u64,
    /// How many were archived, by rule.
    pub archived_counts: BTreeMap<ArchiveRule, u64>,
    /// The first [`limits::MAINTAIN_TOLD_MAX`] of them.
    pub archived: Vec<Archived>,
    /// Events and closed candidates that were taken away.
    pub pruned: Pruned,
    /// Temporary sessions that were erased.
    pub sessions_erased: Vec<SessionId>,
    /// Stores of topics, deleted long enough ago, that were destroyed.
    pub stores_purged: Vec<StoreId>,
}

impl Engine {
    /// The same engine with another policy of maintenance.
    #[must_use]
    pub fn with_maintenance(self, policy: MaintainPolicy) -> Self {
        Self { maintenance: Arc::new(policy), ..self }
    }

    /// Archives and prunes by policy, in steps that are durable each; a dry run tells what it would do.
    ///
    /// # Errors
    /// `Forbidden` without `admin`; `Port` when the store fails; what was done stays done.
    pub async fn maintain(
        &self,
        principal: &Principal,
        dry_run: bool,
        progress: &(dyn Fn(MaintainProgress) + Send + Sync),
    ) -> Result<Maintained, VerbError> {
        principal.require(Permission::Admin)?;
        let run = Run::new(self, principal.space, dry_run).await?;
        run.all(progress).await
    }

    /// Maintains each space that was not for so long; answers what was done, by space. A space that fails is told
    /// to the log and does not hold up the others.
    pub async fn maintain_due(&self, every: SignedDuration) -> Vec<(SpaceId, Maintained)> {
        let mut done = Vec::new();
        let spaces = self.spaces().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the spaces cannot be listed: maintenance waits");
            Vec::new()
        });
        for space in spaces {
            match self.maintain_if_due(space.id, every).await {
                Ok(Some(maintained)) => done.push((space.id, maintained)),
                Ok(None) => {}
                Err(error) => tracing::warn!(space = %space.name, %error, "maintenance waits in this space"),
            }
        }
        done
    }

    async fn maintain_if_due(
        &self,
        id: SpaceId,
        every: SignedDuration,
    ) -> Result<Option<Maintained>, VerbError> {
        let space = self.parts.store.space(id).await?;
        let last = space.maintained_at().await?;
        if last.is_some_and(|last| self.now().duration_since(last) < every) {
            return Ok(None);
        }
        Run::new(self, id, false).await?.all(&|_| {}).await.map(Some)
    }
}

/// One maintenance under way.
struct Run<'a> {
    engine: &'a Engine,
    /// Versions name the job: whoever asked for it did not choose the memories.
    principal: Principal,
    space: Arc<dyn SpaceStore>,
    now: Timestamp,
    dry_run: bool,
}

impl<'a> Run<'a> {
    async fn new(engine: &'a Engine, id: SpaceId, dry_run: bool) -> Result<Self, VerbError> {
        let space = engine.parts.store.space(id).await?;
        let principal = Principal::system(id, "maintain");
        Ok(Self { engine, principal, space, now: engine.now(), dry_run })
    }

    async fn all(
        &self,
        progress: &(dyn Fn(MaintainProgress) + Send + Sync),
    ) -> Result<Maintained, VerbError> {
        let mut report = Maintained { dry_run: self.dry_run, ..Maintained::default() };
        self.archive(&mut report, progress).await?;
        report.pruned = self.prune().await?;
        report.sessions_erased = self.erase_temporary().await?;
        report.stores_purged = self.purge_stores().await?;
        if !self.dry_run {
            self.write(vec![Write::NoteMaintained(self.now)]).await?;
        }
        Ok(report)
    }

    /// Looks at every active memory once. What is archived leaves the list behind the cursor, so that none is
    /// passed over.
    async fn archive(
        &self,
        report: &mut Maintained,
        progress: &(dyn Fn(MaintainProgress) + Send + Sync),
    ) -> Result<(), VerbError> {
        let policy = &self.engine.maintenance;
        let stats = self.space.stats(self.engine.parts.embedder.identity()).await?;
        let active = |(word, count): &(String, u64)| (word == Status::Active.as_str()).then_some(*count);
        let total = stats.memory_counts.iter().find_map(active).unwrap_or(0);
        let mut query = MemoryQuery { limit: STEP_COUNT, ..MemoryQuery::default() };
        loop {
            let page = self.space.list_memories(&query).await?;
            let ids: Vec<MemoryId> = page.items.iter().map(|memory| memory.id).collect();
            let usefulness = self.space.usefulness(&ids).await?;
            report.memory_count += ids.len() as u64;
            let mut changes = Vec::new();
            for memory in page.items {
                let fared = usefulness.iter().find(|found| found.memory == memory.id).copied();
                if let Some(Judgement { rule, because }) = rule::judge(&memory, fared, policy, self.now) {
                    report.note(&memory, rule, &because);
                    changes.push(archived(memory, because));
                }
            }
            if !self.dry_run && !changes.is_empty() {
                self.engine.commit(&self.principal, &self.space, changes).await?;
            }
            progress(MaintainProgress { done: report.memory_count, total: total.max(report.memory_count) });
            query.after = page.next;
            if query.after.is_none() {
                return Ok(());
            }
        }
    }

    async fn prune(&self) -> Result<Pruned, VerbError> {
        let policy = &self.engine.maintenance;
        let ago =
            |days: i64| self.now.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN);
        let old = Outdated {
            succeeded_before: ago(i64::from(policy.events_days)),
            failed_before: ago(limits::EVENT_FAILED_KEPT_DAYS),
            closed_before: ago(i64::from(policy.quarantine_days)),
        };
        if self.dry_run {
            return Ok(self.space.outdated(old).await?);
        }
        let mut pruned = Pruned::default();
        loop {
            let step = self.write(vec![Write::Prune { old, count_max: STEP_COUNT }]).await?;
            let Some(Outcome::Pruned(step)) = step.into_iter().next() else { return Ok(pruned) };
            pruned.event_count += step.event_count;
            pruned.held_count += step.held_count;
            if step.event_count.max(step.held_count) < STEP_COUNT as u64 {
                return Ok(pruned);
            }
        }
    }

    async fn erase_temporary(&self) -> Result<Vec<SessionId>, VerbError> {
        let quiet = SignedDuration::from_hours(i64::from(self.engine.maintenance.temporary_hours));
        let before = self.now.checked_sub(quiet).unwrap_or(Timestamp::MIN);
        let mut erased = Vec::new();
        loop {
            let found = self.space.idle_temporary_sessions(before, limits::PAGE_COUNT_MAX).await?;
            if self.dry_run || found.is_empty() {
                erased.extend(found);
                return Ok(erased);
            }
            for session in &found {
                self.engine.erase_session(&self.principal, &self.space, *session).await?;
            }
            erased.extend(found);
        }
    }

    async fn purge_stores(&self) -> Result<Vec<StoreId>, VerbError> {
        let kept = SignedDuration::from_hours(24 * limits::STORE_DELETED_DAYS);
        let before = self.now.checked_sub(kept).unwrap_or(Timestamp::MIN);
        let stores = self.space.deleted_stores(before).await?;
        if !self.dry_run {
            self.engine.purge_topic_stores(&self.principal, &self.space, &stores).await?;
        }
        Ok(stores)
    }

    async fn write(&self, writes: Vec<Write>) -> Result<Vec<Outcome>, VerbError> {
        Ok(self.engine.apply(&self.principal, &self.space, writes, |_| Vec::new()).await?.outcomes)
    }
}

impl Maintained {
    fn note(&mut self, memory: &Memory, rule: ArchiveRule, because: &str) {
        *self.archived_counts.entry(rule).or_default() += 1;
        if self.archived.len() < limits::MAINTAIN_TOLD_MAX {
            self.archived.push(Archived {
                memory: memory.id,
                text: memory.text.clone(),
                rule,
                because: because.to_owned(),
            });
        }
    }
}

fn archived(memory: Memory, because: String) -> Change {
    let after = Memory { status: Status::Archived, ..memory.clone() };
    Change { before: Some(memory), memory: after, operation: Operation::Archive, reason: Some(because) }
}
