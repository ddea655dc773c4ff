//! Receipts are written off the path of recall: an answer does not wait for the disk.
//!
//! A power cut in the moment after an answer may lose its receipt, never anything that was remembered.
//! `why` and `close` wait until what was handed in before them is on disk. After a receipt could not be
//! written, the next ones are waited for until one is: nobody is given the id of what is known to be lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use dreamkeeper_domain::actor::Actor;
use dreamkeeper_domain::changeset::{ChangeSet, Write};
use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::ports::Store;
use dreamkeeper_domain::receipt::Receipt;
use tokio::sync::{mpsc, oneshot};

/// Receipts that may wait for the disk before a recall has to wait too.
const WAITING_COUNT_MAX: usize = 1_024;

enum Job {
    Write(Handed),
    Flush(oneshot::Sender<()>),
}

/// A receipt on its way to the disk; `told` hears whether it got there, where somebody waits for that.
struct Handed {
    space: SpaceId,
    actor: Actor,
    receipt: Box<Receipt>,
    told: Option<oneshot::Sender<bool>>,
}

/// Hands receipts to the task that writes them. The task ends when the last clone is gone.
#[derive(Clone)]
pub(crate) struct ReceiptWriter {
    jobs: mpsc::Sender<Job>,
    /// Whether the last write failed.
    failing: Arc<AtomicBool>,
}

impl ReceiptWriter {
    pub(crate) fn start(store: Arc<dyn Store>) -> Self {
        let (jobs, inbox) = mpsc::channel(WAITING_COUNT_MAX);
        let failing = Arc::new(AtomicBool::new(false));
        tokio::spawn(run(store, inbox, failing.clone()));
        Self { jobs, failing }
    }

    /// Hands in a receipt and says whether its id may be handed out. Waits when too many wait already, and
    /// for the disk while that fails.
    pub(crate) async fn put(&self, space: SpaceId, actor: Actor, receipt: Receipt) -> bool {
        let (told, waiting) = match self.failing.load(Ordering::Relaxed) {
            true => Some(oneshot::channel()).unzip(),
            false => (None, None),
        };
        let job = Job::Write(Handed { space, actor, receipt: Box::new(receipt), told });
        if self.jobs.send(job).await.is_err() {
            tracing::error!("the receipt writer has stopped: this recall leaves no receipt");
            return false;
        }
        match waiting {
            Some(waiting) => waiting.await.unwrap_or(false),
            None => true,
        }
    }

    /// Waits until everything handed in before is on disk.
    pub(crate) async fn flush(&self) {
        let (done, waiting) = oneshot::channel();
        if self.jobs.send(Job::Flush(done)).await.is_ok() {
            // An error means that the task ended, and it writes all it has before that.
            let _ended = waiting.await;
        }
    }

    pub(crate) async fn close(&self) {
        self.flush().await;
    }
}

async fn run(store: Arc<dyn Store>, mut inbox: mpsc::Receiver<Job>, failing: Arc<AtomicBool>) {
    let mut batch = Vec::new();
    while inbox.recv_many(&mut batch, 64).await > 0 {
        let mut flushed = Vec::new();
        let mut waiting = Vec::new();
        for job in batch.drain(..) {
            match job {
                Job::Write(handed) => waiting.push(handed),
                Job::Flush(done) => flushed.push(done),
            }
        }
        for Handed { space, actor, receipt, told } in waiting {
            let written = write(&store, space, actor, receipt).await;
            failing.store(!written, Ordering::Relaxed);
            if let Some(told) = told {
                // Whoever asked may have gone; nothing is lost by that.
                let _gone = told.send(written);
            }
        }
        for done in flushed {
            // Whoever asked may have gone; nothing is lost by that.
            let _gone = done.send(());
        }
    }
}

async fn write(store: &Arc<dyn Store>, space: SpaceId, actor: Actor, receipt: Box<Receipt>) -> bool {
    let (id, at) = (receipt.id, receipt.at);
    let changes = ChangeSet { idempotency: None, actor, at, writes: vec![Write::PutReceipt(receipt)] };
    let outcome = match store.space(space).await {
        Ok(space) => space.apply(changes).await.map(drop).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    match outcome {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(receipt = %id, %error, "a receipt could not be written");
            false
        }
    }
}
