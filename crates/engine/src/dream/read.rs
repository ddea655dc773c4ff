//! Read: dreams, and what they propose.

use dreamkeeper_domain::dream::{Dream, ProposedChange};
use dreamkeeper_domain::id::DreamId;
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::ports::{DreamQuery, Page, SpaceStore};

use crate::{Engine, Principal, VerbError};

/// A dream with what it proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DreamView {
    /// The dream.
    pub dream: Dream,
    /// Its changes, by number.
    pub changes: Vec<ProposedChange>,
}

/// One change of a dream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeView {
    /// The dream.
    pub dream: Dream,
    /// The change.
    pub change: ProposedChange,
}

impl Engine {
    /// Dreams, newest first.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `Invalid` for a page that is too large; `Port` when the store fails.
    pub async fn list_dreams(
        &self,
        principal: &Principal,
        query: &DreamQuery,
    ) -> Result<Page<Dream>, VerbError> {
        principal.require(Permission::Read)?;
        if !(1..=limits::PAGE_COUNT_MAX).contains(&query.limit) {
            return Err(VerbError::invalid("limit", format!("give 1 to {}", limits::PAGE_COUNT_MAX)));
        }
        Ok(self.space(principal).await?.dreams(query).await?)
    }

    /// A dream with its changes.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound`; `Port` when the store fails.
    pub async fn get_dream(&self, principal: &Principal, id: DreamId) -> Result<DreamView, VerbError> {
        principal.require(Permission::Read)?;
        let space = self.space(principal).await?;
        view(&*space, id).await
    }

    /// One change of a dream.
    ///
    /// # Errors
    /// As for the dream.
    pub async fn get_change(
        &self,
        principal: &Principal,
        id: DreamId,
        number: u32,
    ) -> Result<ChangeView, VerbError> {
        principal.require(Permission::Read)?;
        let space = self.space(principal).await?;
        change(&*space, id, number).await
    }
}

async fn view(space: &dyn SpaceStore, id: DreamId) -> Result<DreamView, VerbError> {
    let dream = found(space, id).await?;
    let changes = space.proposed_changes(id).await?;
    Ok(DreamView { dream, changes })
}

/// One change with its dream; whoever calls has checked the permission.
pub(super) async fn change(
    space: &dyn SpaceStore,
    id: DreamId,
    number: u32,
) -> Result<ChangeView, VerbError> {
    let DreamView { dream, changes } = view(space, id).await?;
    let change = changes.into_iter().find(|change| change.number == number);
    let change = change.ok_or_else(|| VerbError::not_found("change", number))?;
    Ok(ChangeView { dream, change })
}

/// The dream, which must be there.
pub(super) async fn found(space: &dyn SpaceStore, id: DreamId) -> Result<Dream, VerbError> {
    space.dream(id).await?.ok_or_else(|| VerbError::not_found("dream", id))
}
