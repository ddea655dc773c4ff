//! Memories on the wire: what is read back, and the questions of `list`.

mod write;

use std::collections::BTreeSet;

use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::{memory, time};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::detail::Detail;
use crate::evidence::Evidence;
use crate::filter::FilterExpression;
use crate::moment::Moment;
use crate::scope::Scope;
use crate::words::{Actor, Kind, Origin, Status, Via};

pub use write::{ForgetRequest, MemoryPatch, NewMemory, RestoreRequest};

/// A half-open interval `[from, to)`; an absent bound is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Interval {
    /// The first moment inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    /// The first moment after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Moment>,
}

impl From<time::Interval> for Interval {
    fn from(noun: time::Interval) -> Self {
        Self { from: noun.from.map(Moment), to: noun.to.map(Moment) }
    }
}

impl From<Interval> for time::Interval {
    fn from(wire: Interval) -> Self {
        Self { from: wire.from.map(|from| from.0), to: wire.to.map(|to| to.0) }
    }
}

/// A remembered unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Memory {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: MemoryId,
    /// Counts from 1 and grows with every change.
    pub version: u32,
    /// What is remembered; empty once erased.
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
    /// Other names under which its subject is asked for.
    pub aliases: Vec<String>,
    /// Topics it is filed under.
    pub categories: BTreeSet<String>,
    /// The caller's own data.
    #[schema(value_type = Object)]
    pub metadata: Map<String, Value>,
    /// What it says, in parts; absent for plain words.
    #[serde(default, skip_serializing_if = "Detail::is_empty")]
    pub detail: Detail,
    /// How much it matters now, 0 to 1: as learned or set (`detail.importance`), moved by use and feedback. Told where
    /// memories are read or listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub importance: Option<f32>,
    /// When what it says is true.
    pub validity: Interval,
    /// From when on it is no longer served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Moment>,
    /// Whether it is served to every question in its scope.
    pub pinned: bool,
    /// The memory that this one replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub supersedes: Option<MemoryId>,
    /// The memory that replaced this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub superseded_by: Option<MemoryId>,
    /// When the first version was recorded.
    pub created_at: Moment,
    /// When this version was recorded.
    pub updated_at: Moment,
}

impl From<memory::Memory> for Memory {
    fn from(noun: memory::Memory) -> Self {
        Self {
            id: noun.id,
            version: noun.version,
            text: noun.text,
            kind: noun.kind.into(),
            scope: noun.scope.into(),
            status: noun.status.into(),
            origin: noun.origin.into(),
            via: noun.via.into(),
            author: noun.author.into(),
            evidence: noun.evidence.into_iter().map(Into::into).collect(),
            aliases: noun.aliases,
            categories: noun.categories,
            metadata: noun.metadata,
            detail: noun.detail.into(),
            importance: None,
            validity: noun.validity.into(),
            expires_at: noun.expires_at.map(Moment),
            pinned: noun.pinned,
            supersedes: noun.supersedes,
            superseded_by: noun.superseded_by,
            created_at: Moment(noun.created_at),
            updated_at: Moment(noun.updated_at),
        }
    }
}

impl From<(memory::Memory, f32)> for Memory {
    /// A memory, and how much it matters now.
    fn from((noun, importance): (memory::Memory, f32)) -> Self {
        Self { importance: Some(importance), ..Self::from(noun) }
    }
}

/// Which memories to list, newest change first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ListMemoriesRequest {
    /// For whom.
    pub scope: Scope,
    /// A further test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<FilterExpression>,
    /// Which statuses; active ones unless told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<Status>,
    /// Lists expired ones too.
    pub expired: bool,
    /// The `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most this many, 1 to 1000; 50 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}
