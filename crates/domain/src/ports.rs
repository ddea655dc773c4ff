//! Ports: what the engine needs from the world, as small object-safe traits.
//!
//! A trait's comments are its contract; `testkit` holds one suite for each that every adapter runs.
//! To add an adapter: write a crate that knows `domain` only, run the suite in its tests, name it in the
//! binary's `wiring.rs`.

mod chat;
mod clock;
mod control;
mod dreams;
mod embedder;
mod error;
mod index;
mod learning;
mod store;
mod topics;

pub use chat::{AnswerSchema, ChatAnswer, ChatEnd, ChatModel, ChatRequest, ChatRole, ChatTurn, TokenUsage};
pub use clock::{Clock, Entropy};
pub use control::{ControlStore, SpaceRecord};
pub use dreams::{DreamQuery, DreamRecords};
pub use embedder::{EmbedPurpose, Embedder};
pub use error::{PortError, PortErrorKind};
pub use index::{
    Candidate, IndexChange, IndexStats, Nomination, NominationRequest, PassageIndex, QueryTerm,
    SegmentSelection, SegmentStats,
};
pub use learning::{EventQuery, HeldQuery, LearningRecords};
pub use store::{
    AuditEntry, Holding, LooseEnds, MemoryPage, MemoryQuery, Page, PinTest, SegmentSummary, SessionQuery,
    Snapshot, SnapshotQuery, SpaceStats, SpaceStore, Store, Surroundings,
};
pub use topics::{StoreQuery, TopicQuery, TopicRecords, TopicVersionQuery, WorkingFile};
