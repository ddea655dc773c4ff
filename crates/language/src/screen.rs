//! Screening: what in a text must not be remembered unseen.
//!
//! A tripwire, never the boundary: whether a text may be believed follows from its origin. What it finds is
//! held for a person; docs/internals/screening.md tells how much it finds and what it cannot.

mod account;
pub mod echo;
mod hidden;
mod identity;
mod instruction;
mod named;
mod secret;
pub mod served;

#[cfg(test)]
mod tests;

use dreamkeeper_domain::candidate::Cause;
use dreamkeeper_domain::passage::Span;

pub(crate) use hidden::is_ignorable;
pub use hidden::{revealed, skeleton, visible};

/// Something in a text that must not be remembered unseen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// Why it is to be held.
    pub cause: Cause,
    /// Where it stands, in bytes of the text.
    pub span: Span,
    /// What it is, for a person to read; never the thing itself.
    pub what: &'static str,
}

/// Everything found in a text, in order of place.
///
/// `InstructionShaped` is meant for texts of tools, outsiders and models: a user or operator may tell an
/// assistant what to do, so a caller passes it over for theirs.
pub fn findings(text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    secret::find(text, &mut found);
    account::find(text, &mut found);
    identity::find(text, &mut found);
    hidden::find(text, &mut found);
    instruction::find(text, &mut found);
    found.sort_by_key(|finding| (finding.span.start, finding.cause, std::cmp::Reverse(finding.span.end)));
    // A key inside a connection string, or the same digits named twice, is one finding.
    found.dedup_by(|later, earlier| later.cause == earlier.cause && later.span.start < earlier.span.end);
    found
}

/// Whether a text holds a number that says who somebody is or which account is theirs.
pub(crate) fn tells_identity(text: &str) -> bool {
    let mut found = Vec::new();
    account::find(text, &mut found);
    identity::find(text, &mut found);
    !found.is_empty()
}
