//! Load: what an agent reads before it works: the index of a store, and whole topics that fit the task, within
//! a token budget.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use dreamkeeper_domain::id::{StoreId, TopicId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::Owner;
use dreamkeeper_domain::ports::{NominationRequest, QueryTerm, SegmentSelection, SpaceStore};
use dreamkeeper_domain::text::token_count;
use dreamkeeper_domain::topic::{Topic, TopicHead};
use dreamkeeper_domain::topic_store::TopicStore;
use dreamkeeper_topics::{INDEX_PATH, index_head};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::list::all_heads;
use super::{index, place};
use crate::error::check_bytes;
use crate::recall::{Page, Query, fit, floor};
use crate::{Engine, Principal, VerbError};

/// Passages that speak for topics, by words and by vector.
const NOMINATION_COUNT_MAX: usize = 200;
/// Topics that are read to be laid out; the budget ends far below.
const READ_COUNT_MAX: usize = 100;

/// What to load of a store.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadTopics {
    /// The store.
    pub store: StoreId,
    /// The task at hand, in words; without one the latest changed topics come first.
    pub task: Option<String>,
    /// The lowest origin let through; at `User`, what an assistant wrote is let through too.
    pub min_origin: Origin,
    /// As recorded at that moment; now unless told.
    pub as_of: Option<Timestamp>,
    /// Tokens that the fenced text may take, at most [`limits::RECALL_TOKENS_MAX`].
    pub token_budget: usize,
}

/// A topic that was loaded.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedTopic {
    /// The topic, whole.
    pub topic: Topic,
    /// How well it fits the task, from 0 to 1; absent without a task.
    pub fit: Option<f32>,
}

/// What was loaded.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedTopics {
    /// The first 200 lines or 25 KB of the index, as fresh as the store; empty for an empty store.
    pub index: String,
    /// Whole topics, best first.
    pub topics: Vec<LoadedTopic>,
    /// Topics that fit the task (all of them without one) and found no room.
    pub omitted_count: usize,
    /// Tokens of `text`.
    pub token_count: usize,
    /// All of it as fenced text for a prompt.
    pub text: String,
}

impl Engine {
    /// Loads the index and whole topics for a task.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound` for the store; `Invalid` for anything over a bound.
    pub async fn load_topics(
        &self,
        principal: &Principal,
        load: LoadTopics,
    ) -> Result<LoadedTopics, VerbError> {
        principal.require(Permission::Read)?;
        let most = limits::RECALL_TOKENS_MAX;
        if load.token_budget > most {
            let problem = format!("{} tokens, at most {most} are allowed", load.token_budget);
            return Err(VerbError::invalid("token_budget", problem));
        }
        let task = load.task.as_deref().map(str::trim).filter(|task| !task.is_empty());
        check_bytes("task", task.map_or(0, str::len), limits::QUERY_BYTES_MAX)?;
        let space = self.space(principal).await?;
        let store = place::store(&space, load.store).await?;
        let mut heads = all_heads(&space, store.id, load.as_of).await?;
        heads.retain(|head| head.origin >= floor(load.min_origin));
        let index = read_index(&space, &heads, load.as_of).await?;
        let mut ranked: Vec<(TopicId, Option<f32>)> = match task {
            Some(task) => self.fitting_topics(principal, &space, (&store, &heads), (task, &load)).await?,
            None => latest(&heads),
        };
        let index_topic = heads.iter().find(|head| head.path == INDEX_PATH).map(|head| head.id);
        ranked.retain(|(id, _)| Some(*id) != index_topic);
        lay_out(&space, &store, index, (ranked, &load)).await
    }

