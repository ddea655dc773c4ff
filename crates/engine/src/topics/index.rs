//! The index topic: one line for each topic of a store. It is fresh whenever it is loaded; it is written only
//! when somebody asks, so that nobody's own edit of it meets a change that he did not make.

use std::sync::Arc;

use dreamkeeper_domain::id::{StoreId, TopicId};
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::topic::{Topic, TopicHead};
use dreamkeeper_topics::{INDEX_PATH, links, refresh_index, resolve};
use jiff::Timestamp;

use super::list::all_heads;
use super::write::{NewTopic, TopicWriting, WrittenTopic};
use crate::{Engine, Principal, VerbError};

/// Topics without a line whose content is read for one: more than an index has lines for.
const READ_COUNT_MAX: usize = 200;

/// An index as it should be.
pub(super) struct FreshIndex {
    pub(super) content: String,
    /// The lowest origin among those whose words are in it.
    pub(super) origin: Origin,
}

impl Engine {
    /// Writes the index of a store anew: lines that lead nowhere go, topics without a line get one, everything
    /// else stays as it is. Makes it where there is none.
    ///
    /// # Errors
    /// As for [`Engine::write_topic`].
    pub async fn refresh_topic_index(
        &self,
        principal: &Principal,
        store: StoreId,
        writing: TopicWriting,
    ) -> Result<WrittenTopic, VerbError> {
        let (space, origin) = self.to_write(principal, store, &writing).await?;
        let heads = all_heads(&space, store, None).await?;
        let present = space.topic_at(store, INDEX_PATH).await?;
        let fresh = fresh(&space, &heads, present.as_ref(), None).await?;
        let writing = TopicWriting { origin: Some(origin.min(fresh.origin)), ..writing };
        let new = NewTopic { path: INDEX_PATH.to_owned(), content: fresh.content, writing };
        self.write_topic(principal, store, new).await
    }
}

/// The index of these topics, from the one that is there; with `as_of` of what was recorded at that moment.
pub(super) async fn fresh(
    space: &Arc<dyn SpaceStore>,
    heads: &[TopicHead],
    present: Option<&Topic>,
    as_of: Option<Timestamp>,
) -> Result<FreshIndex, VerbError> {
    let index = present.map(|topic| topic.content.as_str()).unwrap_or_default();
    let paths = || heads.iter().map(|head| head.path.as_str());
    let listed: Vec<String> =
        links(index).iter().filter_map(|link| resolve(INDEX_PATH, link, paths())).collect();
    let missing = heads.iter().filter(|head| head.path != INDEX_PATH && !listed.contains(&head.path));
    let ids: Vec<TopicId> = missing.take(READ_COUNT_MAX).map(|head| head.id).collect();
    let read = space.topics(&ids, as_of).await?;
    let lowest = read.iter().map(|topic| topic.head.origin).chain(present.map(|topic| topic.head.origin));
    let origin = lowest.min().unwrap_or(Origin::Operator);
    let topics = heads.iter().map(|head| {
        let told = read.iter().find(|topic| topic.head.id == head.id);
        (head.path.as_str(), told.map(|topic| topic.content.as_str()).unwrap_or_default())
    });
    Ok(FreshIndex { content: refresh_index(index, topics), origin })
}
