//! Ids as this wire shows them: a prefix for the kind, then our UUID without hyphens.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use dreamkeeper_domain::id::{DreamId, KeyId, SessionId, StoreId, TopicId, TopicVersionId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// A kind of record that has ids on this wire.
pub trait Prefixed: Copy {
    /// What its ids begin with.
    const PREFIX: &'static str;
    /// What a message calls it.
    const NOUN: &'static str;

    /// The id with these bits.
    fn of(uuid: Uuid) -> Self;

    /// Its bits.
    fn bits(&self) -> Uuid;
}

macro_rules! prefixed {
    ($($id:ident, $prefix:literal, $noun:literal;)*) => {$(
        impl Prefixed for $id {
            const PREFIX: &'static str = $prefix;
            const NOUN: &'static str = $noun;

            fn of(uuid: Uuid) -> Self {
                Self::from_uuid(uuid)
            }

            fn bits(&self) -> Uuid {
                self.as_uuid()
            }
        }
    )*};
}

prefixed! {
    StoreId, "memstore_", "memory store";
    TopicId, "mem_", "memory";
    TopicVersionId, "memver_", "memory version";
    DreamId, "drm_", "dream";
    SessionId, "sesn_", "session";
    KeyId, "apikey_", "API key";
}

/// An id of ours on this wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WireId<T>(pub T);

/// A text that is no id of that kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no id of a {noun}: expected `{prefix}` and what the server gave after it")]
pub struct InvalidWireId {
    text: String,
    noun: &'static str,
    prefix: &'static str,
}

impl<T: Prefixed> fmt::Display for WireId<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", T::PREFIX, self.0.bits().simple())
    }
}

impl<T: Prefixed> FromStr for WireId<T> {
    type Err = InvalidWireId;

    fn from_str(text: &str) -> Result<Self, InvalidWireId> {
        let uuid = text.strip_prefix(T::PREFIX).and_then(|bits| Uuid::try_parse(bits).ok());
        uuid.map(|uuid| Self(T::of(uuid))).ok_or_else(|| InvalidWireId {
            text: text.chars().take(64).collect(),
            noun: T::NOUN,
            prefix: T::PREFIX,
        })
    }
}

impl<T: Prefixed> Serialize for WireId<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, T: Prefixed> Deserialize<'de> for WireId<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text<T>(PhantomData<T>);
        impl<T: Prefixed> serde::de::Visitor<'_> for Text<T> {
            type Value = WireId<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "the id of a {}, `{}…`", T::NOUN, T::PREFIX)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_another_kinds_is_refused() {
        let id = WireId(StoreId::of(Uuid::from_u128(7)));
        assert_eq!(id.to_string(), "memstore_00000000000000000000000000000007");
        assert_eq!(id.to_string().parse(), Ok(id));
        for text in ["mem_00000000000000000000000000000007", "memstore_", "memstore_x", ""] {
            let error = text.parse::<WireId<StoreId>>().unwrap_err();
            assert!(error.to_string().contains("memory store"), "{error}");
        }
    }
}
