//! Versions: every state of every topic, told, and emptied where it must not be read any more.

use dreamkeeper_domain::changeset::Write;
use dreamkeeper_domain::id::{StoreId, TopicVersionId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::ports::{Page, TopicVersionQuery};
use dreamkeeper_domain::topic::TopicVersion;

use super::place;
use crate::read::page_limit;
use crate::{Engine, Principal, VerbError};

/// Which versions of a store to list: newest first; every given test must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ListVersions {
    /// The tests; its store and limit are passed over.
    pub tests: TopicVersionQuery,
    /// At most this many, and never more than [`limits::TOPIC_PAGE_MAX`].
    pub limit: Option<usize>,
}

impl Engine {
    /// Lists versions of a store's topics, also of those that went away, with their contents.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound` for the store; `Invalid` for a limit out of bounds.
    pub async fn list_topic_versions(
        &self,
        principal: &Principal,
        store: StoreId,
        list: ListVersions,
    ) -> Result<Page<TopicVersion>, VerbError> {
        principal.require(Permission::Read)?;
        // Contents come along: a page of them is bounded like one of topics.
        let limit = page_limit(list.limit)?.min(limits::TOPIC_PAGE_MAX);
        let space = self.space(principal).await?;
        place::store(&space, store).await?;
        let query = TopicVersionQuery { store: Some(store), limit, ..list.tests };
        Ok(space.topic_versions(&query).await?)
    }

    /// A version of a store's topic.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound`.
    pub async fn topic_version(
        &self,
        principal: &Principal,
        store: StoreId,
        id: TopicVersionId,
    ) -> Result<TopicVersion, VerbError> {
        principal.require(Permission::Read)?;
        let space = self.space(principal).await?;
        place::store(&space, store).await?;
        let found = space.topic_version(id).await?.filter(|version| version.store == store);
        found.ok_or_else(|| VerbError::not_found("topic version", id))
    }

    /// Destroys what a version said: its path, content, hash and reason. When, by whom and that there was one
    /// stays. Redacting again changes nothing.
    ///
    /// # Errors
    /// `Forbidden` without `erase`; `NotFound`; `Apply` for the current version of a live topic.
    pub async fn redact_topic_version(
        &self,
        principal: &Principal,
        store: StoreId,
        id: TopicVersionId,
    ) -> Result<TopicVersion, VerbError> {
        principal.require(Permission::Erase)?;
        let space = self.space(principal).await?;
        place::store(&space, store).await?;
        let found = space.topic_version(id).await?.filter(|version| version.store == store);
        let version = found.ok_or_else(|| VerbError::not_found("topic version", id))?;
        if version.redacted.is_some() {
            return Ok(version);
        }
        self.apply_destroying(principal, &space, vec![Write::RedactTopicVersion(id)]).await?;
        let redacted = space.topic_version(id).await?;
        redacted.ok_or_else(|| VerbError::not_found("topic version", id))
    }
}
