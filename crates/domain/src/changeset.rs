//! ChangeSet: writes as data, applied whole or not at all (DESIGN §4).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::actor::Actor;
use crate::candidate::{Closing, Held, HeldStatus};
use crate::dream::{Dream, DreamSchedule, ProposedChange};
use crate::event::{LearnEvent, Settlement};
use crate::id::{
    CandidateId, DreamId, EventId, MemoryId, MessageId, SessionId, StoreId, TopicId, TopicVersionId,
};
use crate::memory::Memory;
use crate::message::Message;
use crate::passage::{EmbedderIdentity, Owner, Passage, PassageSeq, Vector};
use crate::receipt::Receipt;
use crate::scope::Scope;
use crate::session::Session;
use crate::summary::Summary;
use crate::topic::{ContentHash, NamedMoment, Topic, TopicNote};
use crate::topic_store::TopicStore;
use crate::usefulness::Feedback;
use crate::version::Operation;

/// A caller's own name for a ChangeSet: applying it a second time within
/// [`crate::limits::IDEMPOTENCY_DAYS`] changes nothing and answers as the first time did.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IdempotencyKey(pub String);

/// Writes that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeSet {
    /// Under which name a repetition is recognised; the digest tells a repetition from another request
    /// that reuses the name. An erasure drops every digest that is kept, because one could confirm a guess
    /// of what was erased: from then on the name alone counts.
    pub idempotency: Option<(IdempotencyKey, [u8; 32])>,
    /// Who makes the change.
    pub actor: Actor,
    /// When, by the engine's clock.
    pub at: Timestamp,
    /// What is written, in order.
    pub writes: Vec<Write>,
}

/// The version that a write expects to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// No such record yet.
    Absent,
    /// Exactly this version.
    Version(u32),
    /// Whatever is there.
    Any,
}

