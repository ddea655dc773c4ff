//! Recall: finds what belongs to a question, ranks it with one scorer, and knows when to be silent.
//!
//! The index nominates, `features` and `score` rank, `silence` cuts off, `pack` lays the answer out in
//! sections within a token budget. Every signal can be told in parts and taken away (`without`), so that
//! its worth can be measured.

mod answer;
mod request;

pub use answer::{NeighbourTurn, Recall, RecalledMemory, RecalledMessage, Score, Silence};
pub use request::{Include, RecallRequest};

use crate::{Engine, Principal, VerbError};

impl Engine {
    /// Finds what belongs to a question.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `Invalid` for an empty question or anything over a bound.
    pub async fn recall(&self, principal: &Principal, request: RecallRequest) -> Result<Recall, VerbError> {
        principal.require(dreamkeeper_domain::key::Permission::Read)?;
        let _ = request;
        Err(VerbError::invalid("recall", "being written"))
    }
}
