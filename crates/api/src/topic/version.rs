//! Versions of topics.

use dreamkeeper_domain::id::{DreamId, SessionId, StoreId, TopicId, TopicVersionId};
use dreamkeeper_domain::topic::{self, ContentHash};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::moment::Moment;
use crate::words::{Actor, Origin, TopicOperation};

/// One state of a topic. Path, content and hash are absent where it was redacted, content and hash also where it
/// records that the topic went away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TopicVersion {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: TopicVersionId,
    /// The topic.
    #[schema(value_type = String, format = "uuid")]
    pub topic: TopicId,
    /// The store.
    #[schema(value_type = String, format = "uuid")]
    pub store: StoreId,
    /// Counts from 1 within the topic.
    pub number: u32,
    /// What the change did.
    pub operation: TopicOperation,
    /// Where the topic stood after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The content after it; absent in lists that did not ask for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The SHA-256 of the content's bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub content_sha256: Option<ContentHash>,
    /// Bytes of the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<u32>,
    /// The topic's origin after it.
    pub origin: Origin,
    /// Who made the change.
    pub actor: Actor,
    /// When it was recorded.
    pub at: Moment,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The session in which it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub session: Option<SessionId>,
    /// The dream that proposed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub dream: Option<DreamId>,
    /// When its content was taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted_at: Option<Moment>,
    /// Who took it away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted_by: Option<Actor>,
}

impl TopicVersion {
    /// The same without its content.
    #[must_use]
    pub fn without_content(self) -> Self {
        Self { content: None, ..self }
    }
}

impl From<topic::TopicVersion> for TopicVersion {
    fn from(noun: topic::TopicVersion) -> Self {
        let (redacted_at, redacted_by) = match noun.redacted {
            Some(redaction) => (Some(Moment(redaction.at)), Some(redaction.actor.into())),
            None => (None, None),
        };
        Self {
            id: noun.id,
            topic: noun.topic,
            store: noun.store,
            number: noun.number,
            operation: noun.operation.into(),
            path: noun.path,
            content: noun.content,
            content_sha256: noun.hash,
            size_bytes: noun.size,
            origin: noun.origin.into(),
            actor: noun.actor.into(),
            at: Moment(noun.at),
            reason: noun.note.reason,
            session: noun.note.session,
            dream: noun.note.dream,
            redacted_at,
            redacted_by,
        }
    }
}
