//! Memory: a remembered unit, with its evidence or its author.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::actor::Actor;
use crate::detail::Detail;
use crate::filter::{Field, Filterable, Property, scope_property};
use crate::id::{MemoryId, MessageId};
use crate::origin::{Origin, Via};
use crate::passage::Span;
use crate::scope::Scope;
use crate::time::Interval;

/// What a memory is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What someone likes, wants or avoids.
    Preference,
    /// What is so.
    Fact,
    /// What happened or will happen.
    Event,
    /// How people or things stand to each other.
    Relationship,
    /// What someone is after.
    Goal,
    /// How something is done.
    Procedure,
    /// How the agent is to behave.
    Instruction,
    /// What is not settled yet.
    OpenQuestion,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Preference,
        Self::Fact,
        Self::Event,
        Self::Relationship,
        Self::Goal,
        Self::Procedure,
        Self::Instruction,
        Self::OpenQuestion,
    ];

    /// The word used in filters and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Preference => "preference",
            Self::Fact => "fact",
            Self::Event => "event",
            Self::Relationship => "relationship",
            Self::Goal => "goal",
            Self::Procedure => "procedure",
            Self::Instruction => "instruction",
            Self::OpenQuestion => "open_question",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a kind: expected preference, fact, event, relationship, goal, procedure, instruction \
     or open_question"
)]
pub struct InvalidKind(pub String);

impl FromStr for Kind {
    type Err = InvalidKind;

    fn from_str(text: &str) -> Result<Self, InvalidKind> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| InvalidKind(text.chars().take(64).collect()))
    }
}

/// Where a memory stands. Expired is not a status: it is computed from `expires_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Served by recall.
    Active,
    /// Replaced by a newer memory; its validity is closed.
    Superseded,
    /// Set aside, kept.
    Archived,
    /// Forgotten by someone's wish; can be restored.
    Forgotten,
    /// Its content is gone for good.
    Erased,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 5] =
        [Self::Active, Self::Superseded, Self::Archived, Self::Forgotten, Self::Erased];

    /// The word used on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Superseded => "superseded",
            Self::Archived => "archived",
            Self::Forgotten => "forgotten",
            Self::Erased => "erased",
        }
    }
}

impl FromStr for Status {
    type Err = InvalidStatus;

    fn from_str(text: &str) -> Result<Self, InvalidStatus> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| InvalidStatus(text.chars().take(64).collect()))
    }
}

/// A word that names no status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a status: expected active, superseded, archived, forgotten or erased")]
pub struct InvalidStatus(pub String);

/// A verbatim quote of a message that a memory rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The message.
    pub message: MessageId,
    /// Where the quote stands in the message's text, in bytes.
    pub span: Span,
    /// The quote itself, equal to that span.
    pub quote: String,
}

/// A remembered unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// Its id.
    pub id: MemoryId,
    /// Counts from 1 and grows with every change.
    pub version: u32,
    /// What is remembered, in one or a few sentences; empty once erased.
    pub text: String,
    /// What it is about.
    pub kind: Kind,
    /// For whom it stands, with its labels.
    pub scope: Scope,
    /// Where it stands.
    pub status: Status,
    /// The lowest origin among its sources.
    pub origin: Origin,
    /// How it came here.
    pub via: Via,
    /// Who wrote the first version.
    pub author: Actor,
    /// The quotes it rests on; empty for a direct write, which rests on its author.
    pub evidence: Vec<Evidence>,
    /// What it says, in parts.
    #[serde(default, skip_serializing_if = "Detail::is_empty")]
    pub detail: Detail,
    /// Other names under which its subject is asked for.
    pub aliases: Vec<String>,
    /// Topics it is filed under.
    pub categories: BTreeSet<String>,
    /// The caller's own data.
    pub metadata: Map<String, Value>,
    /// When what it says is true.
    pub validity: Interval,
    /// From when on it is no longer served.
    pub expires_at: Option<Timestamp>,
    /// Whether it is served to every query in its scope.
    pub pinned: bool,
    /// The memory that this one replaced.
    pub supersedes: Option<MemoryId>,
    /// The memory that replaced this one.
    pub superseded_by: Option<MemoryId>,
    /// When the first version was recorded.
    pub created_at: Timestamp,
    /// When this version was recorded.
    pub updated_at: Timestamp,
}

