//! Rollback: takes one adoption back. What it wrote becomes what stood there before, byte for byte and under the same ids;
//! what was written elsewhere since stays, and where both meet it is shown.

mod topics;

use dreamkeeper_domain::changeset::{Expected, Write};
use dreamkeeper_domain::dream::{ChangeReview, Dream, Effect, ProposedChange};
use dreamkeeper_domain::id::{DreamId, MemoryId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::version::Operation;
use jiff::Timestamp;

use super::adopt::store_of;
use super::land::{Landing, TopicWrite};
use super::read::found;
use crate::memory_change::Change;
use crate::{Engine, Principal, VerbError};

/// What to do where something was changed after the adoption.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnCollision {
    /// Write nothing and show it.
    #[default]
    Refuse,
    /// Leave what was written later; roll the rest back.
    KeepLater,
    /// Bring back what stood before the adoption; later versions stay in the history.
    RestoreEarlier,
}

/// Something that was changed after the adoption where the rollback would change it too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    /// The topic's path, or the memory's id.
    pub place: String,
    /// What stood there before the adoption; none where nothing did.
    pub before: Option<String>,
    /// What the adoption made of it.
    pub adopted: Option<String>,
    /// What stands there now.
    pub now: Option<String>,
}

/// What a rollback did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolledBack {
    /// The dream after it.
    pub dream: Dream,
    /// Whether it was done; when not, nothing was written.
    pub done: bool,
    /// How many topics and memories were brought back.
    pub restored_count: usize,
    /// Where later changes met it.
    pub collisions: Vec<Collision>,
}

/// What is brought back.
#[derive(Default)]
struct Plan {
    topics: Vec<TopicWrite>,
    memories: Vec<Change>,
    collisions: Vec<Collision>,
}

impl Engine {
    /// Takes an adoption back; the latest that stands unless told. Its changes can be adopted again.
    ///
    /// # Errors
    /// `Forbidden` without `approve`; `NotFound`; `Invalid` where there is nothing to roll back; `Apply` where something
    /// changed in between: nothing was written; `Port` when the store fails.
    pub async fn roll_back_dream(
        &self,
        principal: &Principal,
        (id, number): (DreamId, Option<u32>),
        on_collision: OnCollision,
    ) -> Result<RolledBack, VerbError> {
        principal.require(Permission::Approve)?;
        let space = self.space(principal).await?;
        let mut dream = found(&*space, id).await?;
        let is_meant = |adoption: &&mut dreamkeeper_domain::dream::Adoption| match number {
            Some(number) => adoption.number == number,
            None => adoption.rolled_back.is_none(),
        };
        let before = dream.version;
        let Some(adoption) = dream.adoptions.iter_mut().rev().find(is_meant) else {
            return Err(VerbError::invalid("adoption", "there is none to roll back: adopt something first"));
        };
        if adoption.rolled_back.is_some() {
            return Err(VerbError::invalid(
                "adoption",
                format!("{} was rolled back already", adoption.number),
            ));
        }
        let at = self.now();
        adoption.rolled_back = Some((principal.actor.clone(), at));
        let (number, adopted_at) = (adoption.number, adoption.at);
        let mut changes = space.proposed_changes(id).await?;
        changes.retain(|change| change.review == ChangeReview::Adopted { adoption: number });
        let mut plan = Plan::default();
        topics::plan(&*space, (id, dream.target.store, adopted_at), (&changes, on_collision), &mut plan)
            .await?;
        memories(&*space, adopted_at, (&changes, on_collision), &mut plan).await?;
        if on_collision == OnCollision::Refuse && !plan.collisions.is_empty() {
            let dream = found(&*space, id).await?;
            return Ok(RolledBack { dream, done: false, restored_count: 0, collisions: plan.collisions });
        }
        for change in &mut changes {
            change.review = ChangeReview::RolledBack { adoption: number };
        }
        let restored_count = plan.topics.len() + plan.memories.len();
        let records = vec![
            Write::PutDream { dream: Box::new(dream.clone()), expected: Expected::Version(before) },
            Write::PutProposedChanges { dream: id, changes },
        ];
        let store = store_of(&space, &dream).await?;
        let reason = format!("adoption {number} of dream {id} was rolled back");
        let Plan { topics, memories, collisions } = plan;
        let landing = Landing { store, topics, memories, records, dream: id, reason, at };
        self.land(principal, &space, landing).await?;
        dream.version += 1;
        Ok(RolledBack { dream, done: true, restored_count, collisions })
    }
}

/// Memories come back as they were before the version that the adoption wrote.
async fn memories(
    space: &dyn SpaceStore,
    adopted_at: Timestamp,
    (changes, on_collision): (&[ProposedChange], OnCollision),
    plan: &mut Plan,
) -> Result<(), VerbError> {
    let written = |effect: &Effect| match effect {
        Effect::Memory(effect) if effect.before.as_deref() != Some(&*effect.after) => Some(effect.memory),
        Effect::Memory(_) | Effect::Topic(_) => None,
    };
    let ids: Vec<MemoryId> =
        changes.iter().flat_map(|change| change.effects.iter().filter_map(written)).collect();
    for id in ids {
        let versions = space.memory_versions(id).await?;
        let memory = |number: u32| {
            let version = versions.iter().find(|version| version.number == number)?;
            serde_json::from_value::<Memory>(version.content.clone()?).ok()
        };
        let Some(adopted) = versions.iter().rev().find(|version| version.at == adopted_at) else { continue };
        let Some(now) = versions.last().and_then(|version| memory(version.number)) else { continue };
        let Some(before) = adopted.number.checked_sub(1).and_then(memory) else { continue };
        if now.version != adopted.number {
            plan.collisions.push(Collision {
                place: id.to_string(),
                before: Some(before.text.clone()),
                adopted: memory(adopted.number).map(|memory| memory.text),
                now: Some(now.text.clone()),
            });
            if on_collision != OnCollision::RestoreEarlier {
                continue;
            }
        }
        let reason = Some("an adoption was rolled back".to_owned());
        plan.memories.push(Change {
            before: Some(now),
            memory: before,
            operation: Operation::Restore,
            reason,
        });
    }
    Ok(())
}
