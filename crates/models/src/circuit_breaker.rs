//! A layer over a chat model that leaves it alone for a while once it keeps failing.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use dreamkeeper_domain::limits::{CHAT_FAILURES_MAX, CHAT_REST_SECONDS, CHAT_REST_SECONDS_MAX};
use dreamkeeper_domain::ports::{ChatAnswer, ChatModel, ChatRequest, Clock, PortError, PortErrorKind};
use jiff::Timestamp;

/// When a model is left alone, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerPolicy {
    /// Temporary failures in a row that open the breaker; 0 counts as 1.
    pub failures_max: u32,
    /// How long it stays open. A model that asks for longer is given longer, within a bound.
    pub rest: Duration,
}

impl Default for BreakerPolicy {
    fn default() -> Self {
        Self { failures_max: CHAT_FAILURES_MAX, rest: Duration::from_secs(CHAT_REST_SECONDS) }
    }
}

/// Answers `Unavailable` at once while open; after that one call probes the model, and its outcome closes the
/// breaker or opens it again. A failure that is not temporary shows that the other side is there.
pub struct CircuitBreaker {
    inner: Arc<dyn ChatModel>,
    clock: Arc<dyn Clock>,
    policy: BreakerPolicy,
    state: Mutex<State>,
}

#[derive(Debug)]
enum State {
    /// Calls go through; so many failed since the last that did not.
    Closed { failures: u32 },
    /// No call goes through between these moments.
    Open { since: Timestamp, until: Timestamp, failures: u32, last: String },
    /// One call goes through.
    Probing { failures: u32, last: String },
}

impl CircuitBreaker {
    /// A closed breaker before a model.
    pub fn new(inner: Arc<dyn ChatModel>, clock: Arc<dyn Clock>, policy: BreakerPolicy) -> Self {
        Self { inner, clock, policy, state: Mutex::new(State::Closed { failures: 0 }) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a call through, as a probe or not, or tells why it may not go.
    fn admit(&self) -> Result<bool, PortError> {
        let now = self.clock.now();
        let mut state = self.state();
        match &*state {
            State::Closed { .. } => Ok(false),
            // A clock that was set back before the opening must not keep the breaker open for years.
            State::Open { since, until, failures, last } if (*since..*until).contains(&now) => {
                let wait = Duration::try_from(until.duration_since(now)).unwrap_or_default();
                let left = format!("it is left alone until {until}");
                Err(self.refusal(*failures, last, &left).retry_after(wait))
            }
            State::Open { failures, last, .. } => {
                *state = State::Probing { failures: *failures, last: last.clone() };
                Ok(true)
            }
            State::Probing { failures, last } => {
                let left = "one call is finding out whether it is back";
                Err(self.refusal(*failures, last, left).retry_after(Duration::ZERO))
            }
        }
    }

    fn refusal(&self, failures: u32, last: &str, left: &str) -> PortError {
        let model = self.inner.identity();
        let message = format!("{model} failed {failures} times in a row: {left} (the last failure: {last})");
        PortError::temporary(PortErrorKind::Unavailable, message)
    }

    fn settle(&self, outcome: &Result<ChatAnswer, PortError>, probe: bool) {
        let now = self.clock.now();
        let mut state = self.state();
        let failures = match &*state {
            State::Closed { failures } | State::Probing { failures, .. } => *failures,
            // A call that began before the breaker opened says nothing about the model now.
            State::Open { .. } => return,
        };
        if matches!(*state, State::Probing { .. }) && !probe {
            return;
        }
        let error = match outcome {
            Err(error) if error.temporary => error,
            Ok(_) | Err(_) => {
                *state = State::Closed { failures: 0 };
                return;
            }
        };
        let failures = failures.saturating_add(1);
        if probe || failures >= self.policy.failures_max.max(1) {
            let asked = error.retry_after.unwrap_or_default();
            let rest = self.policy.rest.max(asked.min(Duration::from_secs(CHAT_REST_SECONDS_MAX)));
            let until = now.saturating_add(rest).unwrap_or(Timestamp::MAX);
            *state = State::Open { since: now, until, failures, last: error.message.clone() };
        } else {
            *state = State::Closed { failures };
        }
    }
}

#[async_trait]
impl ChatModel for CircuitBreaker {
    fn identity(&self) -> &str {
        self.inner.identity()
    }

    async fn complete(&self, request: &ChatRequest) -> Result<ChatAnswer, PortError> {
        let probe = self.admit()?;
        let abandoned = AbandonedProbe { breaker: self, armed: probe };
        let outcome = self.inner.complete(request).await;
        abandoned.disarm();
        self.settle(&outcome, probe);
        outcome
    }
}

/// Lets the next call probe when this one was dropped before it ended: otherwise none ever would.
struct AbandonedProbe<'breaker> {
    breaker: &'breaker CircuitBreaker,
    armed: bool,
}

impl AbandonedProbe<'_> {
    fn disarm(mut self) {
        self.armed = false;
    }
}

impl Drop for AbandonedProbe<'_> {
    fn drop(&mut self) {
        if !self.armed {
            return;
        }
        let now = self.breaker.clock.now();
        let mut state = self.breaker.state();
        if let State::Probing { failures, last } = &*state {
            *state = State::Open { since: now, until: now, failures: *failures, last: last.clone() };
        }
    }
}

#[cfg(test)]
mod tests {
    use dreamkeeper_testkit::contract::chat::request;
    use dreamkeeper_testkit::{Fault, FrozenClock, ModelReply, ScriptedChat};
    use jiff::SignedDuration;

