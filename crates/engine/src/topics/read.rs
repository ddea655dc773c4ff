//! Read: one topic, by its id or by where it stands.

use dreamkeeper_domain::id::StoreId;
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::ports::TopicQuery;
use dreamkeeper_domain::topic::Topic;
use jiff::Timestamp;

use super::place::{self, TopicRef, check_path};
use crate::{Engine, Principal, VerbError};

impl Engine {
    /// A live topic of a store; with `as_of` as recorded at that moment.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound` for the store or the topic; `Invalid` for what is no path.
    pub async fn topic(
        &self,
        principal: &Principal,
        store: StoreId,
        named: &TopicRef,
        as_of: Option<Timestamp>,
    ) -> Result<Topic, VerbError> {
        principal.require(Permission::Read)?;
        let space = self.space(principal).await?;
        place::store(&space, store).await?;
        let Some(moment) = as_of else { return place::topic(&space, store, named).await };
        let missing = || VerbError::not_found("topic", named.told());
        let id = match named {
            TopicRef::Id(id) => *id,
            TopicRef::Path(path) => {
                let path = check_path(path)?.to_string();
                let prefix = Some(path.clone());
                let query = TopicQuery { store, prefix, after_path: None, as_of, limit: 1 };
                let found = space.topic_heads(&query).await?.pop().filter(|head| head.path == path);
                found.ok_or_else(missing)?.id
            }
        };
        let found = space.topics(&[id], Some(moment)).await?.pop();
        found.filter(|topic| topic.head.store == store).ok_or_else(missing)
    }
}