/// One write.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// Records a session that does not exist yet. Opening one whose id, or whose key and scope ids, are
    /// there already changes nothing and answers with the one that is there; later writes of the same
    /// ChangeSet that name the given id are then meant for that one. So it is for a keyless one when the
    /// latest recorded keyless session of exactly its user, agent, app and run (labels may differ) has not
    /// been idle for [`crate::limits::SESSION_IDLE_MINUTES`] by its `last_recorded_at`: two appends at once
    /// to the current session make one.
    OpenSession(Session),
    /// Appends a message to its session. The store gives the ordinal; a client id that the session holds
    /// already answers [`Outcome::Duplicate`] when the content is the same, else
    /// [`ApplyError::ClientIdReused`].
    AppendMessage {
        /// The message; its `ordinal` is ignored.
        message: Message,
        /// Its passages; their `turn.ordinal` is set by the store.
        passages: Vec<Passage>,
    },
    /// Writes one version of a memory. `memory.version` is the new version; passages of earlier versions
    /// are retired at the ChangeSet's time.
    PutMemory {
        /// The whole memory after the change.
        memory: Box<Memory>,
        /// What must be there before.
        expected: Expected,
        /// What the change does.
        operation: Operation,
        /// Why.
        reason: Option<String>,
        /// The passages of the new text; `None` keeps those that are there (text, aliases, kind, scope and
        /// origin unchanged; a store may refuse it otherwise).
        passages: Option<Vec<Passage>>,
    },
    /// Destroys a memory's content in every version, its passages, vectors and quotes in receipts; the
    /// id, times, actors and operations stay.
    EraseMemory {
        /// Which.
        id: MemoryId,
        /// Why.
        reason: Option<String>,
    },
    /// Destroys a message's content, its passages and vectors, and quotes of it in evidence and receipts;
    /// its place stays.
    EraseMessage {
        /// Which.
        id: MessageId,
        /// Why.
        reason: Option<String>,
    },
    /// Sets or removes (`value: None`) a state key of one exact scope.
    PutState {
        /// The scope.
        scope: Scope,
        /// The key.
        key: String,
        /// The new value.
        value: Option<Value>,
        /// What must be there before.
        expected: Expected,
        /// Why.
        reason: Option<String>,
    },
    /// Destroys a state key's values in every version.
    EraseState {
        /// The scope.
        scope: Scope,
        /// The key.
        key: String,
        /// Why.
        reason: Option<String>,
    },
    /// Keeps what a recall served.
    PutReceipt(Box<Receipt>),
    /// Replaces the passages of a message, or those that one version of a memory brought, by what was cut
    /// anew. Passed over where the owner is gone, erased, or no longer at the version that was seen: whoever
    /// changed it wrote its passages too.
    MendPassages {
        /// Whose.
        owner: Owner,
        /// The version that brought them; 0 for a message.
        version: u32,
        /// The owner's latest version when they were cut; 0 for a message.
        seen: u32,
        /// All of them, in order; their `turn` is set by the store.
        passages: Vec<Passage>,
    },
    /// Removes the passages that no message and no version of a memory counts as its own, and counts the
    /// others anew.
    SweepPassages,
    /// Gives passages new vectors; passages that are gone are passed over.
    PutVectors {
        /// What made them.
        embedder: EmbedderIdentity,
        /// Each with the passage it belongs to.
        vectors: Vec<(PassageSeq, Vector)>,
    },
    /// Queues an event. Messages that the same ChangeSet found to be there already are left out of it; an
    /// event of which nothing is left is not made ([`Outcome::Done`]). With [`crate::limits::QUEUE_EVENTS_MAX`]
    /// waiting, the ChangeSet is refused with [`ApplyError::QueueFull`].
    Enqueue(Box<LearnEvent>),
    /// Gives a worker the oldest sessions whose events are due and of which no event is running, each with
    /// all of its due events in order, and proposals one by one: at most so many events in all, at least one
    /// session. An event whose lease has run out counts as waiting. Leaves no audit entry.
    Lease {
        /// The worker.
        worker: String,
        /// Until when it holds them.
        until: Timestamp,
        /// At most this many events.
        count_max: usize,
    },
    /// Gives back every event that any worker holds, uncounted: for the one process that owns the space, when
    /// it begins. Leaves no audit entry.
    FreeLeases,
    /// Says what became of events that the worker holds; [`ApplyError::LeaseLost`] when it holds one of them
    /// no more, so that nothing else of the ChangeSet is written either.
    Settle {
        /// The worker.
        worker: String,
        /// The events.
        events: Vec<EventId>,
        /// What became of them. The report is kept on the first, the others refer to it by being settled at
        /// the same moment with an empty one.
        settlement: Settlement,
    },
    /// Makes a failed event wait again, as if it had never been tried; any other is left as it is.
    Requeue(EventId),
    /// Puts a candidate into quarantine; one whose id is there already is left as it is.
    Hold(Box<Held>),
    /// Closes a held candidate; [`ApplyError::VersionConflict`] when it is closed already.
    CloseHeld {
        /// Which.
        id: CandidateId,
        /// `Released` or `Rejected`.
        status: HeldStatus,
        /// By whom, when and why.
        closing: Closing,
    },
    /// Replaces the summary of a session, unless the one that is there reaches further, or something that it was made
    /// from was erased meanwhile.
    PutSummary(Box<Summary>),
    /// Takes away what is past its time: events that succeeded or failed, and candidates that were closed. Leaves
    /// no audit entry.
    Prune {
        /// Which.
        old: Outdated,
        /// At most so many of each sort.
        count_max: usize,
    },
    /// Notes when the space was maintained. Leaves no audit entry.
    NoteMaintained(Timestamp),
    /// Counts what somebody said of a memory.
    PutFeedback {
        /// The memory.
        memory: MemoryId,
        /// What they said.
        feedback: Feedback,
    },
    /// Writes a store of topics itself; `store.version` is the new version.
    PutTopicStore {
        /// The whole record after the change.
        store: Box<TopicStore>,
        /// What must be there before.
        expected: Expected,
    },
    /// Destroys a store with its topics, versions, passages and working files, and what proposed changes tell of
    /// them, and what receipts quote of them. One that is not there changes nothing.
    PurgeTopicStore(StoreId),
    /// Writes one version of a topic. The store gives `head.number`, `head.created_at` and `head.updated_at`;
    /// everything else of the head is the writer's. A topic stays in the store that it was made in; one that was
    /// removed comes back under its id. [`ApplyError::PathTaken`] when another live topic of the store has the
    /// path, [`ApplyError::StoreClosed`] when the store is archived or deleted, [`ApplyError::StoreFull`] when a
    /// new topic goes over [`crate::limits::STORE_TOPICS_MAX`].
    ///
    /// Paths are compared when the whole ChangeSet is written, so that two topics can change places in one.
    PutTopic {
        /// The whole topic after the change.
        topic: Box<Topic>,
        /// What must be there before: the number of its latest version. A topic that was removed counts as
        /// being at the number of that removal.
        expected: Expected,
        /// Why, in which session, by which dream.
        note: TopicNote,
        /// The passages of the new content; earlier ones are retired at the ChangeSet's time.
        passages: Vec<Passage>,
    },
    /// Removes a topic: one version that says so, its passages retired. Refused like a write when the store is
    /// closed; [`ApplyError::NotFound`] when it is not there.
    RemoveTopic {
        /// Which.
        id: TopicId,
        /// The id of the version that says so.
        version: TopicVersionId,
        /// What must be there before.
        expected: Expected,
        /// Why, in which session, by which dream.
        note: TopicNote,
    },
    /// Destroys path, content, hash and reason of a version, the passages that it brought, and what proposed
    /// changes and receipts tell of it. [`ApplyError::HeadVersion`] for the latest one of a live topic. Redacting again
    /// changes nothing.
    RedactTopicVersion(TopicVersionId),
    /// Notes what files of a working copy hold; `None` for one that is gone. Leaves no audit entry.
    NoteWorkingFiles {
        /// The store.
        store: StoreId,
        /// Path and hash.
        files: Vec<(String, Option<ContentHash>)>,
    },
    /// Names a moment; a name that is taken is a [`ApplyError::VersionConflict`].
    NameMoment(Box<NamedMoment>),
    /// Takes a name away; one that is not there changes nothing.
    UnnameMoment(String),
    /// Writes a dream; `dream.version` is the new version. [`ApplyError::TargetHeld`] when it begins to hold a
    /// target that another dream holds.
    PutDream {
        /// The whole record after the change.
        dream: Box<Dream>,
        /// What must be there before.
        expected: Expected,
    },
    /// Writes changes that a dream proposes, each in the place of one with its number. What was
    /// erased meanwhile is taken out of them ([`ProposedChange::erase_message`], [`ProposedChange::empty`]).
    PutProposedChanges {
        /// The dream.
        dream: DreamId,
        /// The changes.
        changes: Vec<ProposedChange>,
    },
    /// Destroys a dream with its changes; its adoptions' versions stay.
    PurgeDream(DreamId),
    /// Writes a schedule; `schedule.version` is the new version.
    PutDreamSchedule {
        /// The whole record after the change.
        schedule: Box<DreamSchedule>,
        /// What must be there before.
        expected: Expected,
    },
    /// Removes a schedule; one that is not there changes nothing.
    RemoveDreamSchedule(String),
}

