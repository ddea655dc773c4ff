//! A layer over a model that tries again what may pass.

use std::time::Duration;

use async_trait::async_trait;
use dreamkeeper_domain::passage::EmbedderIdentity;
use dreamkeeper_domain::ports::{ChatAnswer, ChatModel, ChatRequest, EmbedPurpose, Embedder, PortError};

/// Repeats a call whose failure is temporary, waiting twice as long before each attempt, and at least as long
/// as the other side asked.
pub(crate) struct Retrying<M> {
    pub(crate) inner: M,
    pub(crate) policy: RetryPolicy,
}

/// How often to try, and how long to wait between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in all, the first included; 0 counts as 1.
    pub attempts_max: u32,
    /// The wait after the first attempt; it doubles after each further one.
    pub wait_first: Duration,
    /// No single wait is longer: a failure that asks for more is handed up at once.
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

#[async_trait]
impl<M: ChatModel> ChatModel for Retrying<M> {
    fn identity(&self) -> &str {
        self.inner.identity()
    }

    /// Only where the other side answered and asked for it: a call that was cut off may have been paid for.
    async fn complete(&self, request: &ChatRequest) -> Result<ChatAnswer, PortError> {
        let asked = |error: &PortError| error.retry_after.is_some();
        self.policy.run_where(asked, || self.inner.complete(request)).await
    }
}

impl RetryPolicy {
    /// Calls until the outcome is good or stays bad, or the attempts are used up.
    pub(crate) async fn run<T, F>(&self, call: impl FnMut() -> F) -> Result<T, PortError>
    where
        F: Future<Output = Result<T, PortError>>,
    {
        self.run_where(|_| true, call).await
    }

    /// The same, but of the temporary failures only those that `worth` says so of are tried again.
    pub(crate) async fn run_where<T, F>(
        &self,
        worth: impl Fn(&PortError) -> bool,
        mut call: impl FnMut() -> F,
    ) -> Result<T, PortError>
    where
        F: Future<Output = Result<T, PortError>>,
    {
        let mut wait = self.wait_first;
        let mut attempt = 1;
        loop {
            match call().await {
                Err(error) if attempt < self.attempts_max && error.temporary && worth(&error) => {
                    let asked = error.retry_after.unwrap_or_default();
                    if asked > self.wait_max {
                        return Err(counted(error, attempt));
                    }
                    tokio::time::sleep(wait.min(self.wait_max).max(asked)).await;
                    wait = wait.saturating_mul(2);
                    attempt += 1;
                }
                Err(error) => return Err(counted(error, attempt)),
                outcome => return outcome,
            }
        }
    }
}

fn counted(mut error: PortError, attempts: u32) -> PortError {
    if attempts > 1 {
        error.message = format!("{} ({attempts} attempts)", error.message);
    }
    error
}
