//! Spaces: finding one by name, making it with the first write.

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
        match self.find_space(name).await {
            Err(VerbError::NoSpace { .. }) => {}
            found => return found,
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

    /// The space of that name, for whoever only reads: a mistyped name is told, not made.
    ///
    /// # Errors
    /// `NoSpace`, with the names that there are; `Port` when the control store fails.
    pub async fn find_space(&self, name: &str) -> Result<SpaceId, VerbError> {
        let spaces = self.spaces().await?;
        match spaces.iter().find(|space| space.name == name) {
            Some(space) => Ok(space.id),
            None => {
                let there = spaces.into_iter().map(|space| space.name).collect();
                Err(VerbError::NoSpace { name: name.to_owned(), there })
            }
        }
    }

    /// Every space, by name.
    ///
    /// # Errors
    /// `Port` when the control store fails.
    pub async fn spaces(&self) -> Result<Vec<SpaceRecord>, VerbError> {
        Ok(self.parts.control.spaces().await?)
    }
}
