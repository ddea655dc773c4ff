//! Memories in recall: which nominated ones are visible at the moment asked for, and which of them belong.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::memory::{Kind, Memory, Status};
use dreamkeeper_domain::passage::Owner;
use dreamkeeper_domain::ports::{Nomination, PinTest, SnapshotQuery, SpaceStore};
use dreamkeeper_domain::receipt::{Include, ScorePart};
use jiff::Timestamp;

use super::admission::{Hearing, Nominee, admit, pins_by_fit};
use super::answer::{RecalledMemory, Score};
use super::query::Query;
use super::request::RecallRequest;
use super::weigh::Weighing;
use crate::VerbError;

/// Visible nominated memories that are looked at, the best by words and the best by vector each: enough to
/// hold a small scope whole, so that handles that share no word with the question are found there.
const NOMINEE_COUNT_MAX: usize = 64;

/// The memories that belong, best first.
#[derive(Debug, Default)]
pub(crate) struct Belonging {
    pub(crate) memories: Vec<RecalledMemory>,
    pub(crate) open_questions: Vec<RecalledMemory>,
    /// With the cut-off off, those of both sorts that do not belong, nearest first.
    pub(crate) near: Vec<RecalledMemory>,
    /// The nominated pins, those that the question means first.
    pub(crate) pins: Vec<MemoryId>,
    /// The best nearness among those that do not belong.
    pub(crate) nearest: Option<f32>,
}

/// At which moments and in which states memories are looked at.
pub(crate) struct View<'a> {
    /// When the question is asked.
    pub(crate) now: Timestamp,
    /// What it asks.
    pub(crate) request: &'a RecallRequest,
}

impl View<'_> {
    fn at(&self) -> Timestamp {
        self.request.as_of.unwrap_or(self.now)
    }

    /// What is served without a question; a pin must be as current and as trusted as any other memory.
    pub(crate) fn snapshot(&self) -> SnapshotQuery {
        let request = self.request;
        let pins = PinTest {
            min_origin: Some(request.min_origin),
            valid_at: Some(request.valid_at.unwrap_or_else(|| self.at())),
            unexpired_at: (!request.include.expired).then(|| self.at()),
            filter: request.filter.clone(),
        };
        SnapshotQuery { scope: request.scope.clone(), as_of: request.as_of, pins }
    }

    /// Whether the memory may be served at all.
    pub(crate) fn shows(&self, memory: &Memory) -> bool {
        let Include { superseded, expired, archived, forgotten } = self.request.include;
        let by_status = match memory.status {
            Status::Active => true,
            Status::Superseded => superseded || self.is_history(memory),
            Status::Archived => archived,
            Status::Forgotten => forgotten,
            Status::Erased => false,
        };
        let true_at = self.request.valid_at.unwrap_or_else(|| self.at());
        // Who asks for memories that are not current asks for what is not true any more, too.
        let is_asked_for_as_past = memory.status != Status::Active && self.request.valid_at.is_none();
        let is_true = memory.validity.contains(true_at) || is_asked_for_as_past;
        by_status
            && is_true
            && (expired || !memory.is_expired(self.at()))
            && memory.origin >= self.request.min_origin
    }

    /// Whether a replaced memory was the true one at a moment that is asked for.
    fn is_history(&self, memory: &Memory) -> bool {
        self.request.valid_at.is_some_and(|at| memory.validity.contains(at))
    }

    /// Whether it is past its expiry.
    pub(crate) fn is_expired(&self, memory: &Memory) -> bool {
        memory.is_expired(self.at())
    }

    /// A pin, served without a score.
    pub(crate) fn pin(&self, memory: Memory) -> RecalledMemory {
        self.recalled(memory, None)
    }

    fn recalled(&self, memory: Memory, score: Option<Score>) -> RecalledMemory {
        RecalledMemory { expired: self.is_expired(&memory), memory, score, matters: Vec::new() }
    }
}

