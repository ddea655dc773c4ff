//! The worker of a server: learns from what waits and maintains spaces for as long as the server runs, and counts
//! what is done.

use std::time::Duration;

use dreamkeeper_engine::Engine;
use dreamkeeper_http::Metrics;
use jiff::SignedDuration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Tasks that run beside the listeners.
pub(super) struct Worker {
    learning: JoinHandle<()>,
    counting: JoinHandle<()>,
    maintaining: Option<JoinHandle<()>>,
}

/// How often it is looked whether a space is due; when it was maintained last is kept in the space.
const LOOK: Duration = Duration::from_secs(300);

impl Worker {
    /// Learns until `stopped` is true, and maintains every so often.
    pub(super) fn start(
        engine: Engine,
        metrics: Metrics,
        (mut stopped, every): (watch::Receiver<bool>, Option<Duration>),
    ) -> Self {
        let told = engine.learning_told();
        let counted = metrics.clone();
        let counting = tokio::spawn(async move { counted.follow(told).await });
        let maintaining = every.map(|every| tokio::spawn(maintain(engine.clone(), metrics, every)));
        let learning = tokio::spawn(async move {
            // An error means that the sender is gone, which is an end too.
            let stop = async {
                let _gone = stopped.wait_for(|stopped| *stopped).await;
            };
            engine.work(stop).await;
        });
        Self { learning, counting, maintaining }
    }

    /// Waits until the batch under way is done, but not longer than told. What is cut off is learned from again
    /// when its lease has run out: nothing of it was written.
    pub(super) async fn end(mut self, drain: Duration) {
        if tokio::time::timeout(drain, &mut self.learning).await.is_err() {
            tracing::warn!("learning was cut off: it took longer than server.shutdown_timeout_ms");
            self.learning.abort();
        }
        self.counting.abort();
        // Each step of maintenance is whole by itself: what is cut off is done the next time.
        if let Some(maintaining) = self.maintaining {
            maintaining.abort();
        }
    }
}

async fn maintain(engine: Engine, metrics: Metrics, every: Duration) {
    let every = SignedDuration::try_from(every).unwrap_or(SignedDuration::MAX);
    loop {
        for (space, done) in engine.maintain_due(every).await {
            let archived: u64 = done.archived_counts.values().sum();
            let pruned = done.pruned.event_count + done.pruned.held_count;
            tracing::info!(%space, looked_at = done.memory_count, archived, pruned, "maintained");
            metrics.maintained(&done);
        }
        tokio::time::sleep(LOOK).await;
    }
}
