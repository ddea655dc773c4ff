//! Memories and their passages.

use std::collections::BTreeSet;
use std::sync::Arc;

use dreamkeeper_domain::changeset::{Expected, Write};
use dreamkeeper_domain::detail::Detail;
use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::memory::{Evidence, Kind, Memory, Status};
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::origin::{Origin, Via};
use dreamkeeper_domain::passage::{Owner, Passage, Span};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::text::{cues, cut, terms};
use dreamkeeper_domain::time::Interval;
use dreamkeeper_domain::version::Operation;
use jiff::Timestamp;
use serde_json::Map;

use super::message::embedded;
use super::{EPOCH, an_actor, at, next_id_bytes, source_hash};
use crate::ScriptedEmbedder;

/// A memory in the making.
#[derive(Debug, Clone)]
pub struct MemoryBuilder(Memory);

/// An active fact with these words, written directly at the tests' epoch, for nobody in particular.
pub fn a_memory(text: &str) -> MemoryBuilder {
    MemoryBuilder(Memory {
        id: MemoryId::new(at(EPOCH), next_id_bytes()),
        version: 1,
        text: text.to_owned(),
        kind: Kind::Fact,
        scope: Scope::default(),
        status: Status::Active,
        origin: Origin::User,
        via: Via::Live,
        author: an_actor(),
        evidence: Vec::new(),
        detail: Detail::default(),
        aliases: Vec::new(),
        categories: BTreeSet::new(),
        metadata: Map::new(),
        validity: Interval::default(),
        expires_at: None,
        pinned: false,
        supersedes: None,
        superseded_by: None,
        created_at: at(EPOCH),
        updated_at: at(EPOCH),
    })
}

impl From<Memory> for MemoryBuilder {
    fn from(memory: Memory) -> Self {
        Self(memory)
    }
}

impl MemoryBuilder {
    /// A builder that goes on from a memory: its next version, changed at a moment.
    pub fn next(memory: &Memory, moment: Timestamp) -> Self {
        Self(Memory { version: memory.version + 1, updated_at: moment, ..memory.clone() })
    }

    /// Says for whom it stands.
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.0.scope = scope;
        self
    }

    /// Says what it is about.
    #[must_use]
    pub fn kind(mut self, kind: Kind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Says where it stands.
    #[must_use]
    pub fn status(mut self, status: Status) -> Self {
        self.0.status = status;
        self
    }

    /// Replaces the words.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.0.text = text.to_owned();
        self
    }

    /// Pins it.
    #[must_use]
    pub fn pinned(mut self) -> Self {
        self.0.pinned = true;
        self
    }

    /// Rests it on the whole text of a message.
    #[must_use]
    pub fn resting_on(mut self, message: &Message) -> Self {
        let quote = message.text();
        let span = Span { start: 0, end: quote.len() as u32 };
        self.0.evidence.push(Evidence { message: message.id, span, quote });
        self
    }

    /// Says when it was recorded.
    #[must_use]
    pub fn at(mut self, moment: Timestamp) -> Self {
        self.0.created_at = moment;
        self.0.updated_at = moment;
        self
    }

    /// Changes anything else.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Memory)) -> Self {
        change(&mut self.0);
        self
    }

    /// The memory.
    pub fn build(self) -> Memory {
        self.0
    }

    /// The write that records it as new, its passages without vectors.
    pub fn write(self) -> Write {
        let passages = Some(memory_passages(&self.0, None));
        put(self.0, Expected::Absent, Operation::Create, passages)
    }

    /// The write that records it as new, its passages with vectors.
    pub fn write_embedded(self, embedder: &ScriptedEmbedder) -> Write {
        let passages = Some(memory_passages(&self.0, Some(embedder)));
        put(self.0, Expected::Absent, Operation::Create, passages)
    }

    /// The write that replaces the version before it, with new passages.
    pub fn write_next(self, operation: Operation) -> Write {
        let passages = Some(memory_passages(&self.0, None));
        let expected = Expected::Version(self.0.version - 1);
        put(self.0, expected, operation, passages)
    }

    /// The write that replaces the version before it and keeps the passages.
    pub fn write_next_keeping_passages(self, operation: Operation) -> Write {
        let expected = Expected::Version(self.0.version - 1);
        put(self.0, expected, operation, None)
    }
}

fn put(memory: Memory, expected: Expected, operation: Operation, passages: Option<Vec<Passage>>) -> Write {
    Write::PutMemory { memory: Box::new(memory), expected, operation, reason: None, passages }
}

/// The passages of a memory, with vectors where an embedder is given; a memory that recall does not serve
/// has none.
pub fn memory_passages(memory: &Memory, embedder: Option<&ScriptedEmbedder>) -> Vec<Passage> {
    if memory.status != Status::Active {
        return Vec::new();
    }
    let scope = Arc::new(memory.scope.clone());
    let of_span = |span: Span| {
        let words = span.of(&memory.text).expect("a cut lies inside its text");
        let indexed = format!("{words}\n{}", memory.aliases.join("\n"));
        Passage {
            owner: Owner::Memory(memory.id),
            span,
            turn: None,
            kind: Some(memory.kind),
            speaker: None,
            origin: memory.origin,
            scope: Arc::clone(&scope),
            at: memory.validity.from.unwrap_or(memory.created_at),
            recorded_at: memory.updated_at,
            retired_at: None,
            terms: terms(&indexed).into(),
            cues: cues(words),
            source_hash: source_hash(&indexed),
            vector: embedder.map(|embedder| embedded(embedder, words)),
        }
    };
    cut(&memory.text).into_iter().map(of_span).collect()
}
