//! The owner's socket in the data directory: only its user can speak through it.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tokio::net::UnixListener;

use crate::client::SOCKET_FILE;

/// A listening socket, removed when dropped.
pub(super) struct OwnerSocket {
    path: PathBuf,
}

impl OwnerSocket {
    /// Listens in the directory that this process owns; replaces what a killed owner left behind.
    ///
    /// The socket gets its permissions before it gets its name, so that nobody else can connect between.
    pub(super) fn bind(directory: &Path) -> io::Result<(Self, UnixListener)> {
        let path = directory.join(SOCKET_FILE);
        let unnamed = directory.join(format!("{SOCKET_FILE}.{}", std::process::id()));
        remove_if_there(&unnamed)?;
        let listener = UnixListener::bind(&unnamed)?;
        fs::set_permissions(&unnamed, Permissions::from_mode(0o600))?;
        fs::rename(&unnamed, &path)?;
        Ok((Self { path }, listener))
    }
}

impl Drop for OwnerSocket {
    fn drop(&mut self) {
        // A socket that stays is no harm: nobody answers at it, and the next owner replaces it.
        let _gone = fs::remove_file(&self.path);
    }
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
