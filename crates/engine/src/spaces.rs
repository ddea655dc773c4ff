//! Spaces: finding one by name, making it on first use.

use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::ports::SpaceRecord;

use crate::error::check_bytes;
use crate::{Engine, VerbError};

impl Engine {
    /// The space of that name, made when there is none yet.
    ///
    /// # Errors
    /// `Invalid` for an empty or oversized name; `Port` when the control store fails.
    pub async fn open_space(&self, name: &str) -> Result<SpaceId, VerbError> {
        if let Some(space) = self.spaces().await?.into_iter().find(|space| space.name == name) {
            return Ok(space.id);
        }
        if name.trim().is_empty() {
            return Err(VerbError::invalid("space", "the name is empty"));
        }
        check_bytes("space", name.len(), dreamkeeper_domain::limits::SCOPE_ID_BYTES_MAX)?;
        let at = self.now();
        let space =
            SpaceRecord { id: SpaceId::new(at, self.random()), name: name.to_owned(), created_at: at };
        Ok(self.parts.control.create_space(space).await?.id)
    }

    /// Every space, by name.
    ///
    /// # Errors
    /// `Port` when the control store fails.
    pub async fn spaces(&self) -> Result<Vec<SpaceRecord>, VerbError> {
        Ok(self.parts.control.spaces().await?)
    }
}
