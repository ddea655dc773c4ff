//! Change: how versions of topics are written and followed by the index. Whoever changes topics (a verb, the
//! memory tool, an adoption) hands its changes in here, so that they are one ChangeSet.

use std::collections::BTreeMap;
use std::sync::Arc;

use dreamkeeper_domain::changeset::{Applied, ApplyError, ChangeSet, Expected, Write};
use dreamkeeper_domain::id::{StoreId, TopicId, TopicVersionId};
use dreamkeeper_domain::limits;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::{Owner, Passage};
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::topic::{Topic, TopicHead, TopicNote};
use jiff::Timestamp;

use super::place::hash_of;
use crate::error::check_count;
use crate::followed::{Followed, index_changes};
use crate::passages::{self, TopicText};
use crate::{Engine, Principal, VerbError};

/// One version to write, over what was seen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TopicChange {
    /// A state of a topic. Number, times, hash, size and version are given when it is written.
    Put {
        /// The topic.
        id: TopicId,
        /// The number of its latest version, which may record that it went away; 0 for a new topic.
        seen: u32,
        /// Where it stands from now on.
        path: String,
        /// Its content.
        content: String,
        /// Its origin, settled by the writer.
        origin: Origin,
    },
    /// A topic goes away.
    Remove {
        /// The topic, as it was seen.
        head: Box<TopicHead>,
    },
}

impl Engine {
    /// Writes the changes of one store's topics, and further writes, as one ChangeSet; answers the topics that
    /// are there afterwards, in order of the changes, those that went away left out.
    pub(crate) async fn commit_topics(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        changes: Vec<TopicChange>,
        (store, note, further): (StoreId, &TopicNote, Vec<Write>),
    ) -> Result<Vec<Topic>, VerbError> {
        check_count("changes", changes.len() + further.len(), limits::CHANGESET_WRITES_MAX)?;
        let scope = super::place::store(space, store).await?.scope;
        let at = self.now();
        let mut writes = Vec::with_capacity(changes.len() + further.len());
        let (mut followed, mut written) = (Vec::new(), Vec::new());
        for change in changes {
            let (write, follow) = match change {
                TopicChange::Put { id, seen, path, content, origin } => {
                    let topic = self.composed((store, id, seen), (path, content, origin), at);
                    written.push(topic.clone());
                    let expected = if seen == 0 { Expected::Absent } else { Expected::Version(seen) };
                    self.topic_put(topic, &scope, (expected, note)).await
                }
                TopicChange::Remove { head } => {
                    self.topic_removal(head.id, &scope, (Expected::Version(head.number), note), at)
                }
            };
            writes.push(write);
            followed.push(follow);
        }
        writes.extend(further);
        let follow = move |applied: &Applied| index_changes(followed, &applied.outcomes, at);
        // One moment for the version and its passages: two readings of the clock would part them.
        let changes = ChangeSet { idempotency: None, actor: principal.actor.clone(), at, writes };
        self.apply_and_follow(principal, space, changes, follow).await?;
        self.as_written(space, written).await
    }

    pub(crate) fn composed(
        &self,
        (store, id, seen): (StoreId, TopicId, u32),
        (path, content, origin): (String, String, Origin),
        at: Timestamp,
    ) -> Topic {
        let head = TopicHead {
            id,
            store,
            path,
            number: seen + 1,
            version: TopicVersionId::new(at, self.random()),
            hash: hash_of(&content),
            // A content is at most TOPIC_BYTES_MAX long.
            size: u32::try_from(content.len()).unwrap_or(u32::MAX),
            origin,
            created_at: at,
            updated_at: at,
        };
        Topic { head, content }
    }

    /// A version that is there, cut and embedded.
    pub(crate) async fn topic_put(
        &self,
        topic: Topic,
        scope: &Scope,
        (expected, note): (Expected, &TopicNote),
    ) -> (Write, Followed) {
        let head = &topic.head;
        let owner = Owner::Topic(head.id);
        let text = TopicText {
            id: head.id,
            path: &head.path,
            content: &topic.content,
            origin: head.origin,
            at: head.updated_at,
        };
        let (mut passages, texts): (Vec<Passage>, Vec<String>) =
            passages::cut_topic(&text, scope).into_iter().unzip();
        passages::embed(&*self.parts.embedder, &texts, passages.iter_mut()).await;
        let followed =
            Followed { segment: scope.segment(), owner, passages: passages.clone(), retires: true };
        (Write::PutTopic { topic: Box::new(topic), expected, note: note.clone(), passages }, followed)
    }

    /// A version that records that the topic went away.
    pub(crate) fn topic_removal(
        &self,
        id: TopicId,
        scope: &Scope,
        (expected, note): (Expected, &TopicNote),
        at: Timestamp,
    ) -> (Write, Followed) {
        let version = TopicVersionId::new(at, self.random());
        let owner = Owner::Topic(id);
        let followed = Followed { segment: scope.segment(), owner, passages: Vec::new(), retires: true };
        (Write::RemoveTopic { id, version, expected, note: note.clone() }, followed)
    }

    /// The store gives number and times: a topic that was there keeps the moment it was made at.
    async fn as_written(
        &self,
        space: &Arc<dyn SpaceStore>,
        written: Vec<Topic>,
    ) -> Result<Vec<Topic>, VerbError> {
        if written.iter().all(|topic| topic.head.number == 1) {
            return Ok(written);
        }
        let ids: Vec<TopicId> = written.iter().map(|topic| topic.head.id).collect();
        let there = space.topics(&ids, None).await?;
        let made: BTreeMap<TopicId, Timestamp> =
            there.into_iter().map(|topic| (topic.head.id, topic.head.created_at)).collect();
        let known = written.into_iter().map(|mut topic| {
            topic.head.created_at = made.get(&topic.head.id).copied().unwrap_or(topic.head.created_at);
            topic
        });
        Ok(known.collect())
    }

    /// Applies writes that destroy passages of topics; the index forgets the space and loads it anew.
    pub(super) async fn apply_destroying(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        writes: Vec<Write>,
    ) -> Result<(), VerbError> {
        self.apply(principal, space, writes, |_| Vec::new()).await?;
        Ok(self.parts.index.discard(principal.space).await?)
    }
}

/// Whether a topic was changed between reading and writing it, so that it has to be read again.
pub(super) fn was_overtaken(error: &VerbError) -> bool {
    matches!(error, VerbError::Apply(ApplyError::VersionConflict { .. } | ApplyError::NotFound { .. }))
}
