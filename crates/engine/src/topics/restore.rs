//! Restore: a topic as one of its versions had it, also one that went away; a new version like any other.

use dreamkeeper_domain::id::StoreId;
use dreamkeeper_domain::topic::TopicOperation;

use super::change::{TopicChange, was_overtaken};
use super::history::{Past, VersionRef};
use super::place::{self, TopicRef};
use super::write::{ATTEMPTS_MAX, TopicWriting, WrittenTopic};
use crate::{Engine, Principal, VerbError};

impl Engine {
    /// Writes what a version said forward: its content, at the path that the topic has now, or had last. The
    /// origin is that of the version, for those are its words. Without a version: a removed topic as it was, a
    /// live one as it was before its latest change.
    ///
    /// # Errors
    /// `Forbidden` without `write`; `NotFound`; `Invalid` for a version that says nothing (redacted, or one that
    /// records a removal); `Apply` when the path is taken, or the store is closed or full.
    pub async fn restore_topic(
        &self,
        principal: &Principal,
        (store, named): (StoreId, &TopicRef),
        version: Option<VersionRef>,
        writing: TopicWriting,
    ) -> Result<WrittenTopic, VerbError> {
        let (space, _) = self.to_write(principal, store, &writing).await?;
        let past = Past::of(&space, store, named).await?;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let latest = past.latest().await?;
            let wanted = match version {
                Some(version) => past.version(version).await?,
                None => past.version(VersionRef::Number(latest.number.saturating_sub(1))).await?,
            };
            let told = wanted.content.clone().zip(latest.path.clone().or(wanted.path.clone()));
            let Some((content, path)) = told else {
                let problem = format!("version {} has no content: choose another one", wanted.number);
                return Err(VerbError::invalid("version", problem));
            };
            if latest.operation != TopicOperation::Deleted {
                let topic = place::topic(&space, store, &TopicRef::Id(past.topic)).await?;
                if topic.content == content && topic.head.path == path {
                    return Ok(WrittenTopic { topic, changed: false });
                }
            }
            let put = TopicChange::Put {
                id: past.topic,
                seen: latest.number,
                path,
                content,
                origin: wanted.origin,
            };
            let together = (store, &writing.note, Vec::new());
            match self.commit_topics(principal, &space, vec![put], together).await {
                Err(error) if was_overtaken(&error) && attempt < ATTEMPTS_MAX => {}
                Err(error) => return Err(error),
                Ok(mut written) => {
                    let topic = written.pop().ok_or_else(|| VerbError::not_found("topic", past.topic))?;
                    return Ok(WrittenTopic { topic, changed: true });
                }
            }
        }
    }
}