/// Records past their time, each sort by its own moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outdated {
    /// Events that succeeded and were settled before this moment.
    pub succeeded_before: Timestamp,
    /// Events that failed and were settled before this moment.
    pub failed_before: Timestamp,
    /// Candidates that were released or rejected, and held before this moment.
    pub closed_before: Timestamp,
}

/// What a write did; one for each write, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// The session that later writes went to, and whether it is new.
    Session {
        /// Its id.
        id: SessionId,
        /// Whether this write made it.
        created: bool,
    },
    /// The message stands in its session.
    Appended {
        /// Its id.
        id: MessageId,
        /// The session it went to.
        session: SessionId,
        /// Its place.
        ordinal: u32,
        /// The places of its passages, in order.
        passages: Vec<PassageSeq>,
    },
    /// The session holds that client id already, with the same content.
    Duplicate {
        /// The message that is there.
        id: MessageId,
        /// The session it is in.
        session: SessionId,
        /// Its place.
        ordinal: u32,
    },
    /// The memory has this version now.
    Memory {
        /// Its id.
        id: MemoryId,
        /// Its version.
        version: u32,
        /// The places of its new passages, in order; empty when they were kept.
        passages: Vec<PassageSeq>,
    },
    /// The state key has this version now.
    State {
        /// Its version.
        version: u32,
    },
    /// Content was destroyed: how many passages went with it.
    Erased {
        /// How many.
        passage_count: u32,
    },
    /// The event waits in the queue.
    Enqueued {
        /// Its id.
        id: EventId,
    },
    /// The events that the worker holds now, by session and in order.
    Leased {
        /// Their ids.
        events: Vec<EventId>,
    },
    /// So many were taken away.
    Pruned(Pruned),
    /// The topic has this version now.
    Topic {
        /// Its id.
        id: TopicId,
        /// The number of its version.
        number: u32,
        /// The places of its new passages, in order.
        passages: Vec<PassageSeq>,
    },
    /// The record (a store of topics, a dream, a schedule) has this version now.
    Versioned {
        /// Its version.
        version: u32,
    },
    /// Done, with nothing to tell.
    Done,
}

