//! Write: topics made, changed, moved and removed. What changes nothing makes no version; who was overtaken by
//! another writer reads again, unless a hash says what must be there.

use std::sync::Arc;

use dreamkeeper_domain::id::{StoreId, TopicId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::topic::{ContentHash, Topic, TopicNote};

use super::change::{TopicChange, was_overtaken};
use super::place::{self, TopicRef, check_content, check_note, check_path, hash_of};
use crate::{Engine, Principal, VerbError};

/// Times that a write reads again when others wrote in between.
pub(super) const ATTEMPTS_MAX: usize = 8;

/// How a topic is written: by whom, and why.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TopicWriting {
    /// Whose words they are, when that is less than the credential's ceiling. A topic keeps the lowest origin
    /// of all that was written into it.
    pub origin: Option<Origin>,
    /// Vouches for the whole topic: it stands under that origin from here on. Needs `approve`.
    pub raise: bool,
    /// Why, and in which session.
    pub note: TopicNote,
}

/// A topic to make.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTopic {
    /// Where it stands.
    pub path: String,
    /// Its content; may be empty.
    pub content: String,
    /// By whom and why.
    pub writing: TopicWriting,
}

/// What changes of a topic; an absent field stays as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TopicUpdate {
    /// Another content, whole.
    pub content: Option<String>,
    /// Another place.
    pub path: Option<String>,
    /// The hash of the content that the caller has seen.
    pub expected_hash: Option<ContentHash>,
    /// By whom and why.
    pub writing: TopicWriting,
}

/// A text of a topic to replace.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TopicEdit {
    /// What is there; must occur exactly once, unless `all`.
    pub old: String,
    /// By what it is replaced; empty takes it away.
    pub new: String,
    /// Whether every occurrence is replaced.
    pub all: bool,
    /// The hash of the content that the caller has seen.
    pub expected_hash: Option<ContentHash>,
    /// By whom and why.
    pub writing: TopicWriting,
}

/// A topic after a write.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenTopic {
    /// The topic.
    pub topic: Topic,
    /// Whether there was something to write.
    pub changed: bool,
}

impl Engine {
    /// Makes a topic; one that is there is never overwritten.
    ///
    /// # Errors
    /// `Forbidden` without `write`; `NotFound` for the store; `Invalid` for a path or content out of bounds;
    /// `Apply` when the path is taken, or the store is closed or full.
    pub async fn create_topic(
        &self,
        principal: &Principal,
        store: StoreId,
        new: NewTopic,
    ) -> Result<Topic, VerbError> {
        let (space, origin) = self.to_write(principal, store, &new.writing).await?;
        check_path(&new.path)?;
        check_content(&new.content)?;
        let change = TopicChange::Put {
            id: TopicId::new(self.now(), self.random()),
            seen: 0,
            path: new.path.clone(),
            content: new.content,
            origin,
        };
        let together = (store, &new.writing.note, Vec::new());
        let mut written = self.commit_topics(principal, &space, vec![change], together).await?;
        written.pop().ok_or_else(|| VerbError::not_found("topic", new.path))
    }

    /// Gives a topic another content, another place, or both.
    ///
    /// # Errors
    /// As for [`Engine::create_topic`]; `NotFound` for the topic; `ContentChanged` when the content is not the
    /// one that was expected, unless it is what was to be written already.
    pub async fn update_topic(
        &self,
        principal: &Principal,
        store: StoreId,
        named: &TopicRef,
        update: TopicUpdate,
    ) -> Result<WrittenTopic, VerbError> {
        if let Some(path) = &update.path {
            check_path(path)?;
        }
        if let Some(content) = &update.content {
            check_content(content)?;
        }
        let wanted = |topic: &Topic| {
            let path = update.path.clone().unwrap_or_else(|| topic.head.path.clone());
            Ok((path, update.content.clone().unwrap_or_else(|| topic.content.clone())))
        };
        let change = Changing { store, named, expected: update.expected_hash, writing: &update.writing };
        self.change_topic(principal, &change, wanted).await
    }

    /// Gives the topic of that path this content; makes it when there is none.
    ///
    /// # Errors
    /// As for [`Engine::create_topic`].
    pub async fn write_topic(
        &self,
        principal: &Principal,
        store: StoreId,
        new: NewTopic,
    ) -> Result<WrittenTopic, VerbError> {
        let named = TopicRef::Path(new.path.clone());
        let update = TopicUpdate {
            content: Some(new.content.clone()),
            writing: new.writing.clone(),
            ..TopicUpdate::default()
        };
        match self.update_topic(principal, store, &named, update.clone()).await {
            Err(VerbError::NotFound { what: "topic", .. }) => {}
            written => return written,
        }
        match self.create_topic(principal, store, new).await {
            Ok(topic) => Ok(WrittenTopic { topic, changed: true }),
            // Somebody made it in between: it is there to be written now.
            Err(VerbError::Apply(dreamkeeper_domain::changeset::ApplyError::PathTaken { .. })) => {
                self.update_topic(principal, store, &named, update).await
            }
            Err(error) => Err(error),
        }
    }

