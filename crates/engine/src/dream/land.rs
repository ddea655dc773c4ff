//! Land: writes topics and memories of one adoption or rollback as one ChangeSet, and lets the index follow. What is
//! written is decided elsewhere.

use std::sync::Arc;

use dreamkeeper_domain::changeset::{Applied, ChangeSet, Expected, Outcome, Write};
use dreamkeeper_domain::id::{DreamId, TopicId, TopicVersionId};
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::{Owner, Passage, PassageSeq};
use dreamkeeper_domain::ports::{IndexChange, SpaceStore};
use dreamkeeper_domain::scope::SegmentKey;
use dreamkeeper_domain::topic::{ContentHash, Topic, TopicHead, TopicNote};
use dreamkeeper_domain::topic_store::TopicStore;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::memory_change::{Change, same_passages};
use crate::passages::{self, TopicText};
use crate::{Engine, Principal, VerbError};

/// What a topic becomes.
pub(super) struct TopicWrite {
    pub(super) id: TopicId,
    /// Path, content and origin; none to take it away.
    pub(super) after: Option<(String, String, Origin)>,
    pub(super) expected: Expected,
}

/// Everything that is written together.
pub(super) struct Landing {
    pub(super) store: Option<TopicStore>,
    pub(super) topics: Vec<TopicWrite>,
    pub(super) memories: Vec<Change>,
    /// The records of the dream, which come first: what fails among them stops all.
    pub(super) records: Vec<Write>,
    pub(super) dream: DreamId,
    pub(super) reason: String,
    pub(super) at: Timestamp,
}

/// What the index is told of one write.
struct Follow {
    segment: SegmentKey,
    owner: Owner,
    passages: Vec<Passage>,
    /// Whether earlier passages go.
    retires: bool,
}

pub(super) fn content_hash(content: &str) -> ContentHash {
    ContentHash(Sha256::digest(content).into())
}

impl Engine {
    pub(super) async fn land(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        landing: Landing,
    ) -> Result<(), VerbError> {
        let at = landing.at;
        let (mut writes, mut follows) = (landing.records, Vec::new());
        let record_count = writes.len();
        let note =
            TopicNote { reason: Some(landing.reason.clone()), session: None, dream: Some(landing.dream) };
        for write in landing.topics {
            let Some(store) = &landing.store else { break };
            let (write, follow) = self.topic_write(store, write, (&note, at)).await;
            writes.push(write);
            follows.push(follow);
        }
        for change in landing.memories {
            let (write, follow) = self.memory_write(change, at).await;
            writes.push(write);
            follows.push(follow);
        }
        let set = ChangeSet { idempotency: None, actor: principal.actor.clone(), at, writes };
        let follow = move |applied: &Applied| index_changes(follows, &applied.outcomes[record_count..], at);
        self.apply_and_follow(principal, space, set, follow).await?;
        Ok(())
    }

    async fn topic_write(
        &self,
        store: &TopicStore,
        write: TopicWrite,
        (note, at): (&TopicNote, Timestamp),
    ) -> (Write, Follow) {
        let (id, expected, note) = (write.id, write.expected, note.clone());
        let version = TopicVersionId::new(at, self.random());
        let (segment, owner) = (store.scope.segment(), Owner::Topic(id));
        let Some((path, content, origin)) = write.after else {
            let follow = Follow { segment, owner, passages: Vec::new(), retires: true };
            return (Write::RemoveTopic { id, version, expected, note }, follow);
        };
        let text = TopicText { id, path: &path, content: &content, origin, at };
        let cut = passages::cut_topic(&text, &store.scope);
        let (mut passages, sources): (Vec<Passage>, Vec<String>) = cut.into_iter().unzip();
        passages::embed(&*self.parts.embedder, &sources, passages.iter_mut()).await;
        let head = TopicHead {
            id,
            store: store.id,
            path,
            // The store counts.
            number: 0,
            version,
            hash: content_hash(&content),
            size: content.len() as u32,
            origin,
            created_at: at,
            updated_at: at,
        };
        let follow = Follow { segment, owner, passages: passages.clone(), retires: true };
        (Write::PutTopic { topic: Box::new(Topic { head, content }), expected, note, passages }, follow)
    }

    async fn memory_write(&self, change: Change, at: Timestamp) -> (Write, Follow) {
        let Change { before, mut memory, operation, reason } = change;
        memory.updated_at = at;
        memory.version = before.as_ref().map_or(1, |before| before.version + 1);
        let keeps = before.as_ref().is_some_and(|before: &Memory| same_passages(before, &memory));
        let passages =
            if keeps { None } else { Some(passages::of_memory(&*self.parts.embedder, &memory).await) };
        let follow = Follow {
            segment: memory.scope.segment(),
            owner: Owner::Memory(memory.id),
            passages: passages.clone().unwrap_or_default(),
            retires: !keeps,
        };
        let expected = before.map_or(Expected::Absent, |before| Expected::Version(before.version));
        (Write::PutMemory { memory: Box::new(memory), expected, operation, reason, passages }, follow)
    }
}

/// The old passages retire; new ones come at their places.
fn index_changes(follows: Vec<Follow>, outcomes: &[Outcome], at: Timestamp) -> Vec<IndexChange> {
    let (mut changes, mut added) = (Vec::new(), Vec::new());
    for (follow, outcome) in follows.into_iter().zip(outcomes) {
        let first = match outcome {
            Outcome::Topic { passages, .. } | Outcome::Memory { passages, .. } => passages.first().copied(),
            _ => None,
        };
        if follow.retires {
            let before = first.unwrap_or(PassageSeq(u64::MAX));
            changes.push(IndexChange::Retired { segment: follow.segment, owner: follow.owner, before, at });
        }
        added.push(follow.passages);
    }
    changes.push(IndexChange::Added(passages::placed(added, outcomes)));
    changes
}
