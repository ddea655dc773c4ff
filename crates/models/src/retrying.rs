//! A layer over an embedder that tries again what may pass.

use std::time::Duration;

use async_trait::async_trait;
use dreamkeeper_domain::passage::EmbedderIdentity;
use dreamkeeper_domain::ports::{EmbedPurpose, Embedder, PortError};

/// Repeats a call whose failure is temporary, waiting twice as long before each attempt.
pub(crate) struct Retrying<E> {
    pub(crate) inner: E,
    pub(crate) policy: RetryPolicy,
}

/// How often to try, and how long to wait between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in all, the first included; 0 counts as 1.
    pub attempts_max: u32,
    /// The wait after the first attempt; it doubles after each further one.
    pub wait_first: Duration,
    /// No single wait is longer.
    pub wait_max: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { attempts_max: 4, wait_first: Duration::from_millis(250), wait_max: Duration::from_secs(5) }
    }
}

#[async_trait]
impl<E: Embedder> Embedder for Retrying<E> {
    fn identity(&self) -> &EmbedderIdentity {
        self.inner.identity()
    }

    fn dimensions(&self) -> usize {
        self.inner.dimensions()
    }

    async fn embed(&self, texts: &[String], purpose: EmbedPurpose) -> Result<Vec<Vec<f32>>, PortError> {
        self.policy.run(|| self.inner.embed(texts, purpose)).await
    }
}

impl RetryPolicy {
    /// Calls until the outcome is good or stays bad, or the attempts are used up.
    pub(crate) async fn run<T, F>(&self, mut call: impl FnMut() -> F) -> Result<T, PortError>
    where
        F: Future<Output = Result<T, PortError>>,
    {
        let mut wait = self.wait_first;
        let mut attempt = 1;
        loop {
            match call().await {
                Err(error) if error.temporary && attempt < self.attempts_max => {
                    tokio::time::sleep(wait.min(self.wait_max)).await;
                    wait = wait.saturating_mul(2);
                    attempt += 1;
                }
                Err(mut error) if attempt > 1 => {
                    error.message = format!("{} ({attempt} attempts)", error.message);
                    return Err(error);
                }
                outcome => return outcome,
            }
        }
    }
}
