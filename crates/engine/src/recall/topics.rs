//! Topics in recall: which nominated passages of them belong, read from the store as they stand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dreamkeeper_domain::id::{StoreId, TopicId};
use dreamkeeper_domain::passage::{Owner, Span};
use dreamkeeper_domain::ports::{Nomination, SpaceStore};
use dreamkeeper_domain::receipt::{ScorePart, Section};
use dreamkeeper_domain::topic::Topic;
use dreamkeeper_language::authority::matters;

use super::admission::{Hearing, SHARE_OF_BEST_MIN, Signals};
use super::answer::{RecalledTopic, Score};
use super::conversation::floor;
use super::query::Query;
use super::request::RecallRequest;
use crate::VerbError;

/// Passages that are read, the best ones.
const READ_COUNT_MAX: usize = 64;
/// The score of what does not belong, where everything is asked for, is at most this.
const NEARNESS_MAX: f32 = 0.15;

/// A passage before it is read.
struct Found {
    topic: TopicId,
    span: Span,
    score: Score,
}

/// The passages that belong, best first; with the cut-off off, behind them those that do not.
pub(crate) async fn belonging(
    space: &Arc<dyn SpaceStore>,
    query: &Query,
    nomination: &Nomination,
    request: &RecallRequest,
) -> Result<Vec<RecalledTopic>, VerbError> {
    if !request.sections.contains(&Section::Topics) {
        return Ok(Vec::new());
    }
    let mut found = scored(query, nomination, request);
    let best = found.first().map_or(0.0, |found| found.score.value);
    if !request.all {
        found.retain(|found| found.score.value >= SHARE_OF_BEST_MIN * best);
    }
    found.truncate(READ_COUNT_MAX);
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids: BTreeSet<TopicId> = found.iter().map(|found| found.topic).collect();
    let ids: Vec<TopicId> = ids.into_iter().collect();
    let topics = visible(space, space.topics(&ids, request.as_of).await?, request).await?;
    let read = found.into_iter().filter_map(|found| {
        let topic = topics.get(&found.topic)?;
        let quote = found.span.of(&topic.content)?.to_owned();
        let (head, matters) = (topic.head.clone(), matters(&quote));
        Some(RecalledTopic { head, quote, span: found.span, score: found.score, matters })
    });
    Ok(read.collect())
}

fn scored(query: &Query, nomination: &Nomination, request: &RecallRequest) -> Vec<Found> {
    let hearing = Hearing { query, heard: &[], segments: &nomination.segments, without: &request.without };
    let mut found = Vec::new();
    for candidate in &nomination.candidates {
        let Owner::Topic(topic) = candidate.owner else { continue };
        let (bits, cosine) = (candidate.term_bits, candidate.cosine.unwrap_or(0.0));
        let part = |(signal, value): &(&str, f32)| ScorePart { signal: (*signal).to_owned(), value: *value };
        let score = match hearing.passage(Signals { bits, cosine, segment: candidate.segment }) {
            Some(belonging) => {
                Score { value: belonging.score, parts: belonging.parts.iter().map(part).collect() }
            }
            None if request.all => {
                let value = NEARNESS_MAX * cosine.clamp(0.0, 1.0);
                Score { value, parts: vec![part(&("cosine", cosine))] }
            }
            None => continue,
        };
        found.push(Found { topic, span: candidate.span, score });
    }
    found.sort_by(|a, b| {
        b.score.value.total_cmp(&a.score.value).then_with(|| (a.topic, a.span).cmp(&(b.topic, b.span)))
    });
    found
}

/// Those in a store that is open, whose origin is let through.
async fn visible(
    space: &Arc<dyn SpaceStore>,
    topics: Vec<Topic>,
    request: &RecallRequest,
) -> Result<BTreeMap<TopicId, Topic>, VerbError> {
    let mut open: BTreeMap<StoreId, bool> = BTreeMap::new();
    let mut shown = BTreeMap::new();
    for topic in topics {
        let store = topic.head.store;
        let is_open = match open.get(&store) {
            Some(is_open) => *is_open,
            None => {
                let is_open = space.topic_store(store).await?.is_some_and(|store| store.is_open());
                open.insert(store, is_open);
                is_open
            }
        };
        if is_open && topic.head.origin >= floor(request.min_origin) {
            shown.insert(topic.head.id, topic);
        }
    }
    Ok(shown)
}

/// Whether a passage is served because it belongs, and not because everything was asked for.
pub(crate) fn belongs(topic: &RecalledTopic) -> bool {
    topic.score.value > NEARNESS_MAX
}

/// Keeps so many; answers how many of the others belong.
pub(crate) fn truncate(topics: &mut Vec<RecalledTopic>, count: usize) -> usize {
    let rest = topics.split_off(count.min(topics.len()));
    rest.iter().filter(|topic| belongs(topic)).count()
}