impl Memory {
    /// Whether the memory is past its expiry at `now`.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

impl Filterable for Memory {
    fn property(&self, field: &Field) -> Property<'_> {
        match field {
            Field::Id => Property::Owned(self.id.to_string()),
            Field::Type => Property::Text("memory"),
            Field::User | Field::Agent | Field::App | Field::Run | Field::Labels => {
                scope_property(&self.scope, field)
            }
            Field::Session | Field::Role | Field::Author => Property::Absent,
            Field::Origin => Property::Text(self.origin.as_str()),
            Field::Kind => Property::Text(self.kind.as_str()),
            Field::Status => Property::Text(self.status.as_str()),
            Field::Categories => Property::Words(self.categories.iter().map(String::as_str).collect()),
            Field::At => Property::Time(self.validity.from.unwrap_or(self.created_at)),
            Field::CreatedAt => Property::Time(self.created_at),
            Field::UpdatedAt => Property::Time(self.updated_at),
            Field::ExpiresAt => self.expires_at.map_or(Property::Absent, Property::Time),
            Field::Pinned => Property::Flag(self.pinned),
            Field::Metadata(path) => metadata_property(&self.metadata, path),
        }
    }
}

/// The value at the end of a path through nested objects; an empty path names nothing.
fn metadata_property<'memory>(metadata: &'memory Map<String, Value>, path: &[String]) -> Property<'memory> {
    let Some((first, rest)) = path.split_first() else { return Property::Absent };
    let found = rest.iter().try_fold(metadata.get(first), |value, step| Some(value?.get(step)));
    found.flatten().map_or(Property::Absent, Property::Json)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::filter::{Filter, Test};

    fn memory() -> Memory {
        let created_at = Timestamp::from_second(1_000).unwrap();
        let metadata = json!({"trip": {"city": "Faro", "days": 3}});
        Memory {
            id: MemoryId::new(created_at, [7; 10]),
            version: 1,
            text: "Ana likes the sea".into(),
            kind: Kind::Preference,
            scope: Scope { labels: ["travel".to_owned()].into(), ..Scope::user("ana") },
            status: Status::Active,
            origin: Origin::User,
            via: Via::Live,
            author: Actor::operator("test"),
            evidence: Vec::new(),
            detail: Detail::default(),
            aliases: Vec::new(),
            categories: ["places".to_owned()].into(),
            metadata: metadata.as_object().unwrap().clone(),
            validity: Interval::default(),
            expires_at: None,
            pinned: true,
            supersedes: None,
            superseded_by: None,
            created_at,
            updated_at: created_at,
        }
    }

    fn check(field: Field, test: Test, expected: bool) {
        let filter = Filter::Where(field.clone(), test);
        assert_eq!(filter.admits(&memory()), expected, "{field:?}");
    }

    #[test]
    fn a_memory_is_tested_by_its_own_properties() {
        check(Field::Id, Test::Eq(json!(memory().id.to_string())), true);
        check(Field::Type, Test::Eq(json!("memory")), true);
        check(Field::User, Test::Eq(json!("ana")), true);
        check(Field::Labels, Test::Contains(json!("travel")), true);
        check(Field::Categories, Test::In(vec![json!("people"), json!("places")]), true);
        check(Field::Kind, Test::Ne(json!("fact")), true);
        check(Field::Pinned, Test::Eq(json!(true)), true);
        check(Field::Role, Test::Eq(json!("user")), false);
    }

    #[test]
    fn a_memory_without_validity_stands_at_its_recording() {
        check(Field::At, Test::Lte(json!("1970-01-01T00:16:40Z")), true);
        check(Field::ExpiresAt, Test::Gt(json!("1970-01-01T00:00:00Z")), false);
    }

    #[test]
    fn metadata_is_reached_by_its_path() {
        let path = |steps: &[&str]| Field::Metadata(steps.iter().map(ToString::to_string).collect());
        check(path(&["trip", "city"]), Test::Eq(json!("Faro")), true);
        check(path(&["trip", "days"]), Test::Gt(json!(2)), true);
        check(path(&["trip", "hotel"]), Test::Eq(json!("Faro")), false);
        check(path(&[]), Test::Eq(json!("Faro")), false);
    }
}
