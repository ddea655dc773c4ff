//! Timeline: the values of one slot in the order in which they were said, whatever the order in which they
//! were learned.
//!
//! Two workers, or one that was stopped and started, may read sessions in any order; the memories that come of
//! it must not depend on that. So a slot is laid out anew from all that was said of it: a run of equal values is
//! one memory, valid until the next run begins.

use std::collections::BTreeMap;

use dreamkeeper_domain::id::{MemoryId, MessageId, SessionId};
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::{Evidence, Memory, Status};
use jiff::Timestamp;

use super::desk::Desk;
use super::similar::is_within;

/// Where a message stands in time: by its own clock, then by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Said {
    /// The message's own time.
    pub(crate) at: Timestamp,
    /// Its session.
    pub(crate) session: SessionId,
    /// Its place there.
    pub(crate) ordinal: u32,
}

/// When the quoted messages were said.
pub(crate) type SaidBy = BTreeMap<MessageId, Said>;

/// One saying of a value.
#[derive(Clone)]
struct Saying<'a> {
    said: Said,
    memory: &'a Memory,
    evidence: Option<&'a Evidence>,
}

/// Lays out `new` and the memories of the same slot by time, and puts on the desk whatever changes. `value` gives
/// what of a memory is compared. Answers the memory that `new` became a part of, and the one it superseded.
pub(crate) fn lay_out(
    desk: &mut Desk,
    group: &[Memory],
    new: &Memory,
    (said, fresh): (&SaidBy, &mut dyn FnMut() -> MemoryId),
    value: &dyn Fn(&Memory) -> String,
) -> Placed {
    let mut sayings: Vec<Saying<'_>> =
        group.iter().chain([new]).flat_map(|memory| sayings(memory, said)).collect();
    sayings.sort_by_key(|saying| (saying.said, saying.evidence.map(|evidence| evidence.message)));
    sayings.dedup_by(|later, earlier| later.evidence.is_some() && later.evidence == earlier.evidence);
    let runs = runs(&sayings, value);
    let mut ids = Vec::with_capacity(runs.len());
    for run in &runs {
        let id = id_of(run, new, &ids).unwrap_or_else(&mut *fresh);
        ids.push(id);
    }
    let starts = starts(&runs);
    let mut placed = Placed { memory: new.id, superseded: None };
    for (place, run) in runs.iter().enumerate() {
        let mut memory = compose(run, ids[place], new);
        memory.validity.from = starts[place];
        memory.supersedes = place.checked_sub(1).map(|before| ids[before]).or(memory.supersedes);
        if let Some(next) = ids.get(place + 1) {
            memory.status = Status::Superseded;
            memory.validity.to = starts[place + 1];
            memory.superseded_by = Some(*next);
        } else {
            memory.status = Status::Active;
            memory.superseded_by = None;
        }
        if run.iter().any(|saying| saying.memory.id == new.id) {
            placed.memory = memory.id;
            placed.superseded = place.checked_sub(1).map(|before| ids[before]);
        }
        let changed = desk.get(memory.id).is_none_or(|known| *known != memory);
        if changed {
            let reason = if memory.status == Status::Superseded { "said otherwise later" } else { "said" };
            desk.put(memory, reason);
        }
    }
    placed
}

/// Where a new statement came to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Placed {
    /// The memory that it is, or that it was merged into.
    pub(crate) memory: MemoryId,
    /// The memory before it in time, whose validity it ends.
    pub(crate) superseded: Option<MemoryId>,
}

fn sayings<'a>(memory: &'a Memory, said: &SaidBy) -> Vec<Saying<'a>> {
    let at = memory.detail.said_at.or(memory.validity.from).unwrap_or(memory.created_at);
    let fallback = Said { at, session: SessionId::from_uuid(memory.id.as_uuid()), ordinal: 0 };
    if memory.evidence.is_empty() {
        return vec![Saying { said: fallback, memory, evidence: None }];
    }
    let quotes = memory.evidence.iter();
    quotes
        .map(|evidence| Saying {
            said: said.get(&evidence.message).copied().unwrap_or(fallback),
            memory,
            evidence: Some(evidence),
        })
        .collect()
}

