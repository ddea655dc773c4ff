//! The audit on the wire: what was changed, by whom, when.

use dreamkeeper_domain::ports;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::moment::Moment;
use crate::words::Actor;

/// One change of the space.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    /// Counts from 1 in a space; give the last one as `after` for the next page.
    pub number: u64,
    /// When.
    pub at: Moment,
    /// Who.
    pub actor: Actor,
    /// What was written, one word for each write with its record.
    pub writes: Vec<String>,
}

impl From<ports::AuditEntry> for AuditEntry {
    fn from(noun: ports::AuditEntry) -> Self {
        Self { number: noun.number, at: Moment(noun.at), actor: noun.actor.into(), writes: noun.writes }
    }
}
