//! Memories of a store, and the folders that a list tells in their place.

use dreamkeeper_domain::id::{StoreId, TopicId, TopicVersionId};
use dreamkeeper_domain::topic::{ContentHash, Topic, TopicHead};
use serde::{Deserialize, Serialize};

use super::id::WireId;
use super::view::View;
use crate::moment::Moment;

/// A memory to make.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMemory {
    /// Where it stands.
    pub path: String,
    /// Its content; may be empty.
    pub content: String,
}

/// What changes of a memory; an absent or null field stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MemoryPatch {
    /// Another content, whole.
    pub content: Option<String>,
    /// Another place.
    pub path: Option<String>,
    /// What must be there.
    pub precondition: Option<Precondition>,
}

/// What must be there for a change to be made.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Precondition {
    r#type: PreconditionType,
    /// The hash of the content that the caller has seen.
    pub content_sha256: ContentHash,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
enum PreconditionType {
    #[serde(rename = "content_sha256")]
    ContentSha256,
}

/// A text at a path of a store.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Memory {
    id: WireId<TopicId>,
    r#type: &'static str,
    memory_store_id: WireId<StoreId>,
    memory_version_id: WireId<TopicVersionId>,
    path: String,
    content: Option<String>,
    content_sha256: ContentHash,
    content_size_bytes: u32,
    created_at: Moment,
    updated_at: Moment,
}

impl Memory {
    /// A topic without its content, and the content where it comes along.
    pub fn of(head: TopicHead, content: Option<String>) -> Self {
        Self {
            id: WireId(head.id),
            r#type: "memory",
            memory_store_id: WireId(head.store),
            memory_version_id: WireId(head.version),
            path: head.path,
            content,
            content_sha256: head.hash,
            content_size_bytes: head.size,
            created_at: Moment(head.created_at),
            updated_at: Moment(head.updated_at),
        }
    }

    /// A topic in a view.
    pub fn seen(topic: Topic, view: View) -> Self {
        Self::of(topic.head, view.is_full().then_some(topic.content))
    }
}

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum MemoryListItem {
    /// A memory.
    Memory(Box<Memory>),
    /// What stands deeper, as the folder that it is in.
    Prefix(MemoryPrefix),
}

/// A folder of a store.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MemoryPrefix {
    r#type: &'static str,
    path: String,
}

impl From<String> for MemoryPrefix {
    fn from(path: String) -> Self {
        Self { r#type: "memory_prefix", path }
    }
}
