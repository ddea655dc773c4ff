//! Opening: a file is recognised before SQLite may touch it, made under another name before it counts, and
//! every connection gets the same settings.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use dreamkeeper_domain::ports::{PortError, PortErrorKind};
use rusqlite::{Connection, OpenFlags};

use crate::error::{io_error, sql_error};
use crate::migrate::{self, Schema};
use crate::options::Options;

/// How long a connection waits for another's lock before it gives up.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Prepared statements that a connection keeps.
const STATEMENTS_KEPT: usize = 96;
/// Bytes of pages that the writer's connection keeps, in KiB.
const WRITER_CACHE_KIB: i64 = 16 << 10;
/// Bytes of pages that a reader's connection keeps, in KiB.
const READER_CACHE_KIB: i64 = 4 << 10;

/// Whether a data directory can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// It can.
    ReadWrite,
    /// It cannot: a read-only disk.
    ReadOnly,
}

/// One database file of a data directory.
#[derive(Debug, Clone)]
pub(crate) struct DatabaseFile {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// What it holds.
    pub(crate) schema: &'static Schema,
    /// Whether it can be written.
    pub(crate) access: Access,
    /// The directory's options.
    pub(crate) options: Options,
}

impl DatabaseFile {
    /// Makes the file when there is none, and refuses one that is not ours, whole, or old enough; such a
    /// file is left as it is. `fill` writes what a new file holds from the start.
    pub(crate) fn prepare(
        &self,
        fill: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<(), PortError> {
        let exists = self.path.try_exists().map_err(|error| io_error("looking for", &self.path, error))?;
        match (exists, self.access) {
            (true, _) => self.recognise(),
            (false, Access::ReadWrite) => self.create(fill),
            (false, Access::ReadOnly) => {
                let message = format!(
                    "{} does not exist and cannot be made: the data directory is read-only; make it writable",
                    self.path.display()
                );
                Err(PortError::new(PortErrorKind::ReadOnly, message))
            }
        }
    }

    /// The connection that writes, brought to the current schema.
    pub(crate) fn writer(&self) -> Result<Connection, PortError> {
        let wrong = |error| sql_error("opening for writing", &self.path, error);
        let mut conn = self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(wrong)?;
        self.set_up_writer(&mut conn).map_err(wrong)?;
        Ok(conn)
    }

    fn set_up_writer(&self, conn: &mut Connection) -> rusqlite::Result<()> {
        settle(conn, WRITER_CACHE_KIB)?;
        // A no-op for files that we made; another tool may have turned it off.
        conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        let synchronous = if self.options.test_synchronous_off { "OFF" } else { "FULL" };
        conn.pragma_update(None, "synchronous", synchronous)?;
        conn.pragma_update(None, "secure_delete", "ON")?;
        conn.pragma_update(None, "foreign_keys", "ON")?;
        // The writer thread copies the log itself, outside of any commit.
        conn.pragma_update(None, "wal_autocheckpoint", 0)?;
        conn.pragma_update(None, "journal_size_limit", self.options.log_bytes_max as i64)?;
        if let Some(pages) = self.options.test_pages_max {
            conn.pragma_update(None, "max_page_count", pages)?;
        }
        migrate::migrate(conn, self.schema, self.schema.version())
    }

    /// A connection that only reads.
    pub(crate) fn reader(&self) -> Result<Connection, PortError> {
        let open = || {
            let conn = self.connect(OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            settle(&conn, READER_CACHE_KIB)?;
            conn.pragma_update(None, "query_only", "ON")?;
            Ok(conn)
        };
        open().map_err(|error| sql_error("opening for reading", &self.path, error))
    }

    fn connect(&self, access: OpenFlags) -> rusqlite::Result<Connection> {
        let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if self.access == Access::ReadOnly && !has_log(&self.path) {
            // Without a log to read and a place to make one, SQLite opens only what it may take for frozen.
            return Connection::open_with_flags(frozen_uri(&self.path), flags | OpenFlags::SQLITE_OPEN_URI);
        }
        match &self.options.test_vfs {
            Some(vfs) => Connection::open_with_flags_and_vfs(&self.path, flags, vfs.as_str()),
            None => Connection::open_with_flags(&self.path, flags),
        }
    }

    /// A connection that changes nothing on the disk, not even by opening.
    pub(crate) fn probe(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = if has_log(&self.path) {
            Connection::open_with_flags(&self.path, flags)?
        } else {
            Connection::open_with_flags(frozen_uri(&self.path), flags | OpenFlags::SQLITE_OPEN_URI)?
        };
        conn.busy_timeout(BUSY_TIMEOUT)?;
        Ok(conn)
    }

    fn recognise(&self) -> Result<(), PortError> {
        self.check_header()?;
        let identity = || {
            let conn = self.probe()?;
            let id: i32 = conn.query_row("PRAGMA application_id", [], |row| row.get(0))?;
            // Reads the schema, which is where a torn file shows first.
            conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
            Ok((id, migrate::version(&conn)?))
        };
        let (id, version) = identity().map_err(|error| sql_error("recognising", &self.path, error))?;
        self.check_identity(id, version)
    }

    fn check_header(&self) -> Result<(), PortError> {
        let mut header = [0; 100];
        let read = File::open(&self.path).and_then(|mut file| file.read_exact(&mut header));
        match read {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(self.corrupt("is shorter than a database's header"));
            }
            Err(error) => return Err(io_error("reading", &self.path, error)),
        }
        if !header.starts_with(b"SQLite format 3\0") {
            return Err(self.corrupt("does not begin as a database does"));
        }
        let number =
            |at: usize| header[at..at + 4].iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
        self.check_identity(number(68).cast_signed(), number(60))
    }

    fn check_identity(&self, application_id: i32, version: u32) -> Result<(), PortError> {
        if application_id != self.schema.application_id {
            let what = format!(
                "is not a {} file of Dreamkeeper (its mark is {application_id:#x})",
                self.schema.name
            );
            return Err(self.corrupt(&what));
        }
        if version > self.schema.version() {
            let message = format!(
                "{} was written by a newer Dreamkeeper (schema {version}, this one knows {}): it was not \
                 touched; use the newer version",
                self.path.display(),
                self.schema.version()
            );
            return Err(PortError::new(PortErrorKind::Newer, message));
        }
        Ok(())
    }

    fn corrupt(&self, what: &str) -> PortError {
        let message = format!("{} {what}: it was not touched; restore a backup", self.path.display());
        PortError::new(PortErrorKind::Corrupt, message)
    }

    /// Makes the file under another name, so that under its own name it is never seen half made.
    fn create(&self, fill: impl FnOnce(&Connection) -> rusqlite::Result<()>) -> Result<(), PortError> {
        let draft = Self { path: with_suffix(&self.path, ".new"), ..self.clone() };
        for suffix in ["", "-journal", "-wal", "-shm"] {
            remove_if_there(&with_suffix(&draft.path, suffix))?;
        }
        make_private_file(&draft.path).map_err(|error| io_error("making", &draft.path, error))?;
        let made = || {
            let mut conn = draft.connect(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            settle(&conn, WRITER_CACHE_KIB)?;
            migrate::migrate(&mut conn, self.schema, self.schema.version())?;
            fill(&conn)?;
            conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
            conn.close().map_err(|(_, error)| error)
        };
        made().map_err(|error| sql_error("making", &draft.path, error))?;
        let keep = || {
            File::open(&draft.path)?.sync_all()?;
            fs::rename(&draft.path, &self.path)?;
            sync_parent(&self.path)
        };
        keep().map_err(|error| io_error("making", &self.path, error))
    }

    /// Opens for writing; on a full disk, where that needs room, the file is left open for reading, and the
    /// inner error is what writes are refused with.
    pub(crate) fn readable_when_full<T>(
        &mut self,
        open: impl FnOnce(&Self) -> Result<T, PortError>,
    ) -> Result<Result<T, PortError>, PortError> {
        match open(self) {
            Err(error) if error.kind == PortErrorKind::Full => {
                self.access = Access::ReadOnly;
                Ok(Err(error))
            }
            opened => opened.map(Ok),
        }
    }

    /// What a write to a file on a read-only disk is refused with.
    pub(crate) fn read_only(&self) -> PortError {
        let message = format!(
            "{} is read-only: make the data directory writable and start again; reading goes on",
            self.path.display()
        );
        PortError::new(PortErrorKind::ReadOnly, message)
    }

    /// Bytes of the file and its log.
    pub(crate) fn bytes_on_disk(&self) -> u64 {
        let size = |path: &Path| fs::metadata(path).map_or(0, |data| data.len());
        size(&self.path) + size(&self.log_path())
    }

    /// The write-ahead log beside the file.
    pub(crate) fn log_path(&self) -> PathBuf {
        with_suffix(&self.path, "-wal")
    }
}

fn settle(conn: &Connection, cache_kib: i64) -> rusqlite::Result<()> {
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    conn.pragma_update(None, "cache_size", -cache_kib)?;
    conn.pragma_update(None, "trusted_schema", "OFF")?;
    conn.pragma_update(None, "cell_size_check", "ON")
}

/// Whether a write-ahead log with something in it stands beside the file.
pub(crate) fn has_log(path: &Path) -> bool {
    fs::metadata(with_suffix(path, "-wal")).is_ok_and(|data| data.len() > 0)
}

/// The path as a URI that tells SQLite to take no lock and look for no log.
fn frozen_uri(path: &Path) -> PathBuf {
    let mut uri = OsString::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                uri.push(char::from(*byte).to_string());
            }
            other => uri.push(format!("%{other:02X}")),
        }
    }
    uri.push("?immutable=1");
    uri.into()
}

/// The path with more at its end.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn remove_if_there(path: &Path) -> Result<(), PortError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error("removing", path, error)),
        _ => Ok(()),
    }
}

/// A new file that only its owner can read: it will hold what people said.
pub(crate) fn make_private_file(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Makes a rename or a new file in the parent directory survive a power cut.
pub(crate) fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if cfg!(unix) => File::open(parent)?.sync_all(),
        _ => Ok(()),
    }
}
