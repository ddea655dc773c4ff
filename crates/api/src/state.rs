//! State on the wire: JSON values under keys that the app sets explicitly.

use dreamkeeper_domain::state;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::moment::Moment;
use crate::scope::Scope;
use crate::words::Actor;

/// The current value of one key in one exact scope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StateEntry {
    /// The scope; two entries with different scopes are different entries.
    pub scope: Scope,
    /// The key.
    pub key: String,
    /// The value; absent once removed.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub value: Option<Value>,
    /// Counts from 1 and grows with every change.
    pub version: u32,
    /// When this version was written.
    pub updated_at: Moment,
    /// Who wrote it.
    pub actor: Actor,
    /// Why, when the writer said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl From<state::StateEntry> for StateEntry {
    fn from(noun: state::StateEntry) -> Self {
        Self {
            scope: noun.scope.into(),
            key: noun.key,
            value: noun.value,
            version: noun.version,
            updated_at: Moment(noun.updated_at),
            actor: noun.actor.into(),
            reason: noun.reason,
        }
    }
}

/// A value to set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetStateRequest {
    /// Any JSON value; `null` is a value too.
    #[serde(deserialize_with = "value")]
    pub value: Value,
    /// The version that the caller has seen, 0 for none; refused with 409 when it is not the current one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<u32>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Insists that the field is there: serde would read an absent one as `null`.
fn value<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Value::deserialize(deserializer)
}

/// Tells `null` from absent.
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_a_value_and_absence_is_a_mistake() {
        assert_eq!(serde_json::from_str::<SetStateRequest>(r#"{"value":null}"#).unwrap().value, Value::Null);
        assert!(serde_json::from_str::<SetStateRequest>("{}").is_err());
    }
}
