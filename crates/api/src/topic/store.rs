//! Stores of topics.

use std::collections::BTreeMap;

use dreamkeeper_domain::id::StoreId;
use dreamkeeper_domain::topic_store;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::moment::Moment;
use crate::scope::Scope;
use crate::words::Origin;

/// A named set of Markdown files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TopicStore {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: StoreId,
    /// Counts from 1 and grows with every change of the store itself.
    pub version: u32,
    /// What people call it; not unique.
    pub name: String,
    /// What it is for; empty when nobody said.
    pub description: String,
    /// The caller's own pairs.
    pub metadata: BTreeMap<String, String>,
    /// For whom its topics stand in recall.
    pub scope: Scope,
    /// Under which origin an edit of its files on disk comes in.
    pub disk_origin: Origin,
    /// When it was made.
    pub created_at: Moment,
    /// When the store itself was changed last.
    pub updated_at: Moment,
    /// Since when it is read-only, for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Moment>,
    /// Since when it is hidden; its content is destroyed 30 days later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Moment>,
}

impl From<topic_store::TopicStore> for TopicStore {
    fn from(noun: topic_store::TopicStore) -> Self {
        Self {
            id: noun.id,
            version: noun.version,
            name: noun.name,
            description: noun.description,
            metadata: noun.metadata,
            scope: noun.scope.into(),
            disk_origin: noun.disk_origin.into(),
            created_at: Moment(noun.created_at),
            updated_at: Moment(noun.updated_at),
            archived_at: noun.archived_at.map(Moment),
            deleted_at: noun.deleted_at.map(Moment),
        }
    }
}

/// A store to make.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTopicStore {
    /// What people call it, 1 to 255 characters; not unique.
    #[schema(example = "Kitchen")]
    pub name: String,
    /// What it is for, at most 1,024 characters.
    #[serde(default)]
    pub description: String,
    /// At most 16 pairs; keys up to 64, values up to 512 characters.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// For whom its topics stand in recall; stays as it is.
    #[serde(default)]
    pub scope: Scope,
    /// Under which origin an edit of its files on disk comes in; `assistant` unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk_origin: Option<Origin>,
}

/// What changes of a store; an absent field stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TopicStorePatch {
    /// Another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Another description; an empty one clears it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Pairs to set; `null` takes a key away.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, Option<String>>,
    /// Another origin for edits on disk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_origin: Option<Origin>,
    /// The version that the caller has seen; refused with 409 when it is not the current one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<u32>,
}
