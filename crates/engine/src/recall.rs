//! Recall: finds what belongs to a question, ranks it with one scorer, and knows when to be silent.
//!
//! The index nominates; `query`, `turns`, `signals` and `score` rank turns, `handles` and `admission` say
//! which memories belong, `weigh` orders them, `silence` cuts off, `pack` lays the answer out in sections within a token budget.
//! Every signal can be told in parts and taken away (`without`), so that its worth can be measured.

mod admission;
mod answer;
mod conversation;
pub(crate) mod fit;
mod handles;
mod memories;
mod nominate;
mod order;
mod pack;
mod query;
mod receipt;
mod request;
mod score;
mod signals;
mod silence;
mod summaries;
mod times;
mod topics;
mod turns;
mod weigh;

use std::collections::BTreeSet;

use dreamkeeper_domain::id::MessageId;
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::memory::{Kind, Memory};
use dreamkeeper_domain::ports::{Nomination, Snapshot};
use dreamkeeper_domain::receipt::Section;
use dreamkeeper_domain::time::Zone;
use jiff::tz::TimeZone;

pub use answer::{
    NeighbourTurn, Recall, RecalledMemory, RecalledMessage, RecalledSummary, RecalledTopic, Score, Silence,
};
pub use dreamkeeper_domain::receipt::Include;
pub use request::RecallRequest;

use crate::{Engine, Principal, VerbError};
use conversation::Fitting;
pub(crate) use conversation::floor;
use memories::{Belonging, View};
pub(crate) use pack::Page;
use pack::{Sections, pack};
pub(crate) use query::Query;

impl Engine {
    /// Finds what belongs to a question.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `Invalid` for an empty question or anything over a bound.
    pub async fn recall(&self, principal: &Principal, request: RecallRequest) -> Result<Recall, VerbError> {
        principal.require(Permission::Read)?;
        request.check()?;
        let now = self.now();
        let zone = request.zone.as_ref().map_or(TimeZone::UTC, Zone::rules);
        let asked_at = request.as_of.unwrap_or(now);
        let query = Query::read(&request.text, zone.to_datetime(asked_at).date());
        let space = self.space(principal).await?;
        let view = View { now, request: &request };

        let Snapshot { state, pinned: pins } = space.snapshot(&view.snapshot()).await?;
        let nomination = self.nominate(principal, &space, &query, &request).await?;
        let belonging = memories::belonging(&space, &query, &nomination, &view, &pins).await?;
        let fitting = fitting(&query, &nomination, &request, &zone);
        let mut notes = topics::belonging(&space, &query, &nomination, &request).await?;
        let nearest = nearest(&belonging, &fitting);
        let pins = in_order(pins, &belonging);

        let wants = |section| request.sections.contains(&section);
        let mut sections =
            Sections { summaries: summaries::read(&space, &request).await?, ..Sections::default() };
        if wants(Section::State) {
            sections.state = state;
        }
        let (questions, pins): (Vec<Memory>, Vec<Memory>) =
            pins.into_iter().partition(|memory| memory.kind == Kind::OpenQuestion);
        if wants(Section::Pinned) {
            sections.pinned = pins.into_iter().map(|memory| view.pin(memory)).collect();
        }
        let mut chosen = share(&request, (belonging, fitting), &mut notes);
        if wants(Section::OpenQuestions) {
            sections.open_questions = questions.into_iter().map(|memory| view.pin(memory)).collect();
            sections.open_questions.append(&mut chosen.open_questions);
        }
        sections.memories = chosen.memories;
        sections.topics = notes;
        sections.conversation = conversation::read(&space, &chosen.turns, &request).await?;
        let is_silent = sections.memories.is_empty()
            && sections.open_questions.is_empty()
            && sections.topics.is_empty()
            && sections.conversation.is_empty();

        sections.tell_matters();
        let packed = pack(sections, request.token_budget, &zone);
        let mut recall = Recall {
            receipt: None,
            at: now,
            summaries: packed.sections.summaries,
            state: packed.sections.state,
            pinned: packed.sections.pinned,
            memories: packed.sections.memories,
            open_questions: packed.sections.open_questions,
            topics: packed.sections.topics,
            conversation: packed.sections.conversation,
            silence: is_silent.then_some(Silence { nearest, bar: silence::BAR }),
            omitted_count: packed.omitted_count + chosen.omitted_count,
            token_count: packed.token_count,
            text: packed.text,
        };
        if request.receipt {
            self.leave_receipt(principal, &request, &mut recall).await;
        }
        Ok(recall)
    }
}

/// The turns that clear the bar, best first.
fn fitting(query: &Query, nomination: &Nomination, request: &RecallRequest, zone: &TimeZone) -> Vec<Fitting> {
    if !request.sections.contains(&Section::Conversation) {
        return Vec::new();
    }
    conversation::rank(query, nomination, request, zone)
}

