//! Told: what learning does, as it does it, for whoever follows in this process: a stream of events, metrics.
//!
//! Nothing depends on being heard: who listens too slowly is told how much was missed, and reads the events.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use dreamkeeper_domain::event::{LearnEvent, Settlement};
use dreamkeeper_domain::id::{EventId, SpaceId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::ports::{ChatAnswer, ChatModel, ChatRequest, PortError, PortErrorKind, TokenUsage};
use tokio::sync::broadcast;
use tracing::field::Empty;
use tracing::{Instrument, info_span};

use crate::{Engine, Principal, VerbError};

/// One thing that learning did.
#[derive(Debug, Clone)]
pub enum Told {
    /// Events were settled, or put back to be tried again.
    Settled {
        /// Their space.
        space: SpaceId,
        /// The events.
        events: Arc<[EventId]>,
        /// What was said of them, once for all.
        settlement: Arc<Settlement>,
    },
    /// A model was called.
    Called {
        /// How long it took.
        elapsed: Duration,
        /// What the answer took, or how the call failed.
        answered: Result<TokenUsage, PortErrorKind>,
    },
}

/// Tells everybody who listens.
#[derive(Debug, Clone)]
pub(crate) struct Telling(broadcast::Sender<Told>);

impl Default for Telling {
    fn default() -> Self {
        Self(broadcast::Sender::new(limits::FOLLOW_WAITING_MAX))
    }
}

impl Telling {
    /// Tells of settled events, once they are.
    pub(crate) fn settled(&self, space: SpaceId, events: &[LearnEvent], settlement: &Settlement) {
        if self.0.receiver_count() > 0 {
            let events = events.iter().map(|event| event.id).collect();
            self.tell(Told::Settled { space, events, settlement: Arc::new(settlement.clone()) });
        }
    }

    fn tell(&self, told: Told) {
        // An error says that nobody listens.
        let _unheard = self.0.send(told);
    }
}

/// A layer over a chat model that tells of each call.
pub(crate) struct Telltale {
    pub(crate) inner: Arc<dyn ChatModel>,
    pub(crate) telling: Telling,
}

#[async_trait]
impl ChatModel for Telltale {
    fn identity(&self) -> &str {
        self.inner.identity()
    }

    async fn complete(&self, request: &ChatRequest) -> Result<ChatAnswer, PortError> {
        let begun = Instant::now();
        let span = info_span!("model", name = self.identity(), prompt_tokens = Empty, answer_tokens = Empty);
        let answer = self.inner.complete(request).instrument(span.clone()).await;
        if let Ok(answer) = &answer {
            span.record("prompt_tokens", answer.usage.prompt_tokens);
            span.record("answer_tokens", answer.usage.answer_tokens);
        }
        let answered = answer.as_ref().map(|answer| answer.usage).map_err(|error| error.kind);
        self.telling.tell(Told::Called { elapsed: begun.elapsed(), answered });
        answer
    }
}

/// What somebody who follows a space's learning hears.
#[derive(Debug, Clone, PartialEq)]
pub enum Followed {
    /// An event as it was settled, or put back with what it failed with.
    Event(Box<LearnEvent>),
    /// So many were told faster than they were read; the events themselves tell what happened.
    Missed(u64),
}

/// Follows the learning of one space, from now on.
pub struct Follow {
    engine: Engine,
    principal: Principal,
    told: broadcast::Receiver<Told>,
    waiting: Vec<LearnEvent>,
}

impl Follow {
    /// The next thing; waits for it.
    ///
    /// # Errors
    /// The store's.
    pub async fn next(&mut self) -> Result<Followed, VerbError> {
        loop {
            if let Some(event) = self.waiting.pop() {
                return Ok(Followed::Event(Box::new(event)));
            }
            match self.told.recv().await {
                Ok(Told::Settled { space, events, .. }) if space == self.principal.space => {
                    let mut found = self.engine.space(&self.principal).await?.events(&events).await?;
                    found
                        .sort_by_key(|event| std::cmp::Reverse(events.iter().position(|id| *id == event.id)));
                    self.waiting = found;
                }
                Ok(Told::Settled { .. } | Told::Called { .. }) => {}
                Err(broadcast::error::RecvError::Lagged(count)) => return Ok(Followed::Missed(count)),
                // The engine that this holds keeps the other end alive.
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

impl Engine {
    /// Follows what is learned in the principal's space.
    ///
    /// # Errors
    /// `Forbidden` without `read`.
    pub fn follow(&self, principal: &Principal) -> Result<Follow, VerbError> {
        principal.require(Permission::Read)?;
        let told = self.learning_told();
        Ok(Follow { engine: self.clone(), principal: principal.clone(), told, waiting: Vec::new() })
    }

    /// Everything that learning does in every space, for whoever counts it; holds no words of anybody.
    pub fn learning_told(&self) -> broadcast::Receiver<Told> {
        self.learning.telling.0.subscribe()
    }
}
