//! Blame: which version brought each line of a topic.

use dreamkeeper_domain::id::StoreId;
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::topic::{Topic, TopicVersion};
use dreamkeeper_topics::kept_lines;

use super::history::Past;
use super::place::{self, TopicRef};
use crate::{Engine, Principal, VerbError};

/// A line of a topic, and the version that brought it.
#[derive(Debug, Clone, PartialEq)]
pub struct BlamedLine {
    /// The line, without its end.
    pub text: String,
    /// Place in [`Blame::versions`].
    pub version: usize,
}

/// A topic, line by line.
#[derive(Debug, Clone, PartialEq)]
pub struct Blame {
    /// The topic.
    pub topic: Topic,
    /// The versions that brought a line that is still there, newest first, without contents. What a redacted
    /// version brought counts as brought by the next that can be read.
    pub versions: Vec<TopicVersion>,
    /// Its lines, in order.
    pub lines: Vec<BlamedLine>,
}

impl Engine {
    /// Tells of each line of a live topic which version brought it.
    ///
    /// # Errors
    /// `Forbidden` without `read`; `NotFound`.
    pub async fn blame_topic(
        &self,
        principal: &Principal,
        store: StoreId,
        named: &TopicRef,
    ) -> Result<Blame, VerbError> {
        principal.require(Permission::Read)?;
        let space = self.space(principal).await?;
        place::store(&space, store).await?;
        let topic = place::topic(&space, store, named).await?;
        let past = Past::of(&space, store, &TopicRef::Id(topic.head.id)).await?;
        let mut trace = Trace::new(&topic);
        let mut after = None;
        loop {
            let (mut versions, next) = past.page(after).await?;
            // Where several were recorded at one moment, numbers tell the order.
            versions.sort_by_key(|version| std::cmp::Reverse(version.number));
            for version in versions {
                trace.step(version);
            }
            after = next;
            if after.is_none() || trace.is_settled() {
                return Ok(trace.end(topic));
            }
        }
    }
}

/// Lines followed from the latest version back to where each came from.
struct Trace {
    /// For each line: its place in the version that was looked at last; `None` once it is settled.
    places: Vec<Option<usize>>,
    /// For each line: which of `versions` brought it, as far as is known.
    brought: Vec<usize>,
    versions: Vec<TopicVersion>,
    /// The content of the version that was looked at last.
    content: String,
    /// The latest version that counts: later ones came while we read.
    number: u32,
}

impl Trace {
    fn new(topic: &Topic) -> Self {
        let count = topic.content.lines().count();
        Self {
            places: (0..count).map(Some).collect(),
            brought: vec![0; count],
            versions: Vec::new(),
            content: topic.content.clone(),
            number: topic.head.number,
        }
    }

    fn is_settled(&self) -> bool {
        self.places.iter().all(Option::is_none)
    }

    /// Looks at the version before: a line that is in it too was brought by it, or earlier.
    fn step(&mut self, version: TopicVersion) {
        let Some(content) = version.content.clone() else { return };
        if version.number > self.number {
            return;
        }
        let kept = kept_lines(&content, &self.content);
        let this = self.versions.len();
        for (place, brought) in self.places.iter_mut().zip(&mut self.brought) {
            let before = place.and_then(|at| kept.iter().find(|(_, new)| *new == at)).map(|(old, _)| *old);
            if before.is_some() {
                *brought = this;
            }
            *place = before;
        }
        self.content = content;
        self.versions.push(TopicVersion { content: None, ..version });
    }

    fn end(self, topic: Topic) -> Blame {
        let used: Vec<usize> = (0..self.versions.len()).filter(|at| self.brought.contains(at)).collect();
        let lines = topic.content.lines().zip(&self.brought).map(|(text, brought)| BlamedLine {
            text: text.to_owned(),
            version: used.iter().position(|at| at == brought).unwrap_or(0),
        });
        let lines = lines.collect();
        let is_used = |(at, version)| used.contains(&at).then_some(version);
        Blame { lines, versions: self.versions.into_iter().enumerate().filter_map(is_used).collect(), topic }
    }
}
