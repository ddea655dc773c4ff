//! Options: the bounds of a data directory's files, with defaults that suit one machine.

use std::time::Duration;

/// How a data directory is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// Space files kept open when nobody uses them, the least recently used closed first.
    pub spaces_open_max: usize,
    /// Read connections of one space; more reads than that wait.
    pub readers_max: usize,
    /// ChangeSets that may wait for one space's writer; one more is refused as `Overloaded`.
    pub queue_count_max: usize,
    /// ChangeSets that share one commit.
    pub group_count_max: usize,
    /// Writes that share one commit: bounds how long a large group holds up the next.
    pub group_writes_max: usize,
    /// How long a group waits for more, once at least two ChangeSets are queued.
    pub group_wait: Duration,
    /// Bytes of log beyond which the writer copies it into the file even when it is busy.
    pub log_bytes_max: u64,
    /// How long the writer is idle before it copies the log into the file.
    pub idle: Duration,
    /// Files may not grow beyond this many pages of 4 KiB; tests use it for a full disk.
    #[doc(hidden)]
    pub test_pages_max: Option<u32>,
    /// For tests of power cuts only: the name of a registered SQLite VFS.
    #[doc(hidden)]
    pub test_vfs: Option<String>,
    /// For tests of power cuts only: answers before the disk has the write.
    #[doc(hidden)]
    pub test_synchronous_off: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            spaces_open_max: 16,
            readers_max: 4,
            queue_count_max: 1_024,
            group_count_max: 64,
            group_writes_max: 4_096,
            group_wait: Duration::from_millis(2),
            log_bytes_max: 32 << 20,
            idle: Duration::from_millis(200),
            test_pages_max: None,
            test_vfs: None,
            test_synchronous_off: false,
        }
    }
}
