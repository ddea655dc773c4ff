//! The worker of a server: learns from what waits for as long as the server runs, and counts what is learned.

use std::time::Duration;

use dreamkeeper_engine::Engine;
use dreamkeeper_http::Metrics;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Tasks that run beside the listeners.
pub(super) struct Worker {
    learning: JoinHandle<()>,
    counting: JoinHandle<()>,
}

impl Worker {
    /// Learns until `stopped` is true.
    pub(super) fn start(engine: Engine, metrics: Metrics, mut stopped: watch::Receiver<bool>) -> Self {
        let told = engine.learning_told();
        let counting = tokio::spawn(async move { metrics.follow(told).await });
        let learning = tokio::spawn(async move {
            // An error means that the sender is gone, which is an end too.
            let stop = async {
                let _gone = stopped.wait_for(|stopped| *stopped).await;
            };
            engine.work(stop).await;
        });
        Self { learning, counting }
    }

    /// Waits until the batch under way is done, but not longer than told. What is cut off is learned from again
    /// when its lease has run out: nothing of it was written.
    pub(super) async fn end(mut self, drain: Duration) {
        if tokio::time::timeout(drain, &mut self.learning).await.is_err() {
            tracing::warn!("learning was cut off: it took longer than server.shutdown_timeout_ms");
            self.learning.abort();
        }
        self.counting.abort();
    }
}
