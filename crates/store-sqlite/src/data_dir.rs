//! Data directory: `control.db` and `spaces/<uuid>.db`, owned by one process.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dreamkeeper_domain::ports::{ControlStore, PortError, PortErrorKind, Store};

use crate::control::SqliteControl;
use crate::error::io_error;
use crate::migrate::CONTROL;
use crate::open::{Access, DatabaseFile};
use crate::options::Options;
use crate::owner::OwnerLock;
use crate::store::{Spaces, SqliteStore};

/// An open data directory. Clones of its stores keep it owned until the last is dropped.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    access: Access,
    store: SqliteStore,
    control: Arc<SqliteControl>,
}

impl DataDir {
    /// Opens a data directory and takes it into possession; makes it when there is none. A directory on a
    /// read-only disk is opened for reading. Blocks for some milliseconds.
    ///
    /// # Errors
    /// `Owned`, with the pid, when another process owns it; `Corrupt` and `Newer` for a control file that
    /// cannot be used, which is left as it is; `Full`, `ReadOnly` or `Unavailable` when it cannot be made.
    pub fn open(path: &Path, options: Options) -> Result<Self, PortError> {
        let spaces = path.join("spaces");
        let (access, owner) = match make_directory(path).and_then(|()| make_directory(&spaces)) {
            Ok(()) => take(path)?,
            Err(error) if error.kind == PortErrorKind::ReadOnly && path.is_dir() => (Access::ReadOnly, None),
            Err(error) => return Err(error),
        };
        if access == Access::ReadOnly {
            tracing::warn!(path = %path.display(), "the data directory is read-only: writes will be refused");
        }
        let file = DatabaseFile {
            path: path.join("control.db"),
            schema: &CONTROL,
            access,
            options: Options { test_vfs: None, test_pages_max: None, ..options.clone() },
        };
        let control = Arc::new(SqliteControl::open(file, owner.clone())?);
        let store = SqliteStore(Arc::new(Spaces::new(spaces, access, options, owner)));
        Ok(Self { path: path.to_owned(), access, store, control })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether writes are refused because its disk is read-only.
    pub fn is_read_only(&self) -> bool {
        self.access == Access::ReadOnly
    }

    /// The spaces' records.
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::new(self.store.clone())
    }

    /// Spaces and keys.
    pub fn control(&self) -> Arc<dyn ControlStore> {
        Arc::clone(&self.control) as _
    }
}

fn take(path: &Path) -> Result<(Access, Option<Arc<OwnerLock>>), PortError> {
    match OwnerLock::take(path) {
        Ok(lock) => Ok((Access::ReadWrite, Some(Arc::new(lock)))),
        Err(error) if error.kind == PortErrorKind::ReadOnly => Ok((Access::ReadOnly, None)),
        Err(error) => Err(error),
    }
}

/// Makes a directory that only its owner can look into.
fn make_directory(path: &Path) -> Result<(), PortError> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| io_error("making", path, error))
}
