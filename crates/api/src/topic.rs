//! Topics on the wire: Markdown files in named stores, with every version of them.

mod history;
mod load;
mod store;
mod tool;
mod version;
mod write;

use dreamkeeper_domain::id::{StoreId, TopicId, TopicVersionId};
use dreamkeeper_domain::topic::{self, ContentHash, TopicHead};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use history::{Blame, BlamedLine, TopicDiff};
pub use load::{LoadTopicsRequest, LoadedTopic, LoadedTopics};
pub use store::{NewTopicStore, TopicStore, TopicStorePatch};
pub use tool::{ToolAnswer, ToolInput, ToolRequest};
pub use version::TopicVersion;
pub use write::{
    EditTopicRequest, NewTopic, RestoreTopicRequest, TopicPatch, WriteTopicRequest, WrittenTopic,
};

use crate::moment::Moment;
use crate::words::Origin;

/// One Markdown file of a store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Topic {
    /// Its id; stays when it is renamed.
    #[schema(value_type = String, format = "uuid")]
    pub id: TopicId,
    /// The store it is in.
    #[schema(value_type = String, format = "uuid")]
    pub store: StoreId,
    /// Where it stands; unique among the live topics of the store, case counts.
    #[schema(example = "/projects/kitchen.md")]
    pub path: String,
    /// Counts its versions from 1.
    pub number: u32,
    /// The latest version.
    #[schema(value_type = String, format = "uuid")]
    pub version: TopicVersionId,
    /// The SHA-256 of the content's bytes.
    #[schema(value_type = String)]
    pub content_sha256: ContentHash,
    /// Bytes of the content.
    pub size_bytes: u32,
    /// The lowest origin among those whose words are in it.
    pub origin: Origin,
    /// When its first version was recorded.
    pub created_at: Moment,
    /// When its latest version was recorded.
    pub updated_at: Moment,
    /// The content, byte for byte; absent in lists that did not ask for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

impl Topic {
    /// A topic with its content, or without.
    pub fn of(head: TopicHead, content: Option<String>) -> Self {
        Self {
            id: head.id,
            store: head.store,
            path: head.path,
            number: head.number,
            version: head.version,
            content_sha256: head.hash,
            size_bytes: head.size,
            origin: head.origin.into(),
            created_at: Moment(head.created_at),
            updated_at: Moment(head.updated_at),
            content,
        }
    }
}

impl From<topic::Topic> for Topic {
    fn from(noun: topic::Topic) -> Self {
        Self::of(noun.head, Some(noun.content))
    }
}

/// One entry of a list of topics.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListedTopic {
    /// A topic.
    Topic(Box<Topic>),
    /// What stands deeper, as the folder that it is in: `/a/b/`.
    Folder(String),
}
