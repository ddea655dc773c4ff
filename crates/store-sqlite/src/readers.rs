//! Readers: a few connections for reading, lent to blocking work; each piece of work sees one moment.

use std::sync::{Arc, Mutex, PoisonError};

use dreamkeeper_domain::ports::PortError;
use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::error::{Failure, lost_work};
use crate::open::DatabaseFile;

/// The read connections of one file, opened as they are needed.
#[derive(Debug)]
pub(crate) struct Readers {
    file: DatabaseFile,
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    /// None open yet.
    pub(crate) fn new(file: DatabaseFile) -> Self {
        let permits = Arc::new(Semaphore::new(file.options.readers_max.max(1)));
        Self { file, permits, idle: Mutex::default() }
    }

    /// Runs `work` on a connection that sees every commit answered before now, and none made meanwhile.
    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        doing: &'static str,
        work: impl FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, PortError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| lost_work(doing))?;
        let readers = Arc::clone(self);
        let run = move || {
            let _permit = permit;
            let conn = readers.take()?;
            let result =
                snapshot(&conn, work).map_err(|failure| failure.into_port(doing, &readers.file.path));
            readers.give_back(conn);
            result
        };
        tokio::task::spawn_blocking(run).await.map_err(|error| lost_work(doing).caused_by(error))?
    }

    /// A connection that nobody else uses.
    pub(crate) fn take(&self) -> Result<Connection, PortError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| self.file.reader(), Ok)
    }

    fn give_back(&self, conn: Connection) {
        // One that could not end its transaction would show its next user an old moment.
        if !conn.is_autocommit() {
            return;
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
    }
}

fn snapshot<T>(
    conn: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, Failure>,
) -> Result<T, Failure> {
    conn.prepare_cached("BEGIN DEFERRED")?.execute([])?;
    let result = work(conn);
    let ended = conn.prepare_cached("ROLLBACK").and_then(|mut statement| statement.execute([]));
    // What the work met tells more than what its end met.
    result.and_then(|value| ended.map(|_| value).map_err(Failure::from))
}
