//! List: the topics of a store by path, whole folders or one level at a time.

use std::collections::BTreeMap;
use std::sync::Arc;

use dreamkeeper_domain::id::{StoreId, TopicId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::ports::{SpaceStore, TopicQuery};
use dreamkeeper_domain::topic::TopicHead;
use dreamkeeper_topics::{Listed, check_prefix, listed_under};
use jiff::Timestamp;

use super::place;
use crate::read::page_limit;
use crate::{Engine, Principal, VerbError};

/// Heads that are read in one step while folders are told as one entry.
const STEP_COUNT: usize = 256;

/// Which topics of a store to list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListTopics {
    /// The store.
    pub store: StoreId,
    /// Only those below it: `/`, or a path with a slash at its end.
    pub prefix: Option<String>,
    /// Whether what stands deeper than one level is told as its folder.
    pub one_level: bool,
    /// Whether contents come along; a page then has at most [`limits::TOPIC_PAGE_FULL_MAX`] entries.
    pub full: bool,
    /// As recorded at that moment; now unless told.
    pub as_of: Option<Timestamp>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// At most this many entries.
    pub limit: Option<usize>,
}

impl ListTopics {
    /// Every topic of a store, without contents.
    pub fn of(store: StoreId) -> Self {
        Self { store, prefix: None, one_level: false, full: false, as_of: None, after: None, limit: None }
    }
}

/// One entry of a list.
#[derive(Debug, Clone, PartialEq)]
pub enum ListedTopic {
    /// A topic, with its content where that was asked for.
    Topic {
        /// All but its content.
        head: Box<TopicHead>,
        /// Its content.
        content: Option<String>,
    },
    /// What stands deeper, as the folder that it is in.
    Folder(String),
}

/// One page of a list, by path.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicPage {
    /// The entries; a page that is not the last has at least one.
    pub items: Vec<ListedTopic>,
    /// Give it as `after` to get the next page.
    pub next: Option<String>,
}

impl Engine {
    /// Lists topics by path, in the order of its bytes.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound` for the store; `Invalid` for a prefix that does not end at a
    /// segment, or a limit out of bounds.
    pub async fn list_topics(&self, principal: &Principal, list: ListTopics) -> Result<TopicPage, VerbError> {
        principal.require(Permission::Read)?;
        let prefix = list.prefix.clone().unwrap_or_else(|| "/".to_owned());
        check_prefix(&prefix).map_err(|error| VerbError::invalid("prefix", error.to_string()))?;
        let most = if list.full { limits::TOPIC_PAGE_FULL_MAX } else { limits::PAGE_COUNT_MAX };
        let limit = page_limit(list.limit)?.min(most);
        let space = self.space(principal).await?;
        place::store(&space, list.store).await?;
        let walk = Walk { space: &space, list: &list, prefix: &prefix };
        let (entries, next) = walk.entries(limit).await?;
        let items = if list.full { with_contents(&space, entries, list.as_of).await? } else { entries };
        Ok(TopicPage { items, next })
    }
}

struct Walk<'a> {
    space: &'a Arc<dyn SpaceStore>,
    list: &'a ListTopics,
    prefix: &'a str,
}

impl Walk<'_> {
    async fn entries(&self, limit: usize) -> Result<(Vec<ListedTopic>, Option<String>), VerbError> {
        let mut entries: Vec<ListedTopic> = Vec::new();
        let mut last = self.list.after.clone();
        loop {
            let step = if self.list.one_level { STEP_COUNT } else { limit + 1 };
            let heads = self.heads(last.as_deref(), step.min(limits::PAGE_COUNT_MAX)).await?;
            let is_end = heads.len() < step.min(limits::PAGE_COUNT_MAX);
            for head in heads {
                // A folder that was told is passed whole.
                if is_within(last.as_deref(), &head.path) {
                    continue;
                }
                if entries.len() == limit {
                    return Ok((entries, last));
                }
                let folder = match listed_under(self.prefix, &head.path) {
                    Listed::Prefix(folder) if self.list.one_level => Some(folder.to_owned()),
                    Listed::Prefix(_) | Listed::Topic => None,
                };
                last = Some(folder.clone().unwrap_or_else(|| head.path.clone()));
                entries.push(match folder {
                    Some(folder) => ListedTopic::Folder(folder),
                    None => ListedTopic::Topic { head: Box::new(head), content: None },
                });
            }
            if is_end {
                return Ok((entries, None));
            }
        }
    }

    async fn heads(&self, last: Option<&str>, limit: usize) -> Result<Vec<TopicHead>, VerbError> {
        let after_path = last.map(|last| match last.ends_with('/') {
            // Whatever stands in the folder is less than this.
            true => format!("{last}{}", char::MAX),
            false => last.to_owned(),
        });
        let query = TopicQuery {
            store: self.list.store,
            prefix: Some(self.prefix.to_owned()),
            after_path,
            as_of: self.list.as_of,
            limit,
        };
        Ok(self.space.topic_heads(&query).await?)
    }
}

fn is_within(folder: Option<&str>, path: &str) -> bool {
    folder.is_some_and(|folder| folder.ends_with('/') && path.starts_with(folder))
}

async fn with_contents(
    space: &Arc<dyn SpaceStore>,
    entries: Vec<ListedTopic>,
    as_of: Option<Timestamp>,
) -> Result<Vec<ListedTopic>, VerbError> {
    let ids: Vec<TopicId> = entries
        .iter()
        .filter_map(|entry| match entry {
            ListedTopic::Topic { head, .. } => Some(head.id),
            ListedTopic::Folder(_) => None,
        })
        .collect();
    let topics = space.topics(&ids, as_of).await?;
    let mut contents: BTreeMap<TopicId, _> = topics.into_iter().map(|topic| (topic.head.id, topic)).collect();
    let filled = entries.into_iter().map(|entry| match entry {
        // Head and content are of one version, also where it was changed in between.
        ListedTopic::Topic { head, .. } => match contents.remove(&head.id) {
            Some(topic) => ListedTopic::Topic { head: Box::new(topic.head), content: Some(topic.content) },
            None => ListedTopic::Topic { head, content: None },
        },
        folder @ ListedTopic::Folder(_) => folder,
    });
    Ok(filled.collect())
}

/// Every live topic of a store, without contents, by path.
pub(super) async fn all_heads(
    space: &Arc<dyn SpaceStore>,
    store: StoreId,
    as_of: Option<Timestamp>,
) -> Result<Vec<TopicHead>, VerbError> {
    let mut found: Vec<TopicHead> = Vec::new();
    loop {
        let after_path = found.last().map(|head| head.path.clone());
        let query = TopicQuery { store, prefix: None, after_path, as_of, limit: limits::PAGE_COUNT_MAX };
        let heads = space.topic_heads(&query).await?;
        let is_end = heads.len() < limits::PAGE_COUNT_MAX;
        found.extend(heads);
        if is_end {
            return Ok(found);
        }
    }
}