/// Pins that the question means come first, those it has nothing to do with as they were.
fn in_order(mut pins: Vec<Memory>, belonging: &Belonging) -> Vec<Memory> {
    let rank = |memory: &Memory| belonging.pins.iter().position(|id| *id == memory.id);
    pins.sort_by_key(|memory| rank(memory).unwrap_or(usize::MAX));
    pins
}

fn nearest(belonging: &Belonging, fitting: &[Fitting]) -> Option<f32> {
    let turn = fitting.first().map(|fitting| fitting.confidence);
    [belonging.nearest, turn].into_iter().flatten().reduce(f32::max)
}

/// What is served of what belongs, within the limit.
struct Chosen {
    memories: Vec<RecalledMemory>,
    open_questions: Vec<RecalledMemory>,
    turns: Vec<Fitting>,
    omitted_count: usize,
}

/// Of the limit a third is kept for topics where that much fits, and what the others leave.
fn share(
    request: &RecallRequest,
    (belonging, turns): (Belonging, Vec<Fitting>),
    notes: &mut Vec<RecalledTopic>,
) -> Chosen {
    let limit = request.limit - notes.len().min(request.limit / 3);
    let mut chosen = choose(&RecallRequest { limit, ..request.clone() }, belonging, turns);
    let taken = chosen.memories.len() + chosen.open_questions.len() + chosen.turns.len();
    chosen.omitted_count += topics::truncate(notes, request.limit.saturating_sub(taken));
    chosen
}

/// Memories that belong come first, for they are few and belong by a strict rule; of what was said at least a
/// third of the limit is served where that much fits. With the cut-off off, memories that do not belong compete
/// with the turns for what is left.
fn choose(request: &RecallRequest, belonging: Belonging, mut turns: Vec<Fitting>) -> Chosen {
    let wants = |section| request.sections.contains(&section);
    let Belonging { mut memories, mut open_questions, near, .. } = belonging;
    if !wants(Section::Memories) {
        memories.clear();
    }
    if !wants(Section::OpenQuestions) {
        open_questions.clear();
    }
    if !request.all {
        turns.retain(|turn| turn.confidence >= silence::BAR);
    }
    let clear = |turns: &[Fitting]| turns.iter().filter(|turn| turn.confidence >= silence::BAR).count();
    let count = memories.len() + open_questions.len() + clear(&turns);
    let section = |found: &RecalledMemory| match found.memory.kind {
        Kind::OpenQuestion => Section::OpenQuestions,
        _ => Section::Memories,
    };
    let near = near.into_iter().filter(|found| wants(section(found))).collect();
    let for_turns = turns.len().min(request.limit.div_ceil(3));
    memories.truncate(request.limit - for_turns);
    open_questions.truncate(request.limit - for_turns - memories.len());
    let room = request.limit - memories.len() - open_questions.len();
    let rivals = Rivals { near, turns }.best(room, &quoted(memories.iter().chain(&open_questions)));
    // What is served only because everything was asked for fades out without end: it is not missed.
    let omitted_count = count - memories.len() - open_questions.len() - clear(&rivals.turns);
    for found in rivals.near {
        let list = if section(&found) == Section::Memories { &mut memories } else { &mut open_questions };
        list.push(found);
    }
    Chosen { memories, open_questions, turns: rivals.turns, omitted_count }
}

/// The messages that memories rest on.
fn quoted<'a>(memories: impl Iterator<Item = &'a RecalledMemory>) -> BTreeSet<MessageId> {
    memories.flat_map(|found| &found.memory.evidence).map(|evidence| evidence.message).collect()
}

/// What competes for the places that the memories that belong leave.
struct Rivals {
    near: Vec<RecalledMemory>,
    turns: Vec<Fitting>,
}

impl Rivals {
    /// The best so many, each kind in its order. A turn that a served memory rests on gives way to one that tells
    /// something else.
    fn best(self, room: usize, quoted: &BTreeSet<MessageId>) -> Self {
        if self.near.len() + self.turns.len() <= room {
            return self;
        }
        let near = |found: &RecalledMemory| (false, found.score.as_ref().map_or(0.0, |score| score.value));
        let turn = |turn: &Fitting| (quoted.contains(&turn.id()), turn.confidence);
        let scores = self.near.iter().map(near).chain(self.turns.iter().map(turn));
        let mut places: Vec<(usize, (bool, f32))> = scores.enumerate().collect();
        places.sort_by(|(_, (one_told, one)), (_, (other_told, other))| {
            one_told.cmp(other_told).then(other.total_cmp(one))
        });
        let chosen: BTreeSet<usize> = places.into_iter().take(room).map(|(place, _)| place).collect();
        let near_count = self.near.len();
        Self { near: kept(self.near, 0, &chosen), turns: kept(self.turns, near_count, &chosen) }
    }
}

fn kept<T>(items: Vec<T>, first: usize, chosen: &BTreeSet<usize>) -> Vec<T> {
    let items = items.into_iter().enumerate().filter(|(place, _)| chosen.contains(&(first + place)));
    items.map(|(_, item)| item).collect()
}

#[cfg(test)]
mod tests;
