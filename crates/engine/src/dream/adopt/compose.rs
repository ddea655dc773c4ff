//! Composition: what accepted changes make together of each record that they touch. What an earlier adoption of the dream
//! wrote belongs to the base; whatever else changed since refuses the change.

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::actor::Actor;
use dreamkeeper_domain::changeset::Expected;
use dreamkeeper_domain::dream::{
    ChangeReview, Dream, DreamMaker, Effect, MemoryEffect, ProposedChange, TopicEffect,
};
use dreamkeeper_domain::id::{MemoryId, TopicId};
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::ports::{SpaceStore, TopicVersionQuery};
use dreamkeeper_domain::topic::Topic;
use dreamkeeper_topics::compose;

use super::{Refused, is_adopted};
use crate::VerbError;
use crate::dream::check::check_whole;
use crate::dream::land::TopicWrite;
use crate::memory_change::Change;

/// What is to be written.
pub(super) struct Composition {
    pub(super) topics: Vec<TopicWrite>,
    pub(super) memories: Vec<Change>,
}

/// Path and content of a topic; none where it is not there.
type State = Option<(String, String)>;

/// One topic with the changes that touch it.
struct Touched<'c> {
    effects: Vec<(&'c ProposedChange, &'c TopicEffect)>,
    adopted: Vec<&'c TopicEffect>,
}

impl Composition {
    /// What the chosen changes come to; the inner error names those that cannot be written.
    pub(super) async fn of(
        space: &dyn SpaceStore,
        dream: &Dream,
        (all, chosen): (&[ProposedChange], &[&ProposedChange]),
    ) -> Result<Result<Self, Vec<Refused>>, VerbError> {
        let touched = touched(all, chosen);
        let ids: Vec<TopicId> = touched.keys().copied().collect();
        let mut current: BTreeMap<TopicId, Topic> = BTreeMap::new();
        for ids in ids.chunks(limits::PAGE_COUNT_MAX) {
            current.extend(space.topics(ids, None).await?.into_iter().map(|topic| (topic.head.id, topic)));
        }
        let (mut topics, mut refused) = (Vec::new(), Vec::new());
        for (id, touched) in &touched {
            let there = current.get(id).filter(|topic| Some(topic.head.store) == dream.target.store);
            match after(touched, there) {
                Ok(None) => {}
                Ok(Some(after)) => topics.push((*id, after, touched)),
                Err(refusals) => refused.extend(refusals),
            }
        }
        let memories = match memories(space, chosen).await? {
            Ok(memories) => memories,
            Err(refusals) => {
                refused.extend(refusals);
                Vec::new()
            }
        };
        if refused.is_empty() {
            refused = whole(&dream.actor, chosen, &topics, &current);
        }
        if !refused.is_empty() {
            return Ok(Err(refused));
        }
        let mut writes = Vec::new();
        for (id, after, touched) in topics {
            let origins = touched.effects.iter().map(|(change, _)| change.origin);
            let there = current.get(&id);
            let origin = origins.chain(there.map(|topic| topic.head.origin)).min();
            let expected = match there {
                Some(topic) => Expected::Version(topic.head.number),
                None => last_number(space, id).await?.map_or(Expected::Absent, Expected::Version),
            };
            let after = after.zip(origin).map(|((path, content), origin)| (path, content, origin));
            writes.push(TopicWrite { id, after, expected });
        }
        Ok(Ok(Self { topics: writes, memories }))
    }
}