    /// Topics of the store that have something to do with the task, best first.
    async fn fitting_topics(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        (store, heads): (&TopicStore, &[TopicHead]),
        (task, load): (&str, &LoadTopics),
    ) -> Result<Vec<(TopicId, Option<f32>)>, VerbError> {
        let today = TimeZone::UTC.to_datetime(load.as_of.unwrap_or_else(|| self.now())).date();
        let query = Query::read(task, today);
        let owners: HashSet<Owner> = heads.iter().map(|head| Owner::Topic(head.id)).collect();
        let request = NominationRequest {
            segments: SegmentSelection::One(store.scope.segment()),
            scope: store.scope.clone(),
            terms: query.terms.iter().map(|term| QueryTerm { hash: term.hash, weight: 1.0 }).collect(),
            vector: self.embed_question(task).await,
            min_origin: floor(load.min_origin),
            filter: None,
            owners: Some(Arc::new(owners)),
            as_of: load.as_of,
            messages: false,
            memories: false,
            topics: true,
            lexical_count_max: NOMINATION_COUNT_MAX,
            vector_count_max: NOMINATION_COUNT_MAX,
            window: 0,
        };
        let nomination = self.parts.index.nominate(principal.space, space, &request).await?;
        let mut fits: BTreeMap<TopicId, f32> = BTreeMap::new();
        for candidate in &nomination.candidates {
            let Owner::Topic(id) = candidate.owner else { continue };
            let fit = fit::of(candidate, &nomination.segments);
            let best = fits.entry(id).or_default();
            *best = best.max(fit);
        }
        let mut ranked: Vec<(TopicId, f32)> =
            fits.into_iter().filter(|(_, found)| *found >= fit::NEAR).collect();
        // Of equals the newest first: ids follow the time.
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| b.0.cmp(&a.0)));
        Ok(ranked.into_iter().map(|(id, fit)| (id, Some(fit))).collect())
    }
}

async fn read_index(
    space: &Arc<dyn SpaceStore>,
    heads: &[TopicHead],
    as_of: Option<Timestamp>,
) -> Result<String, VerbError> {
    let at = heads.iter().find(|head| head.path == INDEX_PATH).map(|head| head.id);
    let present = match at {
        Some(id) => space.topics(&[id], as_of).await?.pop(),
        None => None,
    };
    let fresh = index::fresh(space, heads, present.as_ref(), as_of).await?;
    Ok(index_head(&fresh.content).to_owned())
}

fn latest(heads: &[TopicHead]) -> Vec<(TopicId, Option<f32>)> {
    let mut heads: Vec<&TopicHead> = heads.iter().collect();
    heads.sort_by(|a, b| b.updated_at.cmp(&a.updated_at).then_with(|| a.path.cmp(&b.path)));
    heads.into_iter().map(|head| (head.id, None)).collect()
}

async fn lay_out(
    space: &Arc<dyn SpaceStore>,
    store: &TopicStore,
    index: String,
    (ranked, load): (Vec<(TopicId, Option<f32>)>, &LoadTopics),
) -> Result<LoadedTopics, VerbError> {
    let mut page = Page::new(load.token_budget);
    let is_shown = index.is_empty() || page.take(&section(INDEX_PATH, &index));
    let index = if is_shown { index } else { String::new() };
    let ids: Vec<TopicId> = ranked.iter().take(READ_COUNT_MAX).map(|(id, _)| *id).collect();
    let read = space.topics(&ids, load.as_of).await?;
    let mut read: BTreeMap<TopicId, Topic> = read.into_iter().map(|topic| (topic.head.id, topic)).collect();
    let count = ranked.len();
    let mut topics = Vec::new();
    for (id, fit) in ranked {
        let Some(topic) = read.remove(&id).filter(|topic| topic.head.store == store.id) else { continue };
        if page.take(&section(&topic.head.path, &topic.content)) {
            topics.push(LoadedTopic { topic, fit });
        }
    }
    let text = page.text();
    let omitted_count = count - topics.len();
    Ok(LoadedTopics { index, topics, omitted_count, token_count: token_count(&text), text })
}

/// A topic under its path, whole.
fn section(path: &str, content: &str) -> String {
    let end = if content.ends_with('\n') || content.is_empty() { "" } else { "\n" };
    format!("# {path}\n{content}{end}\n")
}
