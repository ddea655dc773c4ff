//! Check: whether a proposed change may stand, by code alone. It sees the change and the ground it stands on; who made
//! the change, a rule or a model, counts for nothing but how much it may lose.

mod claims;
mod ground;

use std::collections::BTreeSet;

use dreamkeeper_domain::dream::{DreamMaker, Effect, MemoryEffect, ProposedChange, TopicEffect};
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::Status;
use dreamkeeper_topics::{TopicPath, links, resolve};

pub(crate) use ground::Ground;

/// Every rule that a change breaks, a sentence each; empty when it may stand.
pub(crate) fn check(change: &ProposedChange, ground: &Ground) -> Vec<String> {
    let mut broken = Vec::new();
    if change.effects.is_empty() {
        broken.push("it changes nothing".to_owned());
    }
    for effect in &change.effects {
        match effect {
            Effect::Topic(effect) => topic(effect, ground, &mut broken),
            Effect::Memory(effect) => memory(effect, ground, &mut broken),
        }
    }
    origins(change, &mut broken);
    links_resolve(change, ground, &mut broken);
    claims::check(change, ground, &mut broken);
    broken
}

/// The rules that hold for changes together as for one: every claim is accounted for, sizes hold.
pub(crate) fn check_whole(change: &ProposedChange) -> Vec<String> {
    let mut broken = Vec::new();
    for effect in &change.effects {
        if let Effect::Topic(TopicEffect { after: Some((path, content)), .. }) = effect {
            size(path, content, &mut broken);
        }
    }
    claims::check(change, &Ground::default(), &mut broken);
    broken
}

fn size(path: &str, content: &str, broken: &mut Vec<String>) {
    if content.len() > limits::TOPIC_BYTES_MAX {
        let max = limits::TOPIC_BYTES_MAX;
        broken.push(format!("`{path}` would hold {} bytes, at most {max} are allowed", content.len()));
    }
}

fn topic(effect: &TopicEffect, ground: &Ground, broken: &mut Vec<String>) {
    match (&effect.before, ground.topic(effect.topic)) {
        (Some(before), Some(stands)) if before.path == stands.path && before.hash == stands.hash => {
            if before.origin != stands.origin {
                broken.push(format!(
                    "`{}` has the origin {} and not {}",
                    before.path, stands.origin, before.origin
                ));
            }
        }
        (Some(before), Some(_)) => {
            broken.push(format!("`{}` is not as it was when it was read", before.path))
        }
        (Some(before), None) => broken.push(format!("`{}` is not a topic of the target", before.path)),
        (None, Some(_)) => broken.push(format!("topic {} is there already", effect.topic)),
        (None, None) if ground.store.is_none() => {
            broken.push("the target has no store for new topics".to_owned())
        }
        (None, None) => {}
    }
    let Some((path, content)) = &effect.after else { return };
    if let Err(error) = path.parse::<TopicPath>() {
        broken.push(error.to_string());
    }
    size(path, content, broken);
    if ground.at(path).is_some_and(|other| other != effect.topic) {
        broken.push(format!("`{path}` is taken by another topic"));
    }
}

fn memory(effect: &MemoryEffect, ground: &Ground, broken: &mut Vec<String>) {
    let (id, after) = (effect.memory, &effect.after);
    if after.id != id || effect.before.as_ref().is_some_and(|before| before.id != id) {
        broken.push(format!("it gives memory {id} for another"));
    }
    let Some(before) = &effect.before else {
        broken.push(format!("memory {id} is new: dreams only tidy memories"));
        return;
    };
    if ground.memories.get(&id) != Some(&before.version) {
        broken.push(format!("memory {id} is not one of the target, or not as it was when it was read"));
    }
    if before.scope != after.scope || before.evidence.iter().any(|quote| !after.evidence.contains(quote)) {
        broken.push(format!("memory {id} would lose its scope or a quote that it rests on"));
    }
    if matches!(after.status, Status::Erased | Status::Forgotten) {
        broken.push(format!("memory {id} would be {}: only people do that", after.status.as_str()));
    }
}

/// Derived things carry the lowest origin among their sources; nothing is raised.
fn origins(change: &ProposedChange, broken: &mut Vec<String>) {
    for effect in &change.effects {
        match effect {
            Effect::Topic(effect) => {
                let Some(before) = &effect.before else { continue };
                if change.origin > before.origin {
                    broken.push(format!(
                        "it counts as {}, but `{}` as {}",
                        change.origin, before.path, before.origin
                    ));
                }
            }
            Effect::Memory(effect) => {
                let Some(before) = &effect.before else { continue };
                if effect.after.origin > before.origin || change.origin > before.origin {
                    broken.push(format!("memory {} would rise above {}", effect.memory, before.origin));
                }
            }
        }
    }
}

/// A link that led to a topic leads to one afterwards; new links do too.
fn links_resolve(change: &ProposedChange, ground: &Ground, broken: &mut Vec<String>) {
    let effects = || {
        change.effects.iter().filter_map(|effect| match effect {
            Effect::Topic(effect) => Some(effect),
            Effect::Memory(_) => None,
        })
    };
    let mut paths: BTreeSet<&str> = ground.paths().collect();
    for before in effects().filter_map(|effect| effect.before.as_ref()) {
        paths.remove(before.path.as_str());
    }
    paths.extend(effects().filter_map(|effect| effect.after.as_ref()).map(|(path, _)| path.as_str()));
    for effect in effects() {
        let Some((path, content)) = &effect.after else { continue };
        for link in links(content).iter().filter(|link| !link.is_wiki) {
            let Some(to) = resolve(path, link, std::iter::empty()) else { continue };
            let said = |effect: &TopicEffect| {
                effect.before.as_ref().is_some_and(|before| before.content.contains(&link.target))
            };
            let was_dead = ground.at(&to).is_none() && effects().any(said);
            if !paths.contains(to.as_str()) && !was_dead {
                broken.push(format!("`{path}` would have a link to `{to}`, where no topic stands"));
            }
        }
    }
}

/// Whether the change was made by a rule of this program, whose accounts are exact.
pub(crate) fn is_by_rule(change: &ProposedChange) -> bool {
    match change.maker {
        DreamMaker::Rule(_) => true,
        DreamMaker::Model { .. } | DreamMaker::Person(_) => false,
    }
}