fn runs<'a, 'm>(sayings: &'a [Saying<'m>], value: &dyn Fn(&Memory) -> String) -> Vec<Vec<&'a Saying<'m>>> {
    let mut runs: Vec<Vec<&Saying<'_>>> = Vec::new();
    for saying in sayings {
        let goes_on = runs.last().and_then(|run| run.last()).is_some_and(|last| {
            let (one, other) = (value(last.memory), value(saying.memory));
            one == other || is_within(&one, &other)
        });
        match runs.last_mut().filter(|_| goes_on) {
            Some(run) => run.push(saying),
            None => runs.push(vec![saying]),
        }
    }
    runs
}

/// A run keeps the oldest memory that it holds, unless an earlier run has it; a run of the new statement alone
/// is the new memory. `None` for a part that was cut off.
fn id_of(run: &[&Saying<'_>], new: &Memory, taken: &[MemoryId]) -> Option<MemoryId> {
    let free = |id: &MemoryId| !taken.contains(id);
    let known = run.iter().map(|saying| saying.memory.id).filter(|id| *id != new.id).filter(free).min();
    let is_new = run.iter().any(|saying| saying.memory.id == new.id);
    known.or((is_new && free(&new.id)).then_some(new.id))
}

/// The first run has no start unless one was said; a later one starts where that was said to be, or when it was
/// said, but never before what was said last of the run before it.
fn starts(runs: &[Vec<&Saying<'_>>]) -> Vec<Option<Timestamp>> {
    let mut starts: Vec<Option<Timestamp>> = Vec::with_capacity(runs.len());
    for (place, run) in runs.iter().enumerate() {
        let told = run.iter().filter_map(|saying| began(saying.memory)).min();
        let last_of_before =
            place.checked_sub(1).and_then(|before| runs[before].last()).map(|saying| saying.said.at);
        starts.push(match last_of_before {
            None => told,
            Some(before) => {
                let said = run.first().map(|saying| saying.said.at);
                Some(told.or(said).map_or(before, |start| start.max(before)))
            }
        });
    }
    starts
}

/// From when on a memory says that it is so.
fn began(memory: &Memory) -> Option<Timestamp> {
    memory.detail.when.as_ref().and_then(|when| when.interval).and_then(|interval| interval.from)
}

/// The memory of a run: the words of its fullest value, the earliest of equals; all of its quotes.
fn compose(run: &[&Saying<'_>], id: MemoryId, new: &Memory) -> Memory {
    let base = run.iter().find(|saying| saying.memory.id == id).or_else(|| run.first());
    let base = base.map_or(new, |saying| saying.memory);
    let length = |saying: &&&Saying<'_>| {
        saying.memory.detail.slot.as_ref().map_or(0, |slot| slot.value_key().chars().count())
    };
    let words = run.iter().rev().max_by_key(length).map_or(base, |saying| saying.memory);
    let mut memory = Memory {
        id,
        text: words.text.clone(),
        kind: words.kind,
        detail: words.detail.clone(),
        ..base.clone()
    };
    if base.id != id {
        // A part of a memory that was cut in two: a record of its own from here on.
        memory.version = 1;
        (memory.created_at, memory.updated_at) = (new.created_at, new.updated_at);
        (memory.supersedes, memory.pinned) = (None, false);
    }
    memory.evidence = evidence(run);
    memory.origin = run.iter().map(|saying| saying.memory.origin).min().unwrap_or(memory.origin);
    memory.detail.said_at = run.last().map(|saying| saying.said.at);
    let mut sessions: Vec<SessionId> = run.iter().map(|saying| saying.said.session).collect();
    sessions.sort();
    sessions.dedup();
    memory.detail.session_count = Some(sessions.len() as u32);
    memory
}

/// The quotes in the order in which they were said; of too many the first and the latest.
fn evidence(run: &[&Saying<'_>]) -> Vec<Evidence> {
    let mut all: Vec<Evidence> = run.iter().filter_map(|saying| saying.evidence.cloned()).collect();
    if all.len() > limits::MEMORY_EVIDENCE_MAX {
        let surplus = all.len() - limits::MEMORY_EVIDENCE_MAX;
        all.drain(1..=surplus);
    }
    all
}
