//! Identifiers: one newtype for each kind of record, all of them UUIDv7.
//!
//! Making one takes the moment and ten random bytes as parameters; the engine draws both from its ports.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that is no identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an identifier: expected a UUID such as 019a5b7e-3c00-7000-8000-0123456789ab")]
pub struct InvalidId {
    /// What was given, cut to 64 characters.
    pub text: String,
}

/// A UUID of version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then the random bytes.
///
/// Moments before 1970 count as 1970.
pub fn uuid_v7(at: Timestamp, random: [u8; 10]) -> Uuid {
    let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

macro_rules! record_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new identifier from a moment and ten random bytes.
            pub fn new(at: Timestamp, random: [u8; 10]) -> Self {
                Self(uuid_v7(at, random))
            }

            /// The identifier with exactly these bits, as read from a store.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bits.
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0.hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text)
                    .map(Self)
                    .map_err(|_| InvalidId { text: text.chars().take(64).collect() })
            }
        }
    };
}

record_id!(
    /// A space: the isolation boundary.
    SpaceId
);
record_id!(
    /// A session: one conversation.
    SessionId
);
record_id!(
    /// A message of a session.
    MessageId
);
record_id!(
    /// A memory.
    MemoryId
);
record_id!(
    /// What one recall served.
    ReceiptId
);
record_id!(
    /// Something to be learned from.
    EventId
);
record_id!(
    /// Something proposed for remembering.
    CandidateId
);
record_id!(
    /// A credential.
    KeyId
);
record_id!(
    /// A store of topics.
    StoreId
);
record_id!(
    /// A topic.
    TopicId
);
record_id!(
    /// One state of a topic.
    TopicVersionId
);
record_id!(
    /// A dream.
    DreamId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_later_sort_later_and_parse_back() {
        let early = MessageId::new(Timestamp::from_millisecond(1_000).unwrap(), [255; 10]);
        let late = MessageId::new(Timestamp::from_millisecond(1_001).unwrap(), [0; 10]);
        assert!(early < late);
        assert_eq!(early.to_string().parse::<MessageId>().unwrap(), early);
    }

    #[test]
    fn text_that_is_no_uuid_is_refused_with_the_text() {
        let error = "sesn_1".parse::<SessionId>().unwrap_err();
        assert!(error.to_string().contains("`sesn_1`"), "{error}");
    }
}