    /// Replaces a text that occurs once in a topic.
    ///
    /// # Errors
    /// As for [`Engine::update_topic`]; `Invalid` when the text does not occur, or more than once.
    pub async fn edit_topic(
        &self,
        principal: &Principal,
        store: StoreId,
        named: &TopicRef,
        edit: TopicEdit,
    ) -> Result<WrittenTopic, VerbError> {
        let wanted = |topic: &Topic| {
            let count = if edit.old.is_empty() { 0 } else { topic.content.matches(&edit.old).count() };
            match count {
                0 => return Err(VerbError::invalid("old", "does not occur in the topic: copy it verbatim")),
                1 => {}
                _ if edit.all => {}
                count => {
                    let problem =
                        format!("occurs {count} times: give more of the text around it, or set `all`");
                    return Err(VerbError::invalid("old", problem));
                }
            }
            let content = topic.content.replace(&edit.old, &edit.new);
            check_content(&content)?;
            Ok((topic.head.path.clone(), content))
        };
        let change = Changing { store, named, expected: edit.expected_hash, writing: &edit.writing };
        self.change_topic(principal, &change, wanted).await
    }

    /// Removes a topic; its versions stay, and [`Engine::restore_topic`] brings it back.
    ///
    /// # Errors
    /// As for [`Engine::update_topic`].
    pub async fn delete_topic(
        &self,
        principal: &Principal,
        store: StoreId,
        named: &TopicRef,
        (expected, note): (Option<ContentHash>, TopicNote),
    ) -> Result<(), VerbError> {
        let writing = TopicWriting { note, ..TopicWriting::default() };
        let (space, _) = self.to_write(principal, store, &writing).await?;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let topic = place::topic(&space, store, named).await?;
            check_expected(&topic, expected)?;
            let change = TopicChange::Remove { head: Box::new(topic.head) };
            let together = (store, &writing.note, Vec::new());
            match self.commit_topics(principal, &space, vec![change], together).await {
                Err(error) if was_overtaken(&error) && attempt < ATTEMPTS_MAX => {}
                done => return done.map(|_| ()),
            }
        }
    }

    async fn change_topic(
        &self,
        principal: &Principal,
        change: &Changing<'_>,
        wanted: impl Fn(&Topic) -> Result<(String, String), VerbError>,
    ) -> Result<WrittenTopic, VerbError> {
        let Changing { store, named, expected, writing } = *change;
        let (space, origin) = self.to_write(principal, store, writing).await?;
        let mut attempt = 0;
        loop {
            attempt += 1;
            let topic = place::topic(&space, store, named).await?;
            let (path, content) = match wanted(&topic) {
                // An edit of another content than the expected one says so first.
                Err(error) => return Err(check_expected(&topic, expected).err().unwrap_or(error)),
                Ok(wanted) => wanted,
            };
            let origin = if writing.raise { origin } else { topic.head.origin.min(origin) };
            let is_same = path == topic.head.path && content == topic.content;
            if is_same && !(writing.raise && origin != topic.head.origin) {
                return Ok(WrittenTopic { topic, changed: false });
            }
            check_expected(&topic, expected)?;
            let put = TopicChange::Put { id: topic.head.id, seen: topic.head.number, path, content, origin };
            let together = (store, &writing.note, Vec::new());
            match self.commit_topics(principal, &space, vec![put], together).await {
                Err(error) if was_overtaken(&error) && attempt < ATTEMPTS_MAX => {}
                Err(error) => return Err(error),
                Ok(mut written) => {
                    let topic = written.pop().ok_or_else(|| VerbError::not_found("topic", named.told()))?;
                    return Ok(WrittenTopic { topic, changed: true });
                }
            }
        }
    }

    /// What every write checks first; answers whose words it brings.
    pub(super) async fn to_write(
        &self,
        principal: &Principal,
        store: StoreId,
        writing: &TopicWriting,
    ) -> Result<(Arc<dyn SpaceStore>, Origin), VerbError> {
        principal.require(Permission::Write)?;
        if writing.raise {
            principal.require(Permission::Approve)?;
        }
        let space = self.space(principal).await?;
        let store = place::store(&space, store).await?;
        if !store.is_open() {
            return Err(dreamkeeper_domain::changeset::ApplyError::StoreClosed(store.id).into());
        }
        check_note(&space, &writing.note).await?;
        Ok((space, writing.origin.unwrap_or(principal.ceiling).under(principal.ceiling)))
    }
}

/// What is to be changed, and what must be there.
#[derive(Clone, Copy)]
struct Changing<'a> {
    store: StoreId,
    named: &'a TopicRef,
    expected: Option<ContentHash>,
    writing: &'a TopicWriting,
}

fn check_expected(topic: &Topic, expected: Option<ContentHash>) -> Result<(), VerbError> {
    let found = hash_of(&topic.content);
    match expected {
        Some(expected) if expected != found => {
            Err(VerbError::ContentChanged { topic: topic.head.id, expected, found })
        }
        Some(_) | None => Ok(()),
    }
}
