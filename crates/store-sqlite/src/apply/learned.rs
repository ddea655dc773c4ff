//! Learning records: not kept by this store yet.

use dreamkeeper_domain::changeset::{Outcome, Write};

use super::Applying;
use crate::error::Failure;

impl Applying<'_> {
    pub(super) fn write_learned(&mut self, write: &Write) -> Result<Outcome, Failure> {
        Err(Failure::defect(format!("{write:?} cannot be kept yet")))
    }
}
