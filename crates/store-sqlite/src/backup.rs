//! Backup: SQLite's online copy, of one moment, while writers go on. The copy gets its name only when it is
//! whole and on the disk.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dreamkeeper_domain::ports::{PortError, PortErrorKind};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ffi};
use tokio::sync::mpsc::{Sender, channel};

use crate::error::{io_error, lost_work, sql_error};
use crate::open::{make_private_file, sync_parent, with_suffix};
use crate::readers::Readers;

/// Pages between two reports of progress: 4 MiB.
const STEP_PAGES: i32 = 1_024;

/// Copies a space to a new file.
pub(crate) async fn copy(
    readers: &Arc<Readers>,
    to: &Path,
    progress: &(dyn Fn(u64, u64) + Send + Sync),
) -> Result<(), PortError> {
    let (told, mut tell) = channel(1);
    let (readers, to) = (Arc::clone(readers), to.to_owned());
    let copying = tokio::task::spawn_blocking(move || copy_to(&readers, &to, &told));
    while let Some((done, all)) = tell.recv().await {
        progress(done, all);
    }
    copying.await.map_err(|error| lost_work("a backup").caused_by(error))?
}

fn copy_to(readers: &Readers, to: &Path, told: &Sender<(u64, u64)>) -> Result<(), PortError> {
    if to.try_exists().map_err(|error| io_error("looking for", to, error))? {
        let message = format!("{} is there already: choose a new name for the backup", to.display());
        return Err(PortError::new(PortErrorKind::Refused, message));
    }
    let draft = with_suffix(to, ".partial");
    let result = copy_pages(readers, &draft, told).and_then(|()| keep(&draft, to));
    if result.is_err() {
        // Half a copy must not be taken for a backup; that it cannot be removed changes nothing.
        let _ = fs::remove_file(&draft);
    }
    result
}

fn copy_pages(readers: &Readers, draft: &PathBuf, told: &Sender<(u64, u64)>) -> Result<(), PortError> {
    let from = readers.take()?;
    let _ = fs::remove_file(draft);
    make_private_file(draft).map_err(|error| io_error("making", draft, error))?;
    let copied = || {
        let mut into = Connection::open(draft)?;
        // An open read transaction holds the moment: the copy need not start again when someone writes.
        from.execute_batch("BEGIN")?;
        from.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
        {
            let backup = Backup::new(&from, &mut into)?;
            loop {
                let step = backup.step(STEP_PAGES)?;
                let at = backup.progress();
                let told = told.blocking_send(((at.pagecount - at.remaining) as u64, at.pagecount as u64));
                if told.is_err() {
                    return Err(abandoned());
                }
                if step == StepResult::Done {
                    break;
                }
            }
        }
        from.execute_batch("ROLLBACK")?;
        into.close().map_err(|(_, error)| error)
    };
    copied().map_err(|error| sql_error("the backup", draft, error))
}

/// Nobody waits for the copy any more.
fn abandoned() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(
        ffi::Error::new(ffi::SQLITE_INTERRUPT),
        Some("the backup was abandoned".into()),
    )
}

fn keep(draft: &Path, to: &Path) -> Result<(), PortError> {
    let named = || {
        File::open(draft)?.sync_all()?;
        fs::rename(draft, to)?;
        sync_parent(to)
    };
    named().map_err(|error| io_error("keeping the backup", to, error))
}
