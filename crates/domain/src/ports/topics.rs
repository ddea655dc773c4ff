//! Topic records of a space: stores, topics, their versions, named moments and what stands in directories. A
//! part of [`super::SpaceStore`]; every write of them goes through `apply`.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Page, PortError};
use crate::id::{SessionId, StoreId, TopicId, TopicVersionId};
use crate::scope::Scope;
use crate::topic::{ContentHash, NamedMoment, Topic, TopicHead, TopicOperation, TopicVersion};
use crate::topic_store::TopicStore;

/// Which stores to list: newest first, then by id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StoreQuery {
    /// For whom; an empty scope lists all.
    pub scope: Scope,
    /// Whether archived ones are listed too; deleted ones never are.
    pub archived: bool,
    /// Only those made at or after this moment.
    pub created_from: Option<Timestamp>,
    /// Only those made at or before this moment.
    pub created_to: Option<Timestamp>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// At most this many, 1 to [`crate::limits::PAGE_COUNT_MAX`].
    pub limit: usize,
}

/// Which topics of a store to list: by path, in the order of its bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicQuery {
    /// The store.
    pub store: StoreId,
    /// Only those whose path begins so.
    pub prefix: Option<String>,
    /// Only those whose path is greater.
    pub after_path: Option<String>,
    /// As recorded at that moment; now unless told.
    pub as_of: Option<Timestamp>,
    /// At most this many, 1 to [`crate::limits::PAGE_COUNT_MAX`].
    pub limit: usize,
}

/// Which versions to list: newest first, then by id. Every given test must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TopicVersionQuery {
    /// The store; any of the space when absent.
    pub store: Option<StoreId>,
    /// The topic.
    pub topic: Option<TopicId>,
    /// What the change did.
    pub operation: Option<TopicOperation>,
    /// In which session it was made.
    pub session: Option<SessionId>,
    /// Who made it: an actor's kind and name, as [`crate::actor::Actor`] prints them.
    pub actor: Option<String>,
    /// Only those recorded at or after this moment.
    pub from: Option<Timestamp>,
    /// Only those recorded at or before this moment.
    pub to: Option<Timestamp>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// At most this many, 1 to [`crate::limits::PAGE_COUNT_MAX`].
    pub limit: usize,
}

/// What a file of a working copy holds, as it was last written or read by us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingFile {
    /// The topic's path.
    pub path: String,
    /// The hash of the content that the file was given: the base of a later edit.
    pub base: ContentHash,
}

/// The topic records of one space. Deleted stores are found by id only.
#[async_trait]
pub trait TopicRecords: Send + Sync {
    /// A store.
    async fn topic_store(&self, id: StoreId) -> Result<Option<TopicStore>, PortError>;

    /// Stores under a scope.
    async fn topic_stores(&self, query: &StoreQuery) -> Result<Page<TopicStore>, PortError>;

    /// Stores that were deleted before a moment and are still there.
    async fn deleted_stores(&self, before: Timestamp) -> Result<Vec<StoreId>, PortError>;

    /// How many live topics a store holds, and their bytes.
    async fn topic_sums(&self, store: StoreId) -> Result<(u64, u64), PortError>;

    /// The live topics of a store, without contents, in the order of the question.
    async fn topic_heads(&self, query: &TopicQuery) -> Result<Vec<TopicHead>, PortError>;

    /// The live topics with these ids, in any order; with `as_of` as recorded at that moment.
    async fn topics(&self, ids: &[TopicId], as_of: Option<Timestamp>) -> Result<Vec<Topic>, PortError>;

    /// The live topic of that path.
    async fn topic_at(&self, store: StoreId, path: &str) -> Result<Option<Topic>, PortError>;

    /// Versions, with their contents.
    async fn topic_versions(&self, query: &TopicVersionQuery) -> Result<Page<TopicVersion>, PortError>;

    /// A version.
    async fn topic_version(&self, id: TopicVersionId) -> Result<Option<TopicVersion>, PortError>;

    /// What the working copy of a store holds, by path.
    async fn working_files(&self, store: StoreId) -> Result<Vec<WorkingFile>, PortError>;

    /// The named moments of the space, newest first, at most [`crate::limits::PAGE_COUNT_MAX`].
    async fn named_moments(&self) -> Result<Vec<NamedMoment>, PortError>;
}
