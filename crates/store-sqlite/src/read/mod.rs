//! Reading: one file for each sort of record. Every function here runs inside one read transaction.

pub(crate) mod audit;
pub(crate) mod dreams;
pub(crate) mod events;
pub(crate) mod held;
pub(crate) mod holdings;
pub(crate) mod memories;
pub(crate) mod messages;
pub(crate) mod owners;
pub(crate) mod passages;
pub(crate) mod receipts;
pub(crate) mod said;
mod scopes;
pub(crate) mod sessions;
pub(crate) mod snapshot;
pub(crate) mod state;
pub(crate) mod stats;
pub(crate) mod surroundings;
pub(crate) mod topic_stores;
pub(crate) mod topics;

use dreamkeeper_domain::ports::{PortError, PortErrorKind};
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::Failure;

/// Where a page ended: the last record's moment, in microseconds, and its id. Lists go down from it.
struct Cursor {
    at: i64,
    id: [u8; 16],
}

impl Cursor {
    /// The text that a page gives as `next`.
    fn at(moment: Timestamp, id: Uuid) -> String {
        format!("{}.{}", moment.as_microsecond(), id.simple())
    }

    /// Where the page after `next` begins; above every record when there is none.
    fn of(next: Option<&str>) -> Result<Self, Failure> {
        let Some(text) = next else { return Ok(Self { at: i64::MAX, id: [u8::MAX; 16] }) };
        let parts = text.split_once('.').and_then(|(at, id)| {
            Some(Self { at: at.parse().ok()?, id: Uuid::try_parse(id).ok()?.into_bytes() })
        });
        parts.ok_or_else(|| {
            let shown: String = text.chars().take(64).collect();
            let message =
                format!("`{shown}` is not where a page ended: pass a page's `next` unchanged, or none");
            Failure::Refused(PortError::new(PortErrorKind::Refused, message).into())
        })
    }
}
