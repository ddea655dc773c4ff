//! Topic: one Markdown file of a store, and its versions.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::id::{DreamId, SessionId, StoreId, TopicId, TopicVersionId};
use crate::origin::Origin;

/// The SHA-256 (FIPS 180-4) of a content's bytes; shown as lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentHash(pub [u8; 32]);

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContentHash({self})")
    }
}

/// A text that is no content hash.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no SHA-256: expected 64 lower-case hexadecimal digits")]
pub struct InvalidHash(pub String);

impl FromStr for ContentHash {
    type Err = InvalidHash;

    fn from_str(text: &str) -> Result<Self, InvalidHash> {
        let invalid = || InvalidHash(text.chars().take(80).collect());
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Ok(byte - b'0'),
            b'a'..=b'f' => Ok(byte - b'a' + 10),
            _ => Err(invalid()),
        };
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(invalid());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for ContentHash {
    type Error = InvalidHash;

    fn try_from(text: String) -> Result<Self, InvalidHash> {
        text.parse()
    }
}

impl From<ContentHash> for String {
    fn from(hash: ContentHash) -> Self {
        hash.to_string()
    }
}

/// A topic without its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicHead {
    /// Its id; stays when it is renamed.
    pub id: TopicId,
    /// The store it is in.
    pub store: StoreId,
    /// Where it stands in the store, as `topics::TopicPath` allows; unique among the live topics of a store.
    pub path: String,
    /// Counts its versions from 1.
    pub number: u32,
    /// The latest version.
    pub version: TopicVersionId,
    /// The hash of its content.
    pub hash: ContentHash,
    /// Bytes of its content.
    pub size: u32,
    /// The lowest origin among those whose words are in it.
    pub origin: Origin,
    /// When its first version was recorded.
    pub created_at: Timestamp,
    /// When its latest version was recorded.
    pub updated_at: Timestamp,
}

/// One Markdown file of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// All but its content.
    #[serde(flatten)]
    pub head: TopicHead,
    /// Its content, byte for byte as it was written.
    pub content: String,
}

/// What a change of a topic did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopicOperation {
    /// The first version.
    Created,
    /// Another content, another path, or both.
    Modified,
    /// The topic went away; its versions stay.
    Deleted,
}

impl TopicOperation {
    /// Every operation.
    pub const ALL: [Self; 3] = [Self::Created, Self::Modified, Self::Deleted];

    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Modified => "modified",
            Self::Deleted => "deleted",
        }
    }
}

/// What is told of a change beside its content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicNote {
    /// Why.
    pub reason: Option<String>,
    /// The session in which an agent made it.
    pub session: Option<SessionId>,
    /// The dream that proposed it.
    pub dream: Option<DreamId>,
}

/// One state of a topic. The place, content and hash are absent where the version was redacted, the content
/// and hash also where it records that the topic went away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicVersion {
    /// Its id.
    pub id: TopicVersionId,
    /// The topic.
    pub topic: TopicId,
    /// The store.
    pub store: StoreId,
    /// Counts from 1 within the topic.
    pub number: u32,
    /// What the change did.
    pub operation: TopicOperation,
    /// Where the topic stood after it.
    pub path: Option<String>,
    /// The content after it.
    pub content: Option<String>,
    /// The content's hash.
    pub hash: Option<ContentHash>,
    /// The content's bytes.
    pub size: Option<u32>,
    /// The topic's origin after it.
    pub origin: Origin,
    /// Who made the change.
    pub actor: Actor,
    /// When it was recorded.
    pub at: Timestamp,
    /// Why, in which session, by which dream.
    #[serde(flatten)]
    pub note: TopicNote,
    /// Who took its content away, and when.
    pub redacted: Option<Redaction>,
}

/// Who took the content of a version away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redaction {
    /// Who.
    pub actor: Actor,
    /// When.
    pub at: Timestamp,
}

/// A moment of the space that somebody gave a name, so that topics and memories can be read as of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedMoment {
    /// Its name, unique in the space.
    pub name: String,
    /// The moment.
    pub at: Timestamp,
    /// What it is kept for.
    pub note: Option<String>,
    /// Who named it.
    pub actor: Actor,
    /// When it was named.
    pub made_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_reads_back_from_its_digits_and_nothing_else_is_one() {
        let hash = ContentHash(std::array::from_fn(|place| place as u8 * 7));
        assert_eq!(hash.to_string().parse(), Ok(hash));
        for text in ["", "ab", &"g".repeat(64), &"AB".repeat(32), &"é".repeat(32)] {
            assert!(text.parse::<ContentHash>().is_err(), "{text}");
        }
    }
}
