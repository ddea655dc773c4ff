//! Writer: one thread owns a space's write connection. ChangeSets that wait together share one commit, each
//! in its own savepoint; nobody is answered before the commit is durable.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use dreamkeeper_domain::changeset::{Applied, ApplyError, ChangeSet};
use dreamkeeper_domain::ports::{PortError, PortErrorKind};
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::apply::{self, Done};
use crate::error::{Failure, io_error, lost_work, sql_error};
use crate::log::Log;
use crate::open::DatabaseFile;
use crate::options::Options;

/// A group that is already sharing waits for its next member at most this long at a time: who is about to
/// write does so well within it, and nobody waits in vain for long.
const PAUSE: Duration = Duration::from_micros(300);

type Answer = Result<Applied, ApplyError>;

/// A ChangeSet on its way.
struct Job {
    changes: ChangeSet,
    answer: oneshot::Sender<Answer>,
}

/// The queue to the writer thread. Dropping it lets the thread finish what is queued and waits for it.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    path: PathBuf,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn start(file: &DatabaseFile) -> Result<Self, PortError> {
        let conn = file.writer()?;
        let (queue, jobs) = sync_channel(file.options.queue_count_max);
        let log = Log::new(file, &conn).map_err(|error| sql_error("opening", &file.path, error))?;
        let run = Run { conn, jobs, log, path: file.path.clone(), options: file.options.clone() };
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run.serve())
            .map_err(|error| io_error("starting the writer of", &file.path, error))?;
        Ok(Self { queue: Some(queue), thread: Some(thread), path: file.path.clone() })
    }

    /// Applies a ChangeSet; answers when it is durable.
    pub(crate) async fn apply(&self, changes: ChangeSet) -> Answer {
        let (answer, answered) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or_else(|| lost_work("a ChangeSet"))?;
        queue.try_send(Job { changes, answer }).map_err(|error| match error {
            TrySendError::Full(_) => self.overloaded(),
            TrySendError::Disconnected(_) => lost_work("a ChangeSet"),
        })?;
        answered.await.unwrap_or_else(|_| Err(lost_work("a ChangeSet").into()))
    }

    fn overloaded(&self) -> PortError {
        let message = format!("the write queue of {} is full: try again in a moment", self.path.display());
        PortError::temporary(PortErrorKind::Overloaded, message)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!(path = %self.path.display(), "the writer thread panicked");
        }
    }
}

/// The writer thread's side.
struct Run {
    conn: Connection,
    jobs: Receiver<Job>,
    log: Log,
    path: PathBuf,
    options: Options,
}

/// How committing a group ended.
enum Committed {
    /// Every member has its answer; `erased` tells whether any destroyed content.
    All { answers: Vec<Answer>, erased: bool },
    /// The transaction was lost as a whole: nothing of it was written.
    Nothing(rusqlite::Error),
}

impl Run {
    fn serve(mut self) {
        loop {
            let job = if let Some(idle) = self.log.wants_care() {
                match self.jobs.recv_timeout(idle) {
                    Err(RecvTimeoutError::Timeout) => {
                        self.log.tend_idle(&self.conn);
                        continue;
                    }
                    received => received.map_err(|_| ()),
                }
            } else {
                self.jobs.recv().map_err(|_| ())
            };
            let Ok(first) = job else { break };
            let group = self.gather(first);
            self.commit(group);
            self.log.tend_busy(&self.conn);
        }
        self.log.close(self.conn);
    }

    /// The first job and what is queued behind it. A lone one is not held back.
    fn gather(&self, first: Job) -> Vec<Job> {
        let mut writes = first.changes.writes.len();
        let mut group = vec![first];
        let mut since: Option<Instant> = None;
        while group.len() < self.options.group_count_max && writes < self.options.group_writes_max {
            let next = match since {
                None => self.jobs.try_recv().ok(),
                Some(since) => {
                    let left = self.options.group_wait.saturating_sub(since.elapsed());
                    self.jobs.recv_timeout(left.min(PAUSE)).ok()
                }
            };
            let Some(job) = next else { break };
            since.get_or_insert_with(Instant::now);
            writes += job.changes.writes.len();
            group.push(job);
        }
        group
    }

    fn commit(&mut self, group: Vec<Job>) {
        let (changes, waiting): (Vec<ChangeSet>, Vec<_>) =
            group.into_iter().map(|job| (job.changes, job.answer)).unzip();
        let answers = self.apply_all(&changes);
        for (answer, waiting) in answers.into_iter().zip(waiting) {
            // Who asked may have gone; the write stands all the same.
            let _ = waiting.send(answer);
        }
    }

    /// One answer for each ChangeSet. When the shared transaction is lost, each gets one of its own, so
    /// that only the cause fails.
    fn apply_all(&mut self, changes: &[ChangeSet]) -> Vec<Answer> {
        match self.apply_together(changes) {
            Committed::All { answers, erased } => {
                self.log.grew();
                if erased {
                    self.log.erased(&self.conn);
                }
                answers
            }
            Committed::Nothing(error) => match changes {
                [_] => vec![Err(sql_error("writing", &self.path, error).into())],
                several => several.iter().flat_map(|one| self.apply_all(std::slice::from_ref(one))).collect(),
            },
        }
    }

    fn apply_together(&mut self, changes: &[ChangeSet]) -> Committed {
        if let Err(error) = self.run("BEGIN IMMEDIATE") {
            return Committed::Nothing(error);
        }
        let mut erased = false;
        let mut answers = Vec::with_capacity(changes.len());
        for one in changes {
            match self.apply_one(one) {
                Ok(done) => {
                    erased |= done.erased;
                    answers.push(Ok(done.applied));
                }
                // SQLite ends the whole transaction on a full disk and the like.
                Err(Failure::Sql(error)) if self.conn.is_autocommit() => return Committed::Nothing(error),
                Err(failure) => answers.push(Err(failure.into_apply("writing", &self.path))),
            }
        }
        match self.run("COMMIT") {
            Ok(()) => Committed::All { answers, erased },
            Err(error) => {
                if !self.conn.is_autocommit()
                    && let Err(error) = self.run("ROLLBACK")
                {
                    tracing::error!(%error, path = %self.path.display(), "a failed commit was not rolled back");
                }
                Committed::Nothing(error)
            }
        }
    }

    fn apply_one(&self, changes: &ChangeSet) -> Result<Done, Failure> {
        self.run("SAVEPOINT one")?;
        // A defect that one ChangeSet meets must not end the writer for all others.
        let done = catch_unwind(AssertUnwindSafe(|| apply::apply(&self.conn, changes)))
            .unwrap_or_else(|_| Err(Failure::defect("applying a ChangeSet panicked: please report it")));
        if done.is_err() && !self.conn.is_autocommit() {
            self.run("ROLLBACK TO one")?;
        }
        if !self.conn.is_autocommit() {
            self.run("RELEASE one")?;
        }
        done
    }

    fn run(&self, sql: &str) -> rusqlite::Result<()> {
        self.conn.prepare_cached(sql)?.execute([]).map(drop)
    }
}
