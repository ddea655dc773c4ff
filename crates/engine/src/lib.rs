//! The verbs of Dreamkeeper: append, remember, recall, forget and the rest, over the ports of `domain`.
//!
//! Every surface (REST, CLI, later MCP and UI) calls the same verb with a [`Principal`]; the verb checks the
//! permission, the bounds and the rules, builds one ChangeSet and applies it. No verb reads a clock, draws a
//! random byte or names an adapter: all of that comes in through [`Parts`].

mod append;
mod doctor;
pub mod dream;
mod echo;
mod erase;
mod error;
mod followed;
mod ground;
mod holdings;
mod importance;
mod keys;
mod known_sessions;
pub mod learn;
mod maintain;
mod memory_change;
mod passages;
mod principal;
mod read;
pub mod recall;
mod receipts;
mod reindex;
mod remember;
mod spaces;
mod state;
pub mod topics;
mod why;

use std::sync::Arc;

use dreamkeeper_domain::changeset::{Applied, ChangeSet, Write};
use dreamkeeper_domain::ports::{
    Clock, ControlStore, Embedder, Entropy, IndexChange, PassageIndex, PortError, PortErrorKind, SpaceStore,
    Store,
};

pub use append::{Append, Appended, AppendedMessage, NewMessage, SessionRef};
pub use doctor::{DoctorProgress, Fault, Health};
pub use erase::{EraseTarget, Erased};
pub use error::VerbError;
pub use ground::EvidenceRef;
pub use holdings::SpaceReport;
pub use keys::{NewKey, NewKeySecret, Secret};
pub use learn::{Learn, LearnFrom, LearnSettings, Learning, Queued};
pub use maintain::{ArchiveRule, Archived, MaintainPolicy, MaintainProgress, Maintained};
pub use principal::Principal;
pub use read::{History, ListMemories, Record};
pub use reindex::{ReindexProgress, Reindexed};
pub use remember::{MemoryPatch, NewMemory, Update};
pub use state::SetState;
pub use why::Why;

/// What an engine is made of.
#[derive(Clone)]
pub struct Parts {
    /// The system of record.
    pub store: Arc<dyn Store>,
    /// Spaces and keys.
    pub control: Arc<dyn ControlStore>,
    /// Nominates passages.
    pub index: Arc<dyn PassageIndex>,
    /// Turns texts into vectors.
    pub embedder: Arc<dyn Embedder>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Draws random bytes.
    pub entropy: Arc<dyn Entropy>,
}

/// The verbs over one set of parts. Cheap to clone; all clones are one engine.
///
/// Must be made inside a tokio runtime: receipts are written by a task of the engine, which
/// [`Engine::close`] drains and stops.
#[derive(Clone)]
pub struct Engine {
    parts: Parts,
    receipts: receipts::ReceiptWriter,
    learning: Arc<learn::LearningState>,
    echoes: echo::Echoes,
    known_sessions: known_sessions::KnownSessions,
    maintenance: Arc<maintain::MaintainPolicy>,
    writes_receipts: bool,
}

impl Engine {
    /// An engine over these parts.
    pub fn new(parts: Parts) -> Self {
        let receipts = receipts::ReceiptWriter::start(parts.store.clone());
        Self {
            parts,
            receipts,
            writes_receipts: true,
            learning: Arc::default(),
            echoes: echo::Echoes::default(),
            known_sessions: known_sessions::KnownSessions::default(),
            maintenance: Arc::default(),
        }
    }

    /// The same engine with other settings of learning, or with a model.
    #[must_use]
    pub fn with_learning(self, learning: learn::Learning) -> Self {
        Self { learning: Arc::new(learn::LearningState::new(learning)), ..self }
    }

    /// The same engine over a store that is known to refuse writes: a recall hands out no receipt.
    #[must_use]
    pub fn without_receipts(self) -> Self {
        Self { writes_receipts: false, ..self }
    }

    /// Writes what recalls have left to write and stops the engine's task. Call it before the process ends.
    pub async fn close(&self) {
        self.receipts.close().await;
    }

    /// The parts, for whoever wires another surface to the same adapters.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    pub(crate) fn now(&self) -> jiff::Timestamp {
        // Stores keep microseconds; a finer moment would not read back equal.
        let now = self.parts.clock.now();
        jiff::Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    pub(crate) fn random(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        self.parts.entropy.fill(&mut bytes);
        bytes
    }

    pub(crate) async fn space(&self, principal: &Principal) -> Result<Arc<dyn SpaceStore>, VerbError> {
        Ok(self.parts.store.space(principal.space).await?)
    }

    /// Applies writes as one ChangeSet in the principal's name; see [`Engine::apply_and_follow`].
    pub(crate) async fn apply(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        writes: Vec<Write>,
        follow: impl FnOnce(&Applied) -> Vec<IndexChange> + Send + 'static,
    ) -> Result<Applied, VerbError> {
        let changes = ChangeSet { idempotency: None, actor: principal.actor.clone(), at: self.now(), writes };
        self.apply_and_follow(principal, space, changes, follow).await
    }

    /// Applies a ChangeSet and tells the index what came of it, in a task of its own: a caller that goes
    /// away in between (a time-out, a closed connection) must not part what is stored from what is found.
    pub(crate) async fn apply_and_follow(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        changes: ChangeSet,
        follow: impl FnOnce(&Applied) -> Vec<IndexChange> + Send + 'static,
    ) -> Result<Applied, VerbError> {
        let (id, space, index) = (principal.space, space.clone(), self.parts.index.clone());
        let task = tokio::spawn(async move {
            let applied = space.apply(changes).await?;
            let told = if applied.replayed { Vec::new() } else { follow(&applied) };
            if !told.is_empty() {
                index.follow(id, told).await?;
            }
            Ok(applied)
        });
        task.await.unwrap_or_else(|error| {
            let message = "writing ended unexpectedly; read the record again to see whether it was written";
            Err(PortError::new(PortErrorKind::Internal, message).caused_by(error).into())
        })
    }
}
