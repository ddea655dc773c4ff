//! Maintain: what a space holds, whether it is sound, a copy of it.

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

/// Whether a space is sound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// What is wrong, in sentences; empty when nothing is.
    pub problems: Vec<String>,
    /// Passages without a vector of the current embedder; `reindex` mends that.
    pub stale_passage_count: u64,
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

    /// Checks everything that is stored and drops what the index holds in memory, so that it is built anew
    /// from the store.
    ///
    /// # Errors
    /// `Forbidden` without `admin`; `Port` when the store cannot even be read.
    pub async fn doctor(&self, principal: &Principal) -> Result<Health, VerbError> {
        principal.require(Permission::Admin)?;
        let space = self.space(principal).await?;
        let problems = space.check().await?;
        let stale_passage_count = space.stats(self.parts.embedder.identity()).await?.stale_passage_count;
        self.parts.index.discard(principal.space).await?;
        Ok(Health { problems, stale_passage_count })
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
