//! Identify: which space a file holds, told without touching the file.

use std::path::Path;

use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::ports::{PortError, PortErrorKind};

use crate::migrate::SPACE;
use crate::open::{Access, DatabaseFile};
use crate::options::Options;
use crate::space::id_in;

/// The space whose records a file holds, such as a backup.
///
/// # Errors
/// `Refused` when there is no such file; `Corrupt` and `Newer` for one that is not a space of ours.
pub fn space_of_file(path: &Path) -> Result<SpaceId, PortError> {
    if !path.is_file() {
        let message = format!("{} is no file that can be read: name a backup's file", path.display());
        return Err(PortError::new(PortErrorKind::Refused, message));
    }
    let (access, options) = (Access::ReadOnly, Options::default());
    let file = DatabaseFile { path: path.to_owned(), schema: &SPACE, access, options };
    file.prepare(|_| Ok(()))?;
    id_in(&file)
}
