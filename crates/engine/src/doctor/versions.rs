//! Versions: which of a memory or topic brought passages, and what these should be.

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::id::{MemoryId, TopicId};
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::passage::{Owner, Passage, PassageSeq};
use dreamkeeper_domain::ports::{Holding, PortError, SpaceStore, TopicVersionQuery};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::topic::TopicVersion;
use dreamkeeper_domain::topic_store::TopicStore;
use dreamkeeper_domain::version::Version;

use super::read::Text;
use crate::memory_change::same_passages;
use crate::passages::{TopicText, cut_memory, cut_topic};

/// Versions of a topic that are read at a time: each comes with its content.
const VERSIONS_READ: usize = 64;

/// The versions of a memory that brought passages, each with what they should be: retired when the next one brought its
/// own.
pub(super) fn of_memory(id: MemoryId, versions: &[Version], holdings: Vec<Holding>) -> Vec<Text> {
    let contents: Vec<Option<Memory>> = versions
        .iter()
        .map(|version| version.content.clone().and_then(|content| serde_json::from_value(content).ok()))
        .collect();
    let mut held: BTreeMap<u32, Vec<_>> =
        holdings.into_iter().map(|holding| (holding.version, holding.passages)).collect();
    let brought: BTreeSet<usize> = (0..versions.len())
        .filter(|place| {
            let before = place.checked_sub(1).and_then(|before| contents[before].as_ref());
            let kept = before.zip(contents[*place].as_ref()).is_some_and(|(a, b)| same_passages(a, b));
            !kept || held.get(&versions[*place].number).is_some_and(|held| !held.is_empty())
        })
        .collect();
    let seen = versions.last().map_or(0, |version| version.number);
    let text = |place: &usize| {
        let memory = contents[*place].as_ref().filter(|memory| memory.status != Status::Erased)?;
        let retired_at = brought.range(place + 1..).next().map(|next| versions[*next].at);
        let mut cut = cut_memory(memory);
        for (passage, _) in &mut cut {
            passage.retired_at = retired_at;
        }
        let version = versions[*place].number;
        Some(Text {
            owner: Owner::Memory(id),
            version,
            seen,
            cut,
            held: held.remove(&version).unwrap_or_default(),
        })
    };
    brought.iter().filter_map(text).collect()
}

/// The versions of a topic that have content, each with what its passages should be: retired by whatever came
/// next.
pub(super) async fn of_topic(
    space: &dyn SpaceStore,
    id: TopicId,
    holdings: Vec<Holding>,
) -> Result<Vec<Text>, PortError> {
    let mut held: BTreeMap<u32, Vec<_>> =
        holdings.into_iter().map(|holding| (holding.version, holding.passages)).collect();
    let mut query =
        TopicVersionQuery { topic: Some(id), limit: VERSIONS_READ, ..TopicVersionQuery::default() };
    let mut store: Option<TopicStore> = None;
    let (mut texts, mut seen) = (Vec::new(), 0);
    // Newest first, but numbers tell the order where the clock was set back.
    let mut recorded = BTreeMap::new();
    loop {
        let page = space.topic_versions(&query).await?;
        for version in &page.items {
            if store.as_ref().is_none_or(|store| store.id != version.store) {
                store = space.topic_store(version.store).await?;
            }
            seen = seen.max(version.number);
            recorded.insert(version.number, version.at);
            let Some(store) = &store else { continue };
            let number = version.number;
            texts.extend(text_of(version, &store.scope, held.remove(&number).unwrap_or_default()));
        }
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    for text in &mut texts {
        text.seen = seen;
        let retired_at = recorded.get(&(text.version + 1)).copied();
        text.cut.iter_mut().for_each(|(passage, _)| passage.retired_at = retired_at);
    }
    Ok(texts)
}

fn text_of(version: &TopicVersion, scope: &Scope, held: Vec<(PassageSeq, Option<Passage>)>) -> Option<Text> {
    let (path, content) = (version.path.as_deref()?, version.content.as_deref()?);
    let text = TopicText { id: version.topic, path, content, origin: version.origin, at: version.at };
    Some(Text {
        owner: Owner::Topic(version.topic),
        version: version.number,
        seen: version.number,
        cut: cut_topic(&text, scope),
        held,
    })
}
