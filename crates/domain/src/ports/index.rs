//! Index: nominates passages for a query. It is derived, can be rebuilt from the store, and never ranks:
//! one scorer in the engine does, so that rankings do not change with the back end.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{PortError, SpaceStore};
use crate::filter::Filter;
use crate::id::SpaceId;
use crate::memory::Kind;
use crate::origin::Origin;
use crate::passage::{EmbedderIdentity, Owner, PassageSeq, Span, StoredPassage, Turn, Vector};
use crate::scope::{Scope, SegmentKey};
use crate::text::{Cues, TermHash};

/// Which segments of a space a query looks into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SegmentSelection {
    /// One, because the query names its user.
    One(SegmentKey),
    /// Every one of the space.
    All,
}

/// A term of a query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QueryTerm {
    /// Its hash, as [`crate::text::terms`] gives it. Stop words are not indexed: the term of one occurs
    /// nowhere.
    pub hash: TermHash,
    /// How much it counts: 1 for a word of the question, less for an added one.
    pub weight: f32,
}

/// What to look for, and what may be nominated at all.
#[derive(Debug, Clone)]
pub struct NominationRequest {
    /// Where to look.
    pub segments: SegmentSelection,
    /// For whom; a passage's scope must be covered.
    pub scope: Scope,
    /// The query's terms, each once, at most [`crate::limits::QUERY_TERMS_MAX`].
    pub terms: Vec<QueryTerm>,
    /// The query's vector and what made it; passages with a vector of another embedder count as without.
    pub vector: Option<(EmbedderIdentity, Vec<f32>)>,
    /// The lowest origin let through.
    pub min_origin: Origin,
    /// A test over properties that the index holds (all but categories, metadata, pinned, `updated_at`,
    /// `expires_at` and status).
    pub filter: Option<Filter>,
    /// Only these owners, when given.
    pub owners: Option<Arc<HashSet<Owner>>>,
    /// Passages as they stood at this moment: recorded by then and not yet retired. `None` is now.
    pub as_of: Option<Timestamp>,
    /// Whether messages may be nominated.
    pub messages: bool,
    /// Whether memories may be nominated.
    pub memories: bool,
    /// Whether topics may be nominated.
    pub topics: bool,
    /// At most this many by terms, best first, for messages, for memories and for topics each, over all segments
    /// together; of equals the later place first.
    pub lexical_count_max: usize,
    /// At most this many by vector, as above.
    pub vector_count_max: usize,
    /// How many turns before and after a nominated message are told of too, each with all of its passages;
    /// the message's own other passages always are.
    pub window: u32,
}

/// A passage that was nominated, or that stands within the window of one that was. Signals are the same
/// for both.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Its place.
    pub seq: PassageSeq,
    /// Index into [`Nomination::segments`].
    pub segment: usize,
    /// What it is a part of.
    pub owner: Owner,
    /// Which bytes of the owner's text.
    pub span: Span,
    /// For a message's passage: where it stands.
    pub turn: Option<Turn>,
    /// For a memory's passage: the memory's kind.
    pub kind: Option<Kind>,
    /// The speaker's name.
    pub speaker: Option<Arc<str>>,
    /// Who really authored it.
    pub origin: Origin,
    /// When it was said.
    pub at: Timestamp,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Marks of its shape.
    pub cues: Cues,
    /// How many terms it has, stop words not counted.
    pub term_count: u32,
    /// BM25 over the query's terms ([`crate::text::bm25`]), each share times the term's weight, with the
    /// segment's blended document frequencies; 0 where no term occurs.
    pub lexical: f32,
    /// Bit `i` is set where term `i` of the request occurs.
    pub term_bits: u64,
    /// Cosine with the query's vector, lengths divided out; `None` where either has none, and a vector of
    /// zeros counts as none.
    pub cosine: Option<f32>,
    /// Whether it was nominated itself; else it is told of as a neighbour. It passed the same tests, so it
    /// may be served too: an answer often shares no word with its question.
    pub nominated: bool,
}

/// What a segment is like, for signals that need a yardstick.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentStats {
    /// Which.
    pub key: SegmentKey,
    /// Its current passages, whatever the request asks for.
    pub passage_count: u32,
    /// Their mean number of terms, stop words not counted.
    pub term_count_mean: f32,
    /// For each term of the request: how many of them have it.
    pub document_frequency: Vec<u32>,
    /// For each term of the request: its inverse document frequency here, blended with the background
    /// ([`crate::text::bm25::idf`]).
    pub idf: Vec<f32>,
    /// Mean of their cosines with the query's vector; of a large segment that of a fixed sample; 0 where
    /// none has one.
    pub cosine_mean: f32,
    /// Their standard deviation.
    pub cosine_deviation: f32,
}

/// What an index found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Nomination {
    /// The segments that were looked into, by key; one without passages may be left out.
    pub segments: Vec<SegmentStats>,
    /// The candidates, by segment and place.
    pub candidates: Vec<Candidate>,
}

/// A change of the store that an index follows.
#[derive(Debug, Clone, PartialEq)]
pub enum IndexChange {
    /// New passages, of any segments.
    Added(Vec<StoredPassage>),
    /// The passages of these owners up to a place (excluded) are not current any more.
    Retired {
        /// The segment they are in.
        segment: SegmentKey,
        /// Whose.
        owner: Owner,
        /// Only places before this one.
        before: PassageSeq,
        /// From when on.
        at: Timestamp,
    },
    /// Every passage of the owner is gone for good.
    Erased {
        /// The segment they were in.
        segment: SegmentKey,
        /// Whose.
        owner: Owner,
    },
    /// New vectors for passages.
    Vectors {
        /// What made them.
        embedder: EmbedderIdentity,
        /// Each with its passage.
        vectors: Vec<(PassageSeq, Vector)>,
    },
}

/// What an index holds in memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IndexStats {
    /// Loaded segments.
    pub segment_count: usize,
    /// Their passages.
    pub passage_count: usize,
    /// Bytes they take.
    pub resident_bytes: usize,
    /// Segments put out of memory since the start.
    pub evicted_count: u64,
}

/// Nominates passages.
///
/// Obligations: no passage outside the request's scope, origin floor, filter, owners and `as_of` is
/// nominated, nor told of as a neighbour; nominated recall at least 0.99 of an exact search; the same
/// store and request give the same answer; scores of one segment depend on no other segment. A change that
/// is told twice changes nothing the second time, and changes may be told in another order than they were
/// committed in, but for vectors, which are told after the passages they belong to.
#[async_trait]
pub trait PassageIndex: Send + Sync {
    /// Finds candidates, loading segments from `store` as needed.
    async fn nominate(
        &self,
        space: SpaceId,
        store: &Arc<dyn SpaceStore>,
        request: &NominationRequest,
    ) -> Result<Nomination, PortError>;

    /// Follows changes that the store has committed. Segments that are not loaded may ignore them.
    async fn follow(&self, space: SpaceId, changes: Vec<IndexChange>) -> Result<(), PortError>;

    /// Drops everything held of a space; the next query loads it anew.
    async fn discard(&self, space: SpaceId) -> Result<(), PortError>;

    /// What is held in memory.
    fn stats(&self) -> IndexStats;
}
