//! Topic store: a named set of Markdown files.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::StoreId;
use crate::origin::Origin;
use crate::scope::Scope;

/// A named set of Markdown files. The port that keeps all records is [`crate::ports::Store`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicStore {
    /// Its id.
    pub id: StoreId,
    /// Counts from 1 and grows with every change of the store itself; writes of topics leave it.
    pub version: u32,
    /// What people call it; not unique.
    pub name: String,
    /// What it is for; empty when nobody said.
    pub description: String,
    /// The caller's own pairs.
    pub metadata: BTreeMap<String, String>,
    /// For whom its topics stand in recall.
    pub scope: Scope,
    /// Under which origin an edit of its files on disk comes in.
    pub disk_origin: Origin,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the store itself was changed last.
    pub updated_at: Timestamp,
    /// Since when it is read-only, for good.
    pub archived_at: Option<Timestamp>,
    /// Since when it is hidden; its content is destroyed after [`crate::limits::STORE_DELETED_DAYS`].
    pub deleted_at: Option<Timestamp>,
}

impl TopicStore {
    /// Whether its topics may be written.
    pub fn is_open(&self) -> bool {
        self.archived_at.is_none() && self.deleted_at.is_none()
    }
}
