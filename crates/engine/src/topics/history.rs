//! History: finding a version of one topic, and what differs between two.

use std::str::FromStr;
use std::sync::Arc;

use dreamkeeper_domain::id::{InvalidId, StoreId, TopicId, TopicVersionId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::ports::{Page, SpaceStore, TopicVersionQuery};
use dreamkeeper_domain::topic::TopicVersion;
use dreamkeeper_topics::{diff, unified};

use super::place::{self, TopicRef};
use super::versions::ListVersions;
use crate::{Engine, Principal, VerbError};

/// Versions that are read in one step.
const STEP_COUNT: usize = 64;

/// How a caller names a version of a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionRef {
    /// By its number within the topic, from 1.
    Number(u32),
    /// By its id.
    Id(TopicVersionId),
}

impl FromStr for VersionRef {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        text.parse().map(Self::Number).or_else(|_| text.parse().map(Self::Id))
    }
}

/// What differs between two versions of a topic.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicDiff {
    /// The earlier one; absent where the later one is the first.
    pub from: Option<TopicVersion>,
    /// The later one.
    pub to: TopicVersion,
    /// The difference in the unified form; empty where the contents are the same.
    pub unified: String,
    /// Lines that came.
    pub inserted_count: usize,
    /// Lines that went.
    pub removed_count: usize,
}

impl Engine {
    /// Every version of one topic, live or removed, newest first, with their contents.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound`; `Invalid` for a limit out of bounds.
    pub async fn topic_log(
        &self,
        principal: &Principal,
        (store, named): (StoreId, &TopicRef),
        after: Option<String>,
        limit: Option<usize>,
    ) -> Result<Page<TopicVersion>, VerbError> {
        principal.require(Permission::Read)?;
        let space = self.space(principal).await?;
        let topic = Some(Past::of(&space, store, named).await?.topic);
        let tests = TopicVersionQuery { topic, after, ..TopicVersionQuery::default() };
        self.list_topic_versions(principal, store, ListVersions { tests, limit }).await
    }

    /// Tells what differs between two versions of a topic, live or removed: by default between the latest and
    /// the one before it.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound` for the store, the topic or a version.
    pub async fn diff_topic(
        &self,
        principal: &Principal,
        store: StoreId,
        named: &TopicRef,
        (from, to): (Option<VersionRef>, Option<VersionRef>),
    ) -> Result<TopicDiff, VerbError> {
        principal.require(Permission::Read)?;
        let space = self.space(principal).await?;
        let past = Past::of(&space, store, named).await?;
        let to = match to {
            Some(to) => past.version(to).await?,
            None => past.latest().await?,
        };
        let from = match from {
            Some(from) => Some(past.version(from).await?),
            None if to.number > 1 => Some(past.version(VersionRef::Number(to.number - 1)).await?),
            None => None,
        };
        Ok(difference(from, to))
    }
}

fn difference(from: Option<TopicVersion>, to: TopicVersion) -> TopicDiff {
    let old = from.as_ref().and_then(|version| version.content.as_deref()).unwrap_or_default();
    let new = to.content.as_deref().unwrap_or_default();
    let name = |version: Option<&TopicVersion>| match version {
        None => "/dev/null".to_owned(),
        Some(version) => {
            let path = version.path.as_deref().unwrap_or("/(redacted)");
            format!("{path}\tversion {}", version.number)
        }
    };
    let lines = diff(old, new);
    let unified = unified(old, new, (&name(from.as_ref()), &name(Some(&to))));
    let (inserted_count, removed_count) = (lines.inserted_count, lines.removed_count);
    TopicDiff { from, to, unified, inserted_count, removed_count }
}

/// The versions of one topic, live or removed.
pub(super) struct Past<'a> {
    space: &'a Arc<dyn SpaceStore>,
    /// Which.
    pub(super) topic: TopicId,
}

impl<'a> Past<'a> {
    /// Finds the topic; by path also one that went away, the latest that stood there.
    pub(super) async fn of(
        space: &'a Arc<dyn SpaceStore>,
        store: StoreId,
        named: &TopicRef,
    ) -> Result<Self, VerbError> {
        place::store(space, store).await?;
        if let Some(topic) = place::find(space, store, named).await? {
            return Ok(Self { space, topic: topic.head.id });
        }
        let mut query =
            TopicVersionQuery { store: Some(store), limit: STEP_COUNT, ..TopicVersionQuery::default() };
        if let TopicRef::Id(id) = named {
            query.topic = Some(*id);
        }
        loop {
            let page = space.topic_versions(&query).await?;
            let is_it = |version: &&TopicVersion| match named {
                TopicRef::Id(id) => version.topic == *id,
                TopicRef::Path(path) => version.path.as_ref() == Some(path),
            };
            if let Some(version) = page.items.iter().find(is_it) {
                return Ok(Self { space, topic: version.topic });
            }
            query.after = page.next;
            if query.after.is_none() {
                return Err(VerbError::not_found("topic", named.told()));
            }
        }
    }

    /// A page of versions, newest first.
    pub(super) async fn page(
        &self,
        after: Option<String>,
    ) -> Result<(Vec<TopicVersion>, Option<String>), VerbError> {
        let topic = Some(self.topic);
        let query = TopicVersionQuery { topic, after, limit: STEP_COUNT, ..TopicVersionQuery::default() };
        let page = self.space.topic_versions(&query).await?;
        Ok((page.items, page.next))
    }

    /// The latest version, which may say that the topic went away.
    pub(super) async fn latest(&self) -> Result<TopicVersion, VerbError> {
        let (versions, _) = self.page(None).await?;
        let latest = versions.into_iter().max_by_key(|version| version.number);
        latest.ok_or_else(|| VerbError::not_found("topic", self.topic))
    }

    /// A version of the topic.
    pub(super) async fn version(&self, named: VersionRef) -> Result<TopicVersion, VerbError> {
        let missing = |id: String| VerbError::not_found("topic version", id);
        let number = match named {
            VersionRef::Id(id) => {
                let found = self.space.topic_version(id).await?;
                let found = found.filter(|version| version.topic == self.topic);
                return found.ok_or_else(|| missing(id.to_string()));
            }
            VersionRef::Number(number) => number,
        };
        let mut after = None;
        loop {
            let (versions, next) = self.page(after).await?;
            if let Some(found) = versions.into_iter().find(|version| version.number == number) {
                return Ok(found);
            }
            after = next;
            if after.is_none() {
                return Err(missing(number.to_string()));
            }
        }
    }
}
