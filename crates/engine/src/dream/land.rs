//! Land: writes topics and memories of one adoption or rollback as one ChangeSet, and lets the index follow. What is
//! written is decided elsewhere.

use std::sync::Arc;

use dreamkeeper_domain::changeset::{Applied, ChangeSet, Expected, Write};
use dreamkeeper_domain::id::{DreamId, TopicId};
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::topic::TopicNote;
use dreamkeeper_domain::topic_store::TopicStore;
use jiff::Timestamp;

use crate::followed::index_changes;
use crate::memory_change::Change;
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

impl Engine {
    pub(super) async fn land(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        landing: Landing,
    ) -> Result<(), VerbError> {
        let at = landing.at;
        let (mut writes, mut followed) = (landing.records, Vec::new());
        let record_count = writes.len();
        let note =
            TopicNote { reason: Some(landing.reason.clone()), session: None, dream: Some(landing.dream) };
        for TopicWrite { id, after, expected } in landing.topics {
            let Some(store) = &landing.store else { break };
            let (write, follow) = match after {
                // The store counts.
                Some(after) => {
                    let topic = self.composed((store.id, id, 0), after, at);
                    self.topic_put(topic, &store.scope, (expected, &note)).await
                }
                None => self.topic_removal(id, &store.scope, (expected, &note), at),
            };
            writes.push(write);
            followed.push(follow);
        }
        for change in landing.memories {
            let (_, write, follow) = self.memory_put(change, at).await;
            writes.push(write);
            followed.push(follow);
        }
        let set = ChangeSet { idempotency: None, actor: principal.actor.clone(), at, writes };
        let follow = move |applied: &Applied| index_changes(followed, &applied.outcomes[record_count..], at);
        self.apply_and_follow(principal, space, set, follow).await?;
        Ok(())
    }
}
