//! Log: the write-ahead log is copied into the file when the writer is idle, or has written very much; never
//! between a request and its answer, except to cleanse the files after an erasure.
//!
//! Cleansing has two steps. `secure_delete` zeroes what leaves a page and TRUNCATE empties the log: that is
//! done before an erasure is answered. But a page that was split may keep a copy of what moved away in its
//! unused middle (SQLite's rebuildPage), which no statement reaches: a VACUUM once the writer is idle writes
//! every page anew. That it is owed stands in the file, so that a crash does not forget it.

use std::path::PathBuf;
use std::time::Duration;

use rusqlite::Connection;

use crate::open::{BUSY_TIMEOUT, DatabaseFile, has_log};

/// How long cleansing waits for readers of the old log before it is put off until the writer is idle: writes
/// wait behind it.
const CLEANSE_WAIT: Duration = Duration::from_millis(250);

/// The longest time between two tries of what did not work.
const PATIENCE_MAX: Duration = Duration::from_secs(60);

/// The name under which `meta` keeps that pages are to be written anew.
pub(crate) const SCRUB_OWED: &str = "scrub_owed";

/// What the writer knows of its log.
#[derive(Debug)]
pub(crate) struct Log {
    path: PathBuf,
    bytes_max: u64,
    /// Commits stand in the log that the file does not have yet.
    ahead: bool,
    /// Content was erased, and the log may still hold bytes of it.
    unclean: bool,
    /// Content was erased, and the unused parts of pages may still hold copies of it.
    scrub_owed: bool,
    /// How long the writer is idle before it takes care.
    idle: Duration,
    /// The same, longer with every try that did not work.
    patience: Duration,
}

impl Log {
    /// The log beside a file that was just opened.
    pub(crate) fn new(file: &DatabaseFile, conn: &Connection) -> rusqlite::Result<Self> {
        let owed = "SELECT EXISTS (SELECT 1 FROM meta WHERE name = ?1)";
        Ok(Self {
            path: file.log_path(),
            bytes_max: file.options.log_bytes_max,
            // A log from before a crash may hold what an erasure took out of the file.
            unclean: has_log(&file.path),
            ahead: false,
            idle: file.options.idle,
            patience: file.options.idle,
            scrub_owed: conn.query_row(owed, [SCRUB_OWED], |row| row.get(0))?,
        })
    }

    /// A commit was added.
    pub(crate) fn grew(&mut self) {
        self.ahead = true;
    }

    /// How long the writer is to be idle before [`Log::tend_idle`]; `None` when there is nothing to do.
    pub(crate) fn wants_care(&self) -> Option<Duration> {
        (self.ahead || self.unclean || self.scrub_owed).then_some(self.patience)
    }

    /// Copies the log when nobody waits.
    pub(crate) fn tend_idle(&mut self, conn: &Connection) {
        if self.scrub_owed {
            self.scrub_owed = !self.scrub(conn);
            self.unclean = true;
        }
        if self.unclean {
            self.cleanse(conn);
        } else {
            self.copy(conn, "PRAGMA wal_checkpoint(PASSIVE)");
        }
        // What a reader keeps in the log now is copied after the next commit.
        self.ahead = false;
        let done = !self.unclean && !self.scrub_owed;
        self.patience = if done { self.idle } else { (self.patience * 2).min(PATIENCE_MAX) };
    }

    /// Writes every page anew, so that none holds a copy of what was erased.
    fn scrub(&self, conn: &Connection) -> bool {
        let scrub = || {
            conn.execute_batch("VACUUM")?;
            conn.execute("DELETE FROM meta WHERE name = ?1", [SCRUB_OWED])
        };
        let scrubbed = scrub();
        if let Err(error) = &scrubbed {
            tracing::warn!(%error, path = %self.path.display(), "pages were not written anew after an erasure");
        }
        scrubbed.is_ok()
    }

    /// Copies the log when it has grown beyond its bound.
    pub(crate) fn tend_busy(&mut self, conn: &Connection) {
        let bytes = std::fs::metadata(&self.path).map_or(0, |data| data.len());
        if bytes > self.bytes_max {
            self.copy(conn, "PRAGMA wal_checkpoint(PASSIVE)");
        }
    }

    /// Content was erased: empties the log now, and owes the rest to an idle moment.
    pub(crate) fn erased(&mut self, conn: &Connection) {
        self.scrub_owed = true;
        self.cleanse(conn);
    }

    fn cleanse(&mut self, conn: &Connection) {
        let patience = |wait| {
            if let Err(error) = conn.busy_timeout(wait) {
                tracing::warn!(%error, path = %self.path.display(), "a wait could not be set");
            }
        };
        patience(CLEANSE_WAIT);
        self.unclean = !self.copy(conn, "PRAGMA wal_checkpoint(TRUNCATE)");
        patience(BUSY_TIMEOUT);
    }

    /// The last copy, when the space is closed.
    pub(crate) fn close(self, conn: Connection) {
        self.copy(&conn, "PRAGMA wal_checkpoint(TRUNCATE)");
        if let Err((_, error)) = conn.close() {
            tracing::warn!(%error, path = %self.path.display(), "a space was not closed cleanly");
        }
    }

    /// Runs a checkpoint; `true` when the whole log was copied.
    fn copy(&self, conn: &Connection, pragma: &str) -> bool {
        match conn.query_row(pragma, [], |row| row.get::<_, i64>(0)) {
            Ok(busy) => busy == 0,
            Err(error) => {
                tracing::warn!(%error, path = %self.path.display(), "the log could not be copied into its file");
                false
            }
        }
    }
}
