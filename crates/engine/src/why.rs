//! Why: what an earlier recall served, on which quotes, said by whom, and what became of it since.

use dreamkeeper_domain::id::{MemoryId, ReceiptId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::receipt::{Receipt, ServedSubject};

use crate::{Engine, Principal, VerbError};

/// What a recall served, and the served memories as they are now.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// What was served then.
    pub receipt: Receipt,
    /// The memories among it, as they are now.
    pub memories_now: Vec<Memory>,
}

impl Engine {
    /// Tells what a recall served and why.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound` for an unknown receipt.
    pub async fn why(&self, principal: &Principal, id: ReceiptId) -> Result<Why, VerbError> {
        principal.require(Permission::Read)?;
        self.receipts.flush().await;
        let space = self.space(principal).await?;
        let receipt = space.receipt(id).await?.ok_or_else(|| VerbError::not_found("receipt", id))?;
        let served = receipt.items.iter().filter_map(|item| match &item.subject {
            ServedSubject::Memory { id, .. } => Some(*id),
            ServedSubject::Message(_)
            | ServedSubject::Topic { .. }
            | ServedSubject::State { .. }
            | ServedSubject::Summary { .. } => None,
        });
        let ids: Vec<MemoryId> = served.collect();
        let memories_now = space.memories(&ids, None).await?;
        Ok(Why { receipt, memories_now })
    }
}
