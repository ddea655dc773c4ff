//! Topics of a rollback: found by the versions that the adoption wrote, brought back from the versions before them; later
//! edits are merged in where they do not meet.

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::changeset::Expected;
use dreamkeeper_domain::dream::{Effect, ProposedChange};
use dreamkeeper_domain::id::{DreamId, StoreId, TopicId};
use dreamkeeper_domain::limits;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::ports::{SpaceStore, TopicVersionQuery};
use dreamkeeper_domain::topic::{TopicOperation, TopicVersion};
use dreamkeeper_topics::compose;
use jiff::Timestamp;

use super::{Collision, OnCollision, Plan, TopicWrite};
use crate::VerbError;

/// A state of a topic as a version tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    path: String,
    content: String,
    origin: Origin,
}

/// The states of one topic that a rollback looks at.
struct History {
    /// Before the adoption; none where the topic was not there.
    before: Option<State>,
    /// As the adoption wrote it.
    adopted: Option<State>,
    /// As it is.
    now: Option<State>,
    /// Its latest version.
    number: u32,
}

pub(super) async fn plan(
    space: &dyn SpaceStore,
    (dream, store, at): (DreamId, Option<StoreId>, Timestamp),
    (changes, on_collision): (&[ProposedChange], OnCollision),
    plan: &mut Plan,
) -> Result<(), VerbError> {
    let touched = changes.iter().flat_map(|change| &change.effects).filter_map(|effect| match effect {
        Effect::Topic(effect) => Some(effect.topic),
        Effect::Memory(_) => None,
    });
    let ids: BTreeSet<TopicId> = touched.collect();
    for id in ids {
        let Some(history) = history(space, id, (dream, at)).await? else { continue };
        match restored(&history) {
            Ok(Some(after)) => plan.topics.push(write(id, &history, after)),
            Ok(None) => {}
            Err(collision) => {
                plan.collisions.push(collision);
                if on_collision == OnCollision::RestoreEarlier && history.before != history.now {
                    plan.topics.push(write(id, &history, history.before.clone()));
                }
            }
        }
    }
    match store {
        Some(store) => occupied(space, store, plan).await,
        None => Ok(()),
    }
}

fn write(id: TopicId, history: &History, after: Option<State>) -> TopicWrite {
    let after = after.map(|state| (state.path, state.content, state.origin));
    TopicWrite { id, after, expected: Expected::Version(history.number) }
}

/// What the topic becomes; the inner `None` takes it away, the outer leaves it.
fn restored(history: &History) -> Result<Option<Option<State>>, Collision> {
    let History { before, adopted, now, .. } = history;
    if now == before {
        return Ok(None);
    }
    if now == adopted {
        return Ok(Some(before.clone()));
    }
    let content = |state: &Option<State>| state.as_ref().map(|state| state.content.clone());
    let place = [now, adopted, before].into_iter().flatten().next().map(|state| state.path.clone());
    let collision = || Collision {
        place: place.clone().unwrap_or_default(),
        before: content(before),
        adopted: content(adopted),
        now: content(now),
    };
    let (Some(before), Some(adopted), Some(now)) = (before, adopted, now) else { return Err(collision()) };
    let merged = compose(&adopted.content, &[&now.content, &before.content]).ok_or_else(collision)?;
    let path = if now.path == adopted.path { &before.path } else { &now.path };
    // What was written later stays in it, so its origin does too.
    let origin = before.origin.min(now.origin);
    Ok(Some(Some(State { path: path.clone(), content: merged, origin })))
}

/// The topic's history; `None` where the adoption did not write it, or what it wrote was redacted.
async fn history(
    space: &dyn SpaceStore,
    id: TopicId,
    (dream, at): (DreamId, Timestamp),
) -> Result<Option<History>, VerbError> {
    let mut query =
        TopicVersionQuery { topic: Some(id), limit: limits::PAGE_COUNT_MAX, ..TopicVersionQuery::default() };
    let mut versions: BTreeMap<u32, TopicVersion> = BTreeMap::new();
    loop {
        let page = space.topic_versions(&query).await?;
        versions.extend(page.items.into_iter().map(|version| (version.number, version)));
        let is_adoption = |version: &&TopicVersion| version.at == at && version.note.dream == Some(dream);
        let adopted = versions.values().find(is_adoption).map(|version| version.number);
        query.after = page.next;
        let has_before = adopted.is_some_and(|number| number == 1 || versions.contains_key(&(number - 1)));
        if let Some(number) = adopted.filter(|_| has_before || query.after.is_none()) {
            let state = |number: u32| versions.get(&number).and_then(state);
            let latest = versions.keys().next_back().copied().unwrap_or(number);
            let before = number.checked_sub(1).filter(|number| *number > 0);
            let is_redacted =
                |number: u32| versions.get(&number).is_some_and(|version| version.redacted.is_some());
            if before.is_some_and(is_redacted) || is_redacted(number) {
                return Ok(None);
            }
            return Ok(Some(History {
                before: before.and_then(state),
                adopted: state(number),
                now: state(latest),
                number: latest,
            }));
        }
        if query.after.is_none() {
            return Ok(None);
        }
    }
}

fn state(version: &TopicVersion) -> Option<State> {
    match version.operation {
        TopicOperation::Deleted => None,
        TopicOperation::Created | TopicOperation::Modified => {
            let (path, content) = version.path.clone().zip(version.content.clone())?;
            Some(State { path, content, origin: version.origin })
        }
    }
}

/// A path that another topic took meanwhile is a collision too.
async fn occupied(space: &dyn SpaceStore, store: StoreId, plan: &mut Plan) -> Result<(), VerbError> {
    let ids: BTreeSet<TopicId> = plan.topics.iter().map(|write| write.id).collect();
    let mut taken = BTreeSet::new();
    for write in &plan.topics {
        let Some((path, content, _)) = &write.after else { continue };
        let Some(other) = space.topic_at(store, path).await?.filter(|other| !ids.contains(&other.head.id))
        else {
            continue;
        };
        taken.insert(write.id);
        plan.collisions.push(Collision {
            place: path.clone(),
            before: Some(content.clone()),
            adopted: None,
            now: Some(other.content),
        });
    }
    // Two topics cannot have one path, whatever is wished.
    plan.topics.retain(|write| !taken.contains(&write.id));
    Ok(())
}
