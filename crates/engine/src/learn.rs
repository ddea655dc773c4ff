//! Learn: from messages to memories, off the turn or in it.
//!
//! Steps, each a module: `context` gathers what is read together, `extract` proposes by rules or by a model,
//! `ground` checks that it was said, `policy` holds back what a person has to see, `neighbours` fetches what is
//! known, `decide` adds, updates, deletes or leaves, `run` makes one ChangeSet of it, `worker` takes batches off
//! the queue. docs/internals/learning.md tells the whole.

mod ask;
mod budget;
pub(crate) mod context;
mod contradictions;
mod decide;
mod desk;
mod endings;
mod enqueue;
mod events;
mod extract;
mod forget;
mod ground;
mod locks;
mod names;
mod neighbours;
mod policy;
mod propose;
mod quarantine;
mod run;
mod served;
mod settings;
pub(crate) mod similar;
mod summary;
mod timeline;
mod told;
mod totals;
mod worker;

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use dreamkeeper_domain::actor::Actor;
use dreamkeeper_domain::candidate::Proposer;
use dreamkeeper_domain::id::SpaceId;
use dreamkeeper_domain::ports::ChatModel;
use tokio::sync::Notify;

pub(crate) use enqueue::queued;
pub use enqueue::{Learn, LearnFrom, Queued};
pub use events::Edge;
pub use propose::Proposal;
pub use settings::{Budget, LearnSettings, Prices, Profile, Sensitive};
pub use told::{Follow, Followed, Told};
pub use totals::Totals;
pub use worker::Round;

/// What learning is made of, beside the engine's parts.
#[derive(Default)]
pub struct Learning {
    /// Proposes drafts; rules do without one.
    pub model: Option<Arc<dyn ChatModel>>,
    /// Other models for single steps.
    pub steps: StepModels,
    /// How spaces learn.
    pub settings: LearnSettings,
    /// How single spaces learn otherwise.
    pub by_space: BTreeMap<SpaceId, LearnSettings>,
}

/// Models that do one step in the place of the one that extracts.
#[derive(Clone, Default)]
pub struct StepModels {
    /// Is asked about contradictions that only deciding found.
    pub decide: Option<Arc<dyn ChatModel>>,
    /// Writes summaries, in calls of their own.
    pub summary: Option<Arc<dyn ChatModel>>,
}

/// The same with what runs of it share.
#[derive(Default)]
pub(crate) struct LearningState {
    pub(crate) model: Option<Arc<dyn ChatModel>>,
    pub(crate) steps: StepModels,
    settings: LearnSettings,
    by_space: BTreeMap<SpaceId, LearnSettings>,
    pub(crate) locks: locks::ScopeLocks,
    /// Spaces that this process has begun to learn in.
    begun: Mutex<HashSet<SpaceId>>,
    /// Told when an event was queued.
    pub(crate) woken: Notify,
    /// Told when events were settled.
    pub(crate) settled: Notify,
    /// Tells who follows what was done.
    pub(crate) telling: told::Telling,
}

impl LearningState {
    pub(crate) fn new(learning: Learning) -> Self {
        let Learning { model, steps, settings, by_space } = learning;
        let telling = told::Telling::default();
        let telltale = |inner: Option<Arc<dyn ChatModel>>| {
            inner.map(|inner| -> Arc<dyn ChatModel> {
                Arc::new(told::Telltale { inner, telling: telling.clone() })
            })
        };
        let steps = StepModels { decide: telltale(steps.decide), summary: telltale(steps.summary) };
        let model = telltale(model);
        Self { model, steps, settings, by_space, telling, ..Self::default() }
    }

    pub(crate) fn is_first_round(&self, space: SpaceId) -> bool {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).insert(space)
    }

    pub(crate) fn settings(&self, space: SpaceId) -> &LearnSettings {
        self.by_space.get(&space).unwrap_or(&self.settings)
    }
}

/// Who a memory of that proposer names as its author; what it says rests on its quotes.
pub(crate) fn actor(proposer: &Proposer) -> Actor {
    match proposer {
        Proposer::Rules => Actor::system("rules"),
        Proposer::Model { model, .. } => Actor::system(model),
        Proposer::Actor(actor) => actor.clone(),
    }
}