/// How many records are past their time, or were taken away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pruned {
    /// Events.
    pub event_count: u64,
    /// Closed candidates.
    pub held_count: u64,
}

/// What a ChangeSet did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// One outcome for each write, in order.
    pub outcomes: Vec<Outcome>,
    /// Whether this is the answer of an earlier application under the same idempotency key.
    #[serde(skip, default)]
    pub replayed: bool,
}

/// Why nothing of a ChangeSet was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// Someone else changed the record first.
    #[error("{record} is at version {found}, the change expected {expected}: read it again and retry")]
    VersionConflict {
        /// Which record.
        record: String,
        /// What the change expected, in words.
        expected: String,
        /// What is there.
        found: u32,
    },
    /// There is no such record in this space.
    #[error("{record} does not exist in this space: check the id")]
    NotFound {
        /// Which record.
        record: String,
    },
    /// The session holds that client id with other content.
    #[error(
        "client id `{client_id}` is already used in this session for other content: messages never change; \
         use a new client id"
    )]
    ClientIdReused {
        /// The client id.
        client_id: String,
    },
    /// The idempotency key was used for another request.
    #[error("idempotency key `{0}` was used for another request: use a new key")]
    IdempotencyKeyReused(String),
    /// The content was erased and cannot come back.
    #[error("{record} was erased: its content is gone for good")]
    Erased {
        /// Which record.
        record: String,
    },
    /// Too much waits to be learned from.
    #[error("{waiting} events wait to be learned from already: append without learning, or again in a while")]
    QueueFull {
        /// How many wait.
        waiting: u64,
    },
    /// The worker does not hold the event any more: another one does, or it was settled.
    #[error("worker `{worker}` does not hold event {event} any more: leave it to whoever does")]
    LeaseLost {
        /// The worker.
        worker: String,
        /// The event.
        event: EventId,
    },
    /// Another topic of the store has the path.
    #[error("path `{path}` is taken by topic {topic}: choose another path, or change that topic")]
    PathTaken {
        /// The path.
        path: String,
        /// The topic that has it.
        topic: TopicId,
    },
    /// The store of topics is archived or deleted.
    #[error("store {0} is archived or deleted: its topics cannot be changed")]
    StoreClosed(StoreId),
    /// The store of topics is full.
    #[error("store {store} holds {count} topics, at most {max} are allowed: remove or merge some")]
    StoreFull {
        /// The store.
        store: StoreId,
        /// How many it would hold.
        count: u64,
        /// The bound.
        max: u64,
    },
    /// The version is the latest of a live topic.
    #[error("version {0} is the current one of its topic: write a new version or remove the topic first")]
    HeadVersion(TopicVersionId),
    /// Another dream holds the target.
    #[error("dream {0} holds the target: wait until it ends, or cancel it")]
    TargetHeld(DreamId),
    /// The store failed.
    #[error(transparent)]
    Port(#[from] crate::ports::PortError),
}
