//! Stores of topics: made, changed, archived for good, hidden and brought back.

use std::collections::BTreeMap;
use std::sync::Arc;

use dreamkeeper_domain::changeset::{Expected, Write};
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::ports::{Page, SpaceStore, StoreQuery};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::topic_store::TopicStore;

use super::place;
use crate::error::{check_count, check_scope};
use crate::read::page_limit;
use crate::{Engine, Principal, VerbError};

/// A store to make.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewTopicStore {
    /// What people call it; not unique.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The caller's own pairs.
    pub metadata: BTreeMap<String, String>,
    /// For whom its topics stand in recall; stays as it is.
    pub scope: Scope,
    /// Under which origin an edit of its files on disk comes in; the assistant's unless told.
    pub disk_origin: Option<Origin>,
}

/// What changes of a store; an absent field stays as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TopicStorePatch {
    /// Another name.
    pub name: Option<String>,
    /// Another description; an empty one clears it.
    pub description: Option<String>,
    /// Pairs to set, and keys to take away.
    pub metadata: BTreeMap<String, Option<String>>,
    /// Another origin for edits on disk.
    pub disk_origin: Option<Origin>,
    /// The version of the store that the caller has seen.
    pub expected_version: Option<u32>,
}

impl Engine {
    /// Makes a store of topics.
    ///
    /// # Errors
    /// `Forbidden` without `write`; `Invalid` for anything over a bound.
    pub async fn create_topic_store(
        &self,
        principal: &Principal,
        new: NewTopicStore,
    ) -> Result<TopicStore, VerbError> {
        principal.require(Permission::Write)?;
        check_scope(&new.scope)?;
        let at = self.now();
        let store = TopicStore {
            id: StoreId::new(at, self.random()),
            version: 1,
            name: new.name,
            description: new.description,
            metadata: new.metadata,
            scope: new.scope,
            disk_origin: new.disk_origin.unwrap_or(Origin::Assistant).under(principal.ceiling),
            created_at: at,
            updated_at: at,
            archived_at: None,
            deleted_at: None,
        };
        check_store(&store)?;
        self.put_store(principal, store, Expected::Absent).await
    }

    /// A store that is not deleted.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound`.
    pub async fn topic_store(&self, principal: &Principal, id: StoreId) -> Result<TopicStore, VerbError> {
        principal.require(Permission::Read)?;
        place::store(&self.space(principal).await?, id).await
    }

    /// Stores that are not deleted, newest first; `limit` 0 is the usual page.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `Invalid` for a limit out of bounds.
    pub async fn list_topic_stores(
        &self,
        principal: &Principal,
        query: StoreQuery,
    ) -> Result<Page<TopicStore>, VerbError> {
        principal.require(Permission::Read)?;
        check_scope(&query.scope)?;
        let limit = page_limit((query.limit > 0).then_some(query.limit))?;
        Ok(self.space(principal).await?.topic_stores(&StoreQuery { limit, ..query }).await?)
    }

    /// How many live topics a store holds, and their bytes.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound`.
    pub async fn topic_sums(&self, principal: &Principal, id: StoreId) -> Result<(u64, u64), VerbError> {
        principal.require(Permission::Read)?;
        let space = self.space(principal).await?;
        place::store(&space, id).await?;
        Ok(space.topic_sums(id).await?)
    }

    /// Changes a store itself; nothing is written where nothing differs.
    ///
    /// # Errors
    /// `Forbidden` without `write`; `NotFound`; `Apply` when it is archived or at another version; `Invalid` for
    /// anything over a bound.
    pub async fn update_topic_store(
        &self,
        principal: &Principal,
        id: StoreId,
        patch: TopicStorePatch,
    ) -> Result<TopicStore, VerbError> {
        let before = self.store_to_change(principal, id).await?;
        let mut store = before.clone();
        store.name = patch.name.unwrap_or(store.name);
        store.description = patch.description.unwrap_or(store.description);
        store.disk_origin =
            patch.disk_origin.map_or(store.disk_origin, |origin| origin.under(principal.ceiling));
        for (key, value) in patch.metadata {
            match value {
                Some(value) => store.metadata.insert(key, value),
                None => store.metadata.remove(&key),
            };
        }
        check_store(&store)?;
        if !before.is_open() {
            return Err(dreamkeeper_domain::changeset::ApplyError::StoreClosed(id).into());
        }
        let expected = patch.expected_version.unwrap_or(before.version);
        if store == before && expected == before.version {
            return Ok(before);
        }
        self.put_store(principal, store, Expected::Version(expected)).await
    }

