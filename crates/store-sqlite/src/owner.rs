//! Owner: one process owns a data directory. The lock dies with its process, however that ends.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use dreamkeeper_domain::ports::{PortError, PortErrorKind};

use crate::error::io_error;

/// The lock file's name in a data directory.
const LOCK_FILE: &str = "owner.lock";

/// How often the lock is tried for.
const TRIES: u32 = 3;
/// How long a try waits for the one before.
const BETWEEN_TRIES: Duration = Duration::from_millis(5);

/// Ownership of a data directory, held until dropped.
#[derive(Debug)]
pub struct OwnerLock {
    file: File,
}

impl OwnerLock {
    /// Takes the directory.
    ///
    /// # Errors
    /// `Owned`, with the owner's pid, while another process (or another lock of this one) holds it.
    pub fn take(directory: &Path) -> Result<Self, PortError> {
        let path = lock_path(directory);
        let wrong = |error| io_error("opening", &path, error);
        let mut open = fs::OpenOptions::new();
        open.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
        let mut file = open.open(&path).map_err(wrong)?;
        for patience in (0..TRIES).rev() {
            match (file.try_lock(), patience) {
                (Ok(()), _) => break,
                (Err(TryLockError::Error(error)), _) => return Err(io_error("locking", &path, error)),
                (Err(TryLockError::WouldBlock), 0) => return Err(owned(directory, read_pid(&mut file))),
                // Who only asks for the holder has the lock for an instant, and writes no pid.
                (Err(TryLockError::WouldBlock), _) => std::thread::sleep(BETWEEN_TRIES),
            }
        }
        // The pid is for people; a full disk must not keep an owner from reading.
        let note =
            file.set_len(0).and_then(|()| file.write_all(format!("{}\n", std::process::id()).as_bytes()));
        if let Err(error) = note {
            tracing::warn!(%error, path = %path.display(), "the owner's pid could not be written");
        }
        Ok(Self { file })
    }

    /// The pid of the process that owns the directory; `None` when nobody does.
    pub fn holder(directory: &Path) -> Option<u32> {
        let mut file = File::open(lock_path(directory)).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => read_pid(&mut file),
            Ok(()) | Err(TryLockError::Error(_)) => None,
        }
    }
}

impl Drop for OwnerLock {
    fn drop(&mut self) {
        // Closing the file lets go of the lock; the pid would only mislead a reader.
        let _ = self.file.set_len(0);
    }
}

fn lock_path(directory: &Path) -> PathBuf {
    directory.join(LOCK_FILE)
}

fn read_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn owned(directory: &Path, pid: Option<u32>) -> PortError {
    let who = pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"));
    let message = format!(
        "{} is owned by {who}: stop it, speak to it through its socket, or choose another data directory",
        directory.display()
    );
    PortError::new(PortErrorKind::Owned, message)
}
