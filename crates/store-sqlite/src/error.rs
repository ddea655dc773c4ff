//! Errors: what SQLite says becomes the port's words; the file and what was being done stand in the message.

use std::io;
use std::path::Path;

use dreamkeeper_domain::changeset::ApplyError;
use dreamkeeper_domain::ports::{PortError, PortErrorKind};
use rusqlite::ErrorCode;
use rusqlite::ffi;

/// Why one piece of work inside a file failed, before the file's name is known.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The ChangeSet cannot be applied; the store is well.
    #[error(transparent)]
    Refused(#[from] ApplyError),
    /// SQLite failed.
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
    /// A stored value is not what it should be.
    #[error("{0}")]
    Corrupt(String),
}

impl Failure {
    /// A stored value that cannot be read.
    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt(what.into())
    }

    /// A write that only a defect of ours can ask for.
    pub(crate) fn defect(what: impl Into<String>) -> Self {
        Self::Refused(PortError::new(PortErrorKind::Internal, what).into())
    }

    /// The port's error, for a read.
    pub(crate) fn into_port(self, doing: &str, file: &Path) -> PortError {
        match self.into_apply(doing, file) {
            ApplyError::Port(error) => error,
            refused => PortError::new(PortErrorKind::Internal, refused.to_string()),
        }
    }

    /// The port's error, for a write.
    pub(crate) fn into_apply(self, doing: &str, file: &Path) -> ApplyError {
        match self {
            Self::Refused(error) => error,
            Self::Sql(error) => sql_error(doing, file, error).into(),
            Self::Corrupt(what) => {
                let message = format!("{doing} failed: {} holds {what}; {CORRUPT_ADVICE}", file.display());
                PortError::new(PortErrorKind::Corrupt, message).into()
            }
        }
    }
}

const CORRUPT_ADVICE: &str = "run `dreamkeeper doctor`, or restore a backup";

/// What a SQLite error means for the caller.
pub(crate) fn sql_error(doing: &str, file: &Path, error: rusqlite::Error) -> PortError {
    let (kind, temporary, advice) = classify(&error, file);
    let message = format!("{doing} failed in {}: {error}; {advice}", file.display());
    let made = if temporary { PortError::temporary(kind, message) } else { PortError::new(kind, message) };
    made.caused_by(error)
}

fn classify(error: &rusqlite::Error, file: &Path) -> (PortErrorKind, bool, &'static str) {
    use PortErrorKind::{Corrupt, Full, Internal, Overloaded, ReadOnly, Unavailable};
    const DEFECT: &str = "this is a defect: please report it";
    const NO_RIGHT: &str = "make the data directory writable; reading goes on";
    const NO_SPACE: &str = "free some disk space; reading goes on";
    let Some(sqlite) = error.sqlite_error() else {
        return match error {
            // A column that does not read as its type was not written by us.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..)
            | rusqlite::Error::InvalidColumnType(..) => (Corrupt, false, CORRUPT_ADVICE),
            _ => (Internal, false, DEFECT),
        };
    };
    match sqlite.code {
        ErrorCode::DiskFull => (Full, false, NO_SPACE),
        // The shared-memory file could not grow: the only reason for that is a full disk.
        ErrorCode::SystemIoFailure if sqlite.extended_code == ffi::SQLITE_IOERR_SHMSIZE => {
            (Full, false, NO_SPACE)
        }
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => (ReadOnly, false, NO_RIGHT),
        // A disk that turns read-only while a file is open gives SQLite a mere failure to write.
        ErrorCode::SystemIoFailure if is_on_read_only_disk(file) => (ReadOnly, false, NO_RIGHT),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => (Corrupt, false, CORRUPT_ADVICE),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => (Overloaded, true, "try again"),
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => {
            (Unavailable, false, "check the disk and the rights of the data directory")
        }
        _ => (Internal, false, DEFECT),
    }
}

fn is_on_read_only_disk(file: &Path) -> bool {
    let opened = std::fs::OpenOptions::new().append(true).open(file);
    opened.is_err_and(|error| error.kind() == io::ErrorKind::ReadOnlyFilesystem)
}

/// What an operating system's error on a path means.
pub(crate) fn io_error(doing: &str, path: &Path, error: io::Error) -> PortError {
    let (kind, advice) = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            (PortErrorKind::Full, "free some disk space")
        }
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
            (PortErrorKind::ReadOnly, "make it writable for this user")
        }
        _ => (PortErrorKind::Unavailable, "check the path, its disk and its rights"),
    };
    let message = format!("{doing} {} failed: {error}; {advice}", path.display());
    PortError::new(kind, message).caused_by(error)
}

/// The error of work that was lost because its thread panicked or ended.
pub(crate) fn lost_work(doing: &str) -> PortError {
    PortError::new(PortErrorKind::Internal, format!("{doing} was lost: its thread ended; this is a defect"))
}
