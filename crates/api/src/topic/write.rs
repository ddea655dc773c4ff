//! What a client sends to write topics. Who writes and why is repeated in each, because serde cannot refuse
//! unknown fields of a flattened struct (serde-rs/serde#1547).

use dreamkeeper_domain::id::SessionId;
use dreamkeeper_domain::topic::ContentHash;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Topic;
use crate::words::Origin;

/// A topic to make; one that is there is never overwritten.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTopic {
    /// Where it stands: begins with `/`, 2 to 1,024 bytes, NFC, no empty, `.` or `..` segment.
    #[schema(example = "/projects/kitchen.md")]
    pub path: String,
    /// Its content, at most 102,400 bytes; may be empty.
    pub content: String,
    /// Whose words they are, when that is less than the credential allows. A topic keeps the lowest origin of all
    /// that was written into it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// Vouches for the whole topic: it stands under that origin from here on. Needs `approve`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub raise: bool,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The session in which it is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub session: Option<SessionId>,
}

/// The content of a topic, whole; makes the topic when there is none at the path.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteTopicRequest {
    /// The content, at most 102,400 bytes.
    pub content: String,
    /// The SHA-256 of the content that the caller has seen; refused with 409 when another one is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub expected_sha256: Option<ContentHash>,
    /// Whose words they are, when that is less than the credential allows. A topic keeps the lowest origin of all
    /// that was written into it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// Vouches for the whole topic: it stands under that origin from here on. Needs `approve`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub raise: bool,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The session in which it is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub session: Option<SessionId>,
}

/// What changes of a topic; an absent field stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TopicPatch {
    /// Another content, whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Another place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The SHA-256 of the content that the caller has seen; refused with 409 when another one is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub expected_sha256: Option<ContentHash>,
    /// Whose words they are, when that is less than the credential allows. A topic keeps the lowest origin of all
    /// that was written into it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// Vouches for the whole topic: it stands under that origin from here on. Needs `approve`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub raise: bool,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The session in which it is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub session: Option<SessionId>,
}

/// A text of a topic to replace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditTopicRequest {
    /// What is there, verbatim; must occur exactly once, unless `all`.
    pub old: String,
    /// By what it is replaced; empty takes it away.
    pub new: String,
    /// Whether every occurrence is replaced.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all: bool,
    /// The SHA-256 of the content that the caller has seen; refused with 409 when another one is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub expected_sha256: Option<ContentHash>,
    /// Whose words they are, when that is less than the credential allows. A topic keeps the lowest origin of all
    /// that was written into it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// Vouches for the whole topic: it stands under that origin from here on. Needs `approve`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub raise: bool,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The session in which it is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub session: Option<SessionId>,
}

/// Which version is brought back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RestoreTopicRequest {
    /// Its number or id; by default the one before the latest.
    #[schema(example = "3")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The session in which it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub session: Option<SessionId>,
}

/// A topic after a write.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WrittenTopic {
    /// The topic as it is now.
    pub topic: Topic,
    /// Whether there was something to write; what changes nothing makes no version.
    pub changed: bool,
}
