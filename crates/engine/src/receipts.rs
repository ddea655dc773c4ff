//! Receipts are written off the path of recall: an answer does not wait for the disk.
//!
//! A power cut in the moment after an answer may lose its receipt, never anything that was remembered.
//! `why` and `close` wait until what was handed in before them is on disk.

use std::sync::Arc;

use dreamkeeper_domain::actor::Actor;
use dreamkeeper_domain::changeset::{ChangeSet, Write};
use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::ports::Store;
use dreamkeeper_domain::receipt::Receipt;
use tokio::sync::{mpsc, oneshot};

/// Receipts that may wait for the disk before a recall has to wait too.
const WAITING_COUNT_MAX: usize = 1_024;

enum Job {
    Write { space: SpaceId, actor: Actor, receipt: Box<Receipt> },
    Flush(oneshot::Sender<()>),
}

/// Hands receipts to the task that writes them. The task ends when the last clone is gone.
#[derive(Clone)]
pub(crate) struct ReceiptWriter {
    jobs: mpsc::Sender<Job>,
}

impl ReceiptWriter {
    pub(crate) fn start(store: Arc<dyn Store>) -> Self {
        let (jobs, inbox) = mpsc::channel(WAITING_COUNT_MAX);
        tokio::spawn(run(store, inbox));
        Self { jobs }
    }

    /// Hands in a receipt; waits only when too many wait already.
    pub(crate) async fn put(&self, space: SpaceId, actor: Actor, receipt: Receipt) {
        let job = Job::Write { space, actor, receipt: Box::new(receipt) };
        if self.jobs.send(job).await.is_err() {
            tracing::error!("the receipt writer has stopped: this recall leaves no receipt");
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

async fn run(store: Arc<dyn Store>, mut inbox: mpsc::Receiver<Job>) {
    let mut batch = Vec::new();
    while inbox.recv_many(&mut batch, 64).await > 0 {
        let mut flushed = Vec::new();
        let mut waiting: Vec<(SpaceId, Actor, Box<Receipt>)> = Vec::new();
        for job in batch.drain(..) {
            match job {
                Job::Write { space, actor, receipt } => waiting.push((space, actor, receipt)),
                Job::Flush(done) => flushed.push(done),
            }
        }
        for (space, actor, receipt) in waiting {
            write(&store, space, actor, receipt).await;
        }
        for done in flushed {
            // Whoever asked may have gone; nothing is lost by that.
            let _gone = done.send(());
        }
    }
}

async fn write(store: &Arc<dyn Store>, space: SpaceId, actor: Actor, receipt: Box<Receipt>) {
    let (id, at) = (receipt.id, receipt.at);
    let changes = ChangeSet { idempotency: None, actor, at, writes: vec![Write::PutReceipt(receipt)] };
    let outcome = match store.space(space).await {
        Ok(space) => space.apply(changes).await.map(drop).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    if let Err(error) = outcome {
        tracing::warn!(receipt = %id, %error, "a receipt could not be written");
    }
}
