//! Served: what we served is not evidence (invariant 7). A memory's words that come back inside a conversation are
//! known by the receipts that served them.

use std::collections::BTreeSet;

use dreamkeeper_domain::candidate::{Candidate, Cause};
use dreamkeeper_domain::detail::normalised;
use dreamkeeper_domain::ports::SpaceStore;

use crate::VerbError;

/// `Served` when every quote of the candidate is a sentence of a memory that a recall served to this scope.
pub(crate) async fn served_causes(
    space: &dyn SpaceStore,
    candidate: &Candidate,
) -> Result<Option<Cause>, VerbError> {
    let quotes: BTreeSet<String> = candidate
        .evidence
        .iter()
        .map(|evidence| normalised(&evidence.quote))
        .filter(|quote| !quote.is_empty())
        .collect();
    if quotes.is_empty() {
        return Ok(None);
    }
    let asked: Vec<String> = quotes.iter().cloned().collect();
    let served = space.served(&candidate.scope, &asked).await?;
    Ok((served.len() == quotes.len()).then_some(Cause::Served))
}