/// Reads the nominated memories and keeps those that belong. Pins are served on their own; here they only
/// claim the words that call them.
pub(crate) async fn belonging(
    space: &Arc<dyn SpaceStore>,
    query: &Query,
    nomination: &Nomination,
    view: &View<'_>,
    pinned: &[Memory],
) -> Result<Belonging, VerbError> {
    let nominees = read(space, nomination, view).await?;
    let hearing =
        Hearing { query, heard: pinned, segments: &nomination.segments, without: &view.request.without };
    let mut admitted = admit(&hearing, &nominees);
    let ids = admitted.iter().map(|admitted| nominees[admitted.place].memory.id);
    Weighing::read(space, query, view, ids).await?.order(&mut admitted, &nominees);
    let mut belonging = Belonging { pins: pins_by_fit(&hearing, &nominees), ..Belonging::default() };
    // A pin that is not current is none: it is served among the memories, to who asks for such.
    let is_served = |memory: &Memory| pinned.iter().any(|pin| pin.id == memory.id);
    let all: BTreeSet<usize> = admitted.iter().map(|admitted| admitted.place).collect();
    let mut taken: Vec<(usize, Score)> = Vec::new();
    for admitted in admitted {
        let parts = admitted.parts.iter();
        let parts = parts.map(|(signal, value)| ScorePart { signal: (*signal).to_owned(), value: *value });
        taken.push((admitted.place, Score { value: admitted.score, parts: parts.collect() }));
    }
    if view.request.all {
        let mut rest: Vec<usize> = (0..nominees.len()).filter(|place| !all.contains(place)).collect();
        rest.sort_by(|a, b| nominees[*b].cosine.total_cmp(&nominees[*a].cosine));
        let rest = rest.into_iter().map(|place| &nominees[place]).filter(|near| !is_served(&near.memory));
        belonging.near = rest.map(|near| view.recalled(near.memory.clone(), Some(nearness(near)))).collect();
    } else {
        let rest = nominees.iter().enumerate();
        let rest = rest.filter(|(place, nominee)| !all.contains(place) && !is_served(&nominee.memory));
        belonging.nearest = rest.map(|(_, nominee)| nearness(nominee).value).reduce(f32::max);
    }
    for (place, score) in taken {
        let memory = nominees[place].memory.clone();
        match (is_served(&memory), memory.kind) {
            (true, _) => {}
            (false, Kind::OpenQuestion) => {
                belonging.open_questions.push(view.recalled(memory, Some(score)));
            }
            (false, _) => belonging.memories.push(view.recalled(memory, Some(score))),
        }
    }
    Ok(belonging)
}

/// The score of a memory that does not belong, where everything is asked for, is at most this: below every
/// score of one that does.
pub(crate) const NEARNESS_MAX: f32 = 0.15;

/// Whether a memory is served because it belongs, or as a pin, and not because everything was asked for.
pub(crate) fn belongs(recalled: &RecalledMemory) -> bool {
    recalled.score.as_ref().is_none_or(|score| score.value > NEARNESS_MAX)
}

/// What is told of a memory that does not belong.
fn nearness(nominee: &Nominee) -> Score {
    let value = NEARNESS_MAX * nominee.cosine.clamp(0.0, 1.0);
    Score { value, parts: vec![ScorePart { signal: "cosine".to_owned(), value: nominee.cosine }] }
}

#[derive(Default)]
struct Raw {
    lexical: f32,
    bits: u64,
    cosine: f32,
    segment: usize,
}

async fn read(
    space: &Arc<dyn SpaceStore>,
    nomination: &Nomination,
    view: &View<'_>,
) -> Result<Vec<Nominee>, VerbError> {
    let mut raws: BTreeMap<MemoryId, Raw> = BTreeMap::new();
    for candidate in &nomination.candidates {
        let Owner::Memory(id) = candidate.owner else { continue };
        let raw = raws.entry(id).or_default();
        raw.lexical = raw.lexical.max(candidate.lexical);
        raw.cosine = raw.cosine.max(candidate.cosine.unwrap_or(0.0));
        raw.bits |= candidate.term_bits;
        raw.segment = candidate.segment;
    }
    if raws.is_empty() {
        return Ok(Vec::new());
    }
    // All are read before any is left out, so that those that are not shown take no place of one that is.
    let ids: Vec<MemoryId> = raws.keys().copied().collect();
    let mut memories = space.memories(&ids, view.request.as_of).await?;
    memories.retain(|memory| view.shows(memory));
    let best_by = |signal: fn(&Raw) -> f32| {
        let found = memories.iter().filter_map(|memory| Some((memory.id, signal(raws.get(&memory.id)?))));
        let mut found: Vec<(MemoryId, f32)> = found.collect();
        // Of equals the newest first: ids follow the time.
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| b.0.cmp(&a.0)));
        found.truncate(NOMINEE_COUNT_MAX);
        found.into_iter().map(|(id, _)| id)
    };
    let best: BTreeSet<MemoryId> = best_by(|raw| raw.lexical).chain(best_by(|raw| raw.cosine)).collect();
    memories.retain(|memory| best.contains(&memory.id));
    memories.sort_by_key(|memory| memory.id);
    let nominee = |memory: Memory| {
        let raw = raws.get(&memory.id)?;
        Some(Nominee { bits: raw.bits, cosine: raw.cosine, segment: raw.segment, memory })
    };
    Ok(memories.into_iter().filter_map(nominee).collect())
}
