//! Holdings: what a space holds, and a copy of it.

use std::path::Path;

use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::ports::{IndexStats, SpaceStats};

use crate::{Engine, Principal, VerbError};

/// What a space holds, on disk and in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpaceReport {
    /// What the store holds.
    pub store: SpaceStats,
    /// What the index holds in memory, of all spaces.
    pub index: IndexStats,
    /// What makes its vectors.
    pub embedder: String,
}

impl Engine {
    /// What the principal's space holds.
    ///
    /// # Errors
    /// `Forbidden` without `read`.
    pub async fn stats(&self, principal: &Principal) -> Result<SpaceReport, VerbError> {
        principal.require(Permission::Read)?;
        let identity = self.parts.embedder.identity();
        let store = self.space(principal).await?.stats(identity).await?;
        Ok(SpaceReport { store, index: self.parts.index.stats(), embedder: identity.0.to_string() })
    }

    /// Copies the principal's space to a new file while serving.
    ///
    /// `progress` is told pages done and pages in all.
    ///
    /// # Errors
    /// `Forbidden` without `admin`; `Invalid` when the file exists; `Port` when it cannot be written.
    pub async fn backup(
        &self,
        principal: &Principal,
        to: &Path,
        progress: &(dyn Fn(u64, u64) + Send + Sync),
    ) -> Result<(), VerbError> {
        principal.require(Permission::Admin)?;
        Ok(self.space(principal).await?.backup(to, progress).await?)
    }
}
