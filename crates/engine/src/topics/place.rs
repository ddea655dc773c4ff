//! Place: finding a store and a topic, for whoever names one.

use std::str::FromStr;
use std::sync::Arc;

use dreamkeeper_domain::id::{InvalidId, SessionId, StoreId, TopicId};
use dreamkeeper_domain::limits;
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::topic::{ContentHash, Topic, TopicNote};
use dreamkeeper_domain::topic_store::TopicStore;
use dreamkeeper_topics::TopicPath;
use sha2::{Digest, Sha256};

use crate::VerbError;
use crate::error::{check_bytes, check_reason};

/// How a caller names a topic of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TopicRef {
    /// By its id, which stays when it is renamed.
    Id(TopicId),
    /// By where it stands.
    Path(String),
}

impl FromStr for TopicRef {
    type Err = InvalidId;

    /// What begins with `/` is a path, anything else an id.
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        if text.starts_with('/') { Ok(Self::Path(text.to_owned())) } else { text.parse().map(Self::Id) }
    }
}

impl TopicRef {
    /// What an error calls it.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Id(id) => id.to_string(),
            Self::Path(path) => path.chars().take(80).collect(),
        }
    }
}

/// A store that is not deleted; an archived one is still read.
pub(super) async fn store(space: &Arc<dyn SpaceStore>, id: StoreId) -> Result<TopicStore, VerbError> {
    let found = space.topic_store(id).await?.filter(|store| store.deleted_at.is_none());
    found.ok_or_else(|| VerbError::not_found("topic store", id))
}

/// A live topic of the store; `None` when there is none.
pub(super) async fn find(
    space: &Arc<dyn SpaceStore>,
    store: StoreId,
    topic: &TopicRef,
) -> Result<Option<Topic>, VerbError> {
    match topic {
        TopicRef::Id(id) => {
            let found = space.topics(&[*id], None).await?.pop();
            Ok(found.filter(|topic| topic.head.store == store))
        }
        TopicRef::Path(path) => Ok(space.topic_at(store, check_path(path)?.as_str()).await?),
    }
}

/// A live topic of the store.
pub(super) async fn topic(
    space: &Arc<dyn SpaceStore>,
    store: StoreId,
    named: &TopicRef,
) -> Result<Topic, VerbError> {
    find(space, store, named).await?.ok_or_else(|| VerbError::not_found("topic", named.told()))
}

/// Refuses what is no path.
pub(super) fn check_path(path: &str) -> Result<TopicPath, VerbError> {
    path.parse()
        .map_err(|error: dreamkeeper_topics::InvalidPath| VerbError::invalid("path", error.to_string()))
}

/// Refuses a content over the bound.
pub(super) fn check_content(content: &str) -> Result<(), VerbError> {
    check_bytes("content", content.len(), limits::TOPIC_BYTES_MAX)
}

/// Refuses a reason over the bound, and a session that is not there.
pub(super) async fn check_note(space: &Arc<dyn SpaceStore>, note: &TopicNote) -> Result<(), VerbError> {
    check_reason(note.reason.as_ref())?;
    match note.session {
        Some(session) => check_session(space, session).await,
        None => Ok(()),
    }
}

async fn check_session(space: &Arc<dyn SpaceStore>, session: SessionId) -> Result<(), VerbError> {
    let found = space.session(session).await?;
    found.map(|_| ()).ok_or_else(|| VerbError::not_found("session", session))
}

/// The hash of a content's bytes.
pub(crate) fn hash_of(content: &str) -> ContentHash {
    ContentHash(Sha256::digest(content).into())
}