    use super::*;

    const POLICY: BreakerPolicy = BreakerPolicy { failures_max: 3, rest: Duration::from_secs(30) };

    struct Stage {
        model: Arc<ScriptedChat>,
        clock: Arc<FrozenClock>,
        breaker: CircuitBreaker,
    }

    /// A breaker before a model that gives these replies in order.
    fn stage(replies: Vec<ModelReply>) -> Stage {
        let model = Arc::new(ScriptedChat::answering(replies));
        let clock = Arc::new(FrozenClock::at("2026-03-01T12:00:00Z"));
        let breaker = CircuitBreaker::new(Arc::clone(&model) as _, Arc::clone(&clock) as _, POLICY);
        Stage { model, clock, breaker }
    }

    fn down() -> ModelReply {
        Fault::Status500.spoil(ModelReply::HangsUp)
    }

    fn up() -> ModelReply {
        ModelReply::text("yes")
    }

    impl Stage {
        /// Makes so many calls; gives the last outcome.
        async fn call(&self, count: usize) -> Result<ChatAnswer, PortError> {
            for _ in 1..count {
                let _ = self.breaker.complete(&request("well?", None)).await;
            }
            self.breaker.complete(&request("well?", None)).await
        }

        fn pass(&self, seconds: i64) {
            self.clock.advance(SignedDuration::from_secs(seconds));
        }

        fn asked(&self) -> usize {
            self.model.requests().len()
        }
    }

    #[tokio::test]
    async fn it_opens_after_failures_in_a_row_and_says_until_when() {
        let stage = stage(vec![down(), down(), down(), up()]);
        assert!(stage.call(3).await.unwrap_err().message.contains("500"));
        stage.pass(10);
        let error = stage.call(5).await.unwrap_err();
        assert_eq!((error.kind, error.temporary), (PortErrorKind::Unavailable, true));
        assert_eq!(error.retry_after, Some(Duration::from_secs(20)));
        for part in ["scripted/chat", "3 times", "2026-03-01T12:00:30Z", "500"] {
            assert!(error.message.contains(part), "{error} does not say {part:?}");
        }
        assert_eq!(stage.asked(), 3);
    }

    #[tokio::test]
    async fn a_probe_that_succeeds_closes_it_and_one_that_fails_opens_it_again() {
        let stage = stage(vec![down(), down(), down(), down(), up(), down(), up()]);
        stage.call(3).await.unwrap_err();
        stage.pass(30);
        stage.call(2).await.unwrap_err();
        assert_eq!(stage.asked(), 4);
        stage.pass(30);
        stage.call(1).await.unwrap();
        // One failure of a closed breaker opens nothing.
        stage.call(1).await.unwrap_err();
        stage.call(1).await.unwrap();
    }

    #[tokio::test]
    async fn only_temporary_failures_in_a_row_count() {
        let refused = || Fault::Status401.spoil(ModelReply::HangsUp);
        let stage = stage(vec![down(), down(), up(), down(), down(), refused(), down(), down(), up()]);
        assert!(stage.call(9).await.is_ok());
        assert_eq!(stage.asked(), 9);
    }

    #[tokio::test]
    async fn it_rests_as_long_as_the_model_asks_within_a_bound() {
        for (asked, rest) in [(10, 30), (90, 90), (1_000_000, CHAT_REST_SECONDS_MAX as i64)] {
            let later = ModelReply::Fails { status: 429, retry_after: Some(asked), message: "later".into() };
            let stage = stage(vec![down(), down(), later, up()]);
            stage.call(3).await.unwrap_err();
            stage.pass(rest - 1);
            stage.call(1).await.unwrap_err();
            stage.pass(1);
            stage.call(1).await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_clock_that_goes_back_does_not_keep_it_open() {
        let stage = stage(vec![down(), down(), down(), up()]);
        stage.call(3).await.unwrap_err();
        stage.pass(-86_400);
        stage.call(1).await.unwrap();
    }

    /// Never answers.
    struct Asleep;

    #[async_trait]
    impl ChatModel for Asleep {
        fn identity(&self) -> &str {
            "scripted/asleep"
        }

        async fn complete(&self, _: &ChatRequest) -> Result<ChatAnswer, PortError> {
            std::future::pending().await
        }
    }

    #[tokio::test]
    async fn one_call_probes_at_a_time_and_an_abandoned_probe_makes_way() {
        let clock = Arc::new(FrozenClock::default());
        let breaker = CircuitBreaker::new(Arc::new(Asleep), Arc::clone(&clock) as _, POLICY);
        let (since, last) = (clock.now(), "gone".to_owned());
        *breaker.state() = State::Open { since, until: since, failures: 3, last };
        let asked = request("well?", None);
        {
            let mut probe = Box::pin(breaker.complete(&asked));
            assert!(futures_poll(&mut probe).is_none(), "the probe waits");
            let error = breaker.complete(&asked).await.unwrap_err();
            assert!(error.message.contains("finding out"), "{error}");
        }
        let mut next = Box::pin(breaker.complete(&asked));
        assert!(futures_poll(&mut next).is_none(), "the next call probes");
    }

    /// One look at a future.
    fn futures_poll<T>(future: &mut std::pin::Pin<Box<impl Future<Output = T> + ?Sized>>) -> Option<T> {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(outcome) => Some(outcome),
            std::task::Poll::Pending => None,
        }
    }
}
