//! What a client sends to write, change, hide or bring back a memory.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Interval;
use crate::evidence::EvidenceRef;
use crate::moment::Moment;
use crate::scope::Scope;
use crate::words::{Kind, Origin, Status, Via};

/// A memory to write.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMemory {
    /// What is remembered, in one or a few sentences.
    #[schema(example = "Ana is allergic to walnuts.")]
    pub text: String,
    /// What it is about; a fact unless told.
    #[serde(default = "fact")]
    pub kind: Kind,
    /// For whom, with labels.
    #[serde(default)]
    pub scope: Scope,
    /// Who really authored it, when that is less than the credential allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// `live` (unless told) or `import`; `derived` is refused: only Dreamkeeper derives.
    #[serde(default = "live")]
    pub via: Via,
    /// The quotes it rests on; none for the writer's own word.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceRef>,
    /// Other names under which it is asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Topics it is filed under.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub categories: BTreeSet<String>,
    /// The caller's own data.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub metadata: Map<String, Value>,
    /// When what it says is true.
    #[serde(default)]
    pub validity: Interval,
    /// From when on it is no longer served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Moment>,
    /// Whether it is served to every question in its scope.
    #[serde(default)]
    pub pinned: bool,
    /// Why it is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

fn fact() -> Kind {
    Kind::Fact
}

fn live() -> Via {
    Via::Live
}

impl NewMemory {
    /// A plain memory of those words.
    pub fn new(kind: Kind, text: impl Into<String>, scope: Scope) -> Self {
        Self {
            text: text.into(),
            kind,
            scope,
            origin: None,
            via: Via::Live,
            evidence: Vec::new(),
            aliases: Vec::new(),
            categories: BTreeSet::new(),
            metadata: Map::new(),
            validity: Interval::default(),
            expires_at: None,
            pinned: false,
            reason: None,
        }
    }
}

/// What changes; an absent field stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MemoryPatch {
    /// New words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// New kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// New labels, all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<BTreeSet<String>>,
    /// New aliases, all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aliases: Option<Vec<String>>,
    /// New categories, all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub categories: Option<BTreeSet<String>>,
    /// New metadata, whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub metadata: Option<Map<String, Value>>,
    /// New validity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validity: Option<Interval>,
    /// New expiry; `null` takes it away.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    #[schema(value_type = Option<Moment>)]
    pub expires_at: Option<Option<Moment>>,
    /// Pin or unpin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinned: Option<bool>,
    /// How much it matters from now on, 0 to 1; use moves it further.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub importance: Option<f32>,
    /// `active` or `archived`; other statuses have routes of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The version that the caller has seen: refused with 409 when it is not the current one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<u32>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Tells `null` from absent: a field that is there is `Some`, whatever it holds.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// A memory to hide.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ForgetRequest {
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A memory to bring back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RestoreRequest {
    /// Gives it that version's content; its last unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_takes_an_expiry_away_and_absence_keeps_it() {
        let read = |json: &str| serde_json::from_str::<MemoryPatch>(json).unwrap().expires_at;
        assert_eq!(read("{}"), None);
        assert_eq!(read(r#"{"expires_at":null}"#), Some(None));
        assert!(matches!(read(r#"{"expires_at":"2027-01-01T00:00:00Z"}"#), Some(Some(_))));
    }

    #[test]
    fn a_misspelt_field_is_refused() {
        let error = serde_json::from_str::<NewMemory>(r#"{"text":"x","label":["a"]}"#).unwrap_err();
        assert!(error.to_string().contains("`label`"), "{error}");
    }
}