fn touched<'c>(all: &'c [ProposedChange], chosen: &[&'c ProposedChange]) -> BTreeMap<TopicId, Touched<'c>> {
    let mut touched: BTreeMap<TopicId, Touched<'c>> = BTreeMap::new();
    for change in chosen {
        for effect in topic_effects(change) {
            let entry = touched.entry(effect.topic);
            let entry = entry.or_insert(Touched { effects: Vec::new(), adopted: Vec::new() });
            entry.effects.push((change, effect));
        }
    }
    for effect in all.iter().filter(|change| is_adopted(change)).flat_map(topic_effects) {
        if let Some(touched) = touched.get_mut(&effect.topic) {
            touched.adopted.push(effect);
        }
    }
    touched
}

fn topic_effects(change: &ProposedChange) -> impl Iterator<Item = &TopicEffect> {
    change.effects.iter().filter_map(|effect| match effect {
        Effect::Topic(effect) => Some(effect),
        Effect::Memory(_) => None,
    })
}

/// What the topic becomes; none where nothing is to be written.
fn after(touched: &Touched<'_>, there: Option<&Topic>) -> Result<Option<State>, Vec<Refused>> {
    let Some((first, effect)) = touched.effects.first() else { return Ok(None) };
    let refuse = |reason: String| {
        let refused = |(change, _): &(&ProposedChange, &TopicEffect)| Refused {
            number: change.number,
            reason: reason.clone(),
        };
        touched.effects.iter().map(refused).collect::<Vec<_>>()
    };
    let base: State = effect.before.as_ref().map(|side| (side.path.clone(), side.content.clone()));
    let now: State = there.map(|topic| (topic.head.path.clone(), topic.content.clone()));
    let expected = together(&base, &touched.adopted)
        .ok_or_else(|| refuse(format!("change {} cannot be told from what was adopted", first.number)))?;
    if now != expected {
        let path = base.or(now).map_or_else(String::new, |(path, _)| path);
        return Err(refuse(format!("`{path}` is not as it was when the dream read it: dream again")));
    }
    let mut effects = touched.adopted.clone();
    for (change, effect) in &touched.effects {
        effects.push(effect);
        if together(&base, &effects).is_none() {
            let reason = "it touches the same words as another change: adopt one of them".to_owned();
            return Err(vec![Refused { number: change.number, reason }]);
        }
    }
    let after = together(&base, &effects).unwrap_or_default();
    Ok((after != now).then_some(after))
}

/// What effects make of a base together; `None` where they cannot stand together.
fn together(base: &State, effects: &[&TopicEffect]) -> Option<State> {
    let empty = (String::new(), String::new());
    let (path, content) = base.as_ref().unwrap_or(&empty);
    let is_guard = |effect: &&&TopicEffect| effect.after.as_ref() == base.as_ref();
    let effects: Vec<&TopicEffect> = effects.iter().filter(|effect| !is_guard(effect)).copied().collect();
    if effects.is_empty() {
        return Some(base.clone());
    }
    if effects.iter().any(|effect| effect.after.is_none()) {
        return if effects.iter().all(|effect| effect.after.is_none()) { Some(None) } else { None };
    }
    let afters: Vec<&(String, String)> = effects.iter().filter_map(|effect| effect.after.as_ref()).collect();
    let paths: BTreeSet<&String> = afters.iter().map(|(path, _)| path).filter(|new| *new != path).collect();
    if paths.len() > 1 {
        return None;
    }
    let contents: Vec<&str> = afters.iter().map(|(_, content)| content.as_str()).collect();
    let new_path = paths.into_iter().next().unwrap_or(path).clone();
    Some(Some((new_path, compose(content, &contents)?)))
}

/// Checks all of it as one change: each claim that is gone is told of by one of them.
fn whole(
    actor: &Actor,
    chosen: &[&ProposedChange],
    topics: &[(TopicId, State, &Touched<'_>)],
    current: &BTreeMap<TopicId, Topic>,
) -> Vec<Refused> {
    let Some(first) = chosen.first() else { return Vec::new() };
    let effects = topics.iter().map(|(id, after, _)| {
        let before = current.get(id).map(|topic| dreamkeeper_domain::dream::TopicSide {
            path: topic.head.path.clone(),
            number: topic.head.number,
            hash: topic.head.hash,
            content: topic.content.clone(),
            origin: topic.head.origin,
        });
        Effect::Topic(TopicEffect { topic: *id, before, after: after.clone() })
    });
    // What a claim became may stand in a topic that is not written.
    let guards = chosen
        .iter()
        .flat_map(|change| topic_effects(change))
        .filter(|effect| topics.iter().all(|(id, ..)| *id != effect.topic));
    let mut seen = BTreeSet::new();
    let guards = guards.filter(|effect| seen.insert(effect.topic)).cloned().map(Effect::Topic);
    let together = ProposedChange {
        effects: effects.chain(guards).collect(),
        claims: chosen.iter().flat_map(|change| change.claims.clone()).collect(),
        // What each may lose was checked by itself; here counts that all of it is told of.
        maker: DreamMaker::Person(actor.clone()),
        review: ChangeReview::Waiting,
        ..(*first).clone()
    };
    let broken = check_whole(&together);
    if broken.is_empty() {
        return Vec::new();
    }
    let reason = format!("together they may not stand: {}", broken.join("; "));
    // Taking the last away until the rest may stand keeps the earlier ones.
    chosen.last().map(|last| Refused { number: last.number, reason }).into_iter().collect()
}

/// The number of the removal of a topic that was there once.
async fn last_number(space: &dyn SpaceStore, id: TopicId) -> Result<Option<u32>, VerbError> {
    let query = TopicVersionQuery { topic: Some(id), limit: 1, ..TopicVersionQuery::default() };
    Ok(space.topic_versions(&query).await?.items.first().map(|version| version.number))
}

async fn memories(
    space: &dyn SpaceStore,
    chosen: &[&ProposedChange],
) -> Result<Result<Vec<Change>, Vec<Refused>>, VerbError> {
    let effects: Vec<(u32, &MemoryEffect)> = chosen
        .iter()
        .flat_map(|change| change.effects.iter().map(|effect| (change.number, &change.reason, effect)))
        .filter_map(|(number, _, effect)| match effect {
            Effect::Memory(effect) => Some((number, effect)),
            Effect::Topic(_) => None,
        })
        .collect();
    let ids: Vec<MemoryId> = effects.iter().map(|(_, effect)| effect.memory).collect();
    let there = if ids.is_empty() { Vec::new() } else { space.memories(&ids, None).await? };
    let (mut changes, mut refused) = (Vec::new(), Vec::new());
    for (number, effect) in effects {
        let now = there.iter().find(|memory| memory.id == effect.memory);
        let before = effect.before.as_deref();
        let Some((now, before)) = now.zip(before).filter(|(now, before)| is_same(now, before)) else {
            let reason =
                format!("memory {} is not as it was when the dream read it: dream again", effect.memory);
            refused.push(Refused { number, reason });
            continue;
        };
        if is_same(&effect.after, before) {
            continue;
        }
        let chosen = chosen.iter().find(|change| change.number == number);
        changes.push(Change {
            before: Some(now.clone()),
            memory: (*effect.after).clone(),
            operation: effect.operation,
            reason: chosen.map(|change| short_reason(&change.reason)),
        });
    }
    Ok(if refused.is_empty() { Ok(changes) } else { Err(refused) })
}

/// The same memory, however often it was written.
pub(crate) fn is_same(one: &Memory, other: &Memory) -> bool {
    let bare = |memory: &Memory| Memory { version: 0, updated_at: memory.created_at, ..memory.clone() };
    bare(one) == bare(other)
}

/// A reason that a version may carry.
fn short_reason(reason: &str) -> String {
    let mut end = reason.len().min(limits::REASON_BYTES_MAX);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    reason[..end].to_owned()
}