    /// Makes a store read-only for good; its topics leave recall. Archiving again changes nothing.
    ///
    /// # Errors
    /// `Forbidden` without `write`; `NotFound`.
    pub async fn archive_topic_store(
        &self,
        principal: &Principal,
        id: StoreId,
    ) -> Result<TopicStore, VerbError> {
        let before = self.store_to_change(principal, id).await?;
        if before.archived_at.is_some() {
            return Ok(before);
        }
        let expected = Expected::Version(before.version);
        self.put_store(principal, TopicStore { archived_at: Some(self.now()), ..before }, expected).await
    }

    /// Hides a store with all that is in it; its content is destroyed [`limits::STORE_DELETED_DAYS`] later.
    /// Until then [`Engine::undelete_topic_store`] brings it back.
    ///
    /// # Errors
    /// `Forbidden` without `write`; `NotFound`, also the second time.
    pub async fn delete_topic_store(
        &self,
        principal: &Principal,
        id: StoreId,
    ) -> Result<TopicStore, VerbError> {
        let before = self.store_to_change(principal, id).await?;
        let expected = Expected::Version(before.version);
        self.put_store(principal, TopicStore { deleted_at: Some(self.now()), ..before }, expected).await
    }

    /// Brings a deleted store back that is not destroyed yet.
    ///
    /// # Errors
    /// `Forbidden` without `write`; `NotFound` once it is destroyed.
    pub async fn undelete_topic_store(
        &self,
        principal: &Principal,
        id: StoreId,
    ) -> Result<TopicStore, VerbError> {
        principal.require(Permission::Write)?;
        let found = self.space(principal).await?.topic_store(id).await?;
        let before = found.ok_or_else(|| VerbError::not_found("topic store", id))?;
        if before.deleted_at.is_none() {
            return Ok(before);
        }
        let expected = Expected::Version(before.version);
        self.put_store(principal, TopicStore { deleted_at: None, ..before }, expected).await
    }

    /// Destroys stores with all that is in them, for a job or an erasure that may.
    pub(crate) async fn purge_topic_stores(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        stores: &[StoreId],
    ) -> Result<(), VerbError> {
        if stores.is_empty() {
            return Ok(());
        }
        let writes = stores.iter().copied().map(Write::PurgeTopicStore).collect();
        self.apply_destroying(principal, space, writes).await
    }

    async fn store_to_change(&self, principal: &Principal, id: StoreId) -> Result<TopicStore, VerbError> {
        principal.require(Permission::Write)?;
        place::store(&self.space(principal).await?, id).await
    }

    async fn put_store(
        &self,
        principal: &Principal,
        mut store: TopicStore,
        expected: Expected,
    ) -> Result<TopicStore, VerbError> {
        let space = self.space(principal).await?;
        store.updated_at = self.now();
        if let Expected::Version(seen) = expected {
            store.version = seen + 1;
        }
        let write = Write::PutTopicStore { store: Box::new(store.clone()), expected };
        self.apply(principal, &space, vec![write], |_| Vec::new()).await?;
        Ok(store)
    }
}

fn check_store(store: &TopicStore) -> Result<(), VerbError> {
    if store.name.is_empty() || store.name.chars().any(char::is_control) {
        return Err(VerbError::invalid("name", "is empty or has a control character: give the store a name"));
    }
    check_chars("name", &store.name, limits::STORE_NAME_CHARS_MAX)?;
    check_chars("description", &store.description, limits::STORE_DESCRIPTION_CHARS_MAX)?;
    check_count("metadata", store.metadata.len(), limits::STORE_METADATA_MAX)?;
    for (key, value) in &store.metadata {
        if key.is_empty() {
            return Err(VerbError::invalid("metadata", "a key is empty: name it"));
        }
        check_chars("metadata", key, limits::STORE_METADATA_KEY_CHARS_MAX)?;
        check_chars("metadata", value, limits::STORE_METADATA_VALUE_CHARS_MAX)?;
    }
    Ok(())
}

fn check_chars(field: &str, text: &str, max: usize) -> Result<(), VerbError> {
    let count = text.chars().count();
    if count <= max {
        return Ok(());
    }
    Err(VerbError::invalid(field, format!("{count} characters, at most {max} are allowed")))
}
