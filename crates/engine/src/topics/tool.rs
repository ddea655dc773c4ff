//! The memory tool over a store: a command as one ChangeSet, answered in the tool's own words.

use std::collections::BTreeMap;
use std::sync::Arc;

use dreamkeeper_domain::changeset::ApplyError;
use dreamkeeper_domain::id::{StoreId, TopicId};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::topic::{TopicHead, TopicNote};
use dreamkeeper_topics::{Command, Effect, Notes, run};

use super::change::{TopicChange, was_overtaken};
use super::list::all_heads;
use super::place::{self, check_content, check_note, check_path};
use super::write::ATTEMPTS_MAX;
use crate::{Engine, Principal, VerbError};

/// A command of the memory tool, as a model gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolCall {
    /// The command.
    pub command: Command,
    /// Whose words it brings; the assistant's unless told, for a model wrote it.
    pub origin: Option<Origin>,
    /// In which session, and why.
    pub note: TopicNote,
}

/// What the model is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolAnswer {
    /// The text.
    pub text: String,
    /// Whether the command could not be done.
    pub is_error: bool,
}

impl Engine {
    /// Carries a command of the memory tool out. What a model can mend (a path that is not there, a text that
    /// occurs twice, a content too long) is an answer; what it cannot is an error.
    ///
    /// # Errors
    /// `Forbidden` without `read`, or `write` for commands that change something; `NotFound` for the store or
    /// session; `Apply` when the store is closed or full.
    pub async fn memory_tool(
        &self,
        principal: &Principal,
        store: StoreId,
        call: ToolCall,
    ) -> Result<ToolAnswer, VerbError> {
        let is_view = matches!(call.command, Command::View { .. });
        principal.require(if is_view { Permission::Read } else { Permission::Write })?;
        let space = self.space(principal).await?;
        let there = place::store(&space, store).await?;
        check_note(&space, &call.note).await?;
        if !is_view && !there.is_open() {
            return Err(ApplyError::StoreClosed(store).into());
        }
        let mut attempt = 0;
        loop {
            attempt += 1;
            match self.carry_out(principal, &space, (store, &call)).await {
                Err(error) if was_overtaken(&error) && attempt < ATTEMPTS_MAX => {}
                Err(VerbError::Invalid { field, problem }) => {
                    return Ok(ToolAnswer { text: format!("Error: {field}: {problem}"), is_error: true });
                }
                Err(VerbError::Apply(error @ ApplyError::PathTaken { .. })) => {
                    return Ok(ToolAnswer { text: format!("Error: {error}"), is_error: true });
                }
                done => return done,
            }
        }
    }

    async fn carry_out(
        &self,
        principal: &Principal,
        space: &Arc<dyn SpaceStore>,
        (store, call): (StoreId, &ToolCall),
    ) -> Result<ToolAnswer, VerbError> {
        let snapshot = Snapshot::read(space, store, &call.command).await?;
        let outcome = match run(&call.command, &snapshot) {
            Ok(outcome) => outcome,
            Err(error) => return Ok(ToolAnswer { text: error.to_string(), is_error: true }),
        };
        let origin = call.origin.unwrap_or(Origin::Assistant).under(principal.ceiling);
        let mut changes = Vec::with_capacity(outcome.effects.len());
        for effect in outcome.effects {
            changes.extend(self.change_of(space, &snapshot, (effect, origin)).await?);
        }
        if !changes.is_empty() {
            self.commit_topics(principal, space, changes, (store, &call.note, Vec::new())).await?;
        }
        Ok(ToolAnswer { text: outcome.text, is_error: false })
    }

    /// `None` where nothing differs.
    async fn change_of(
        &self,
        space: &Arc<dyn SpaceStore>,
        snapshot: &Snapshot,
        (effect, origin): (Effect, Origin),
    ) -> Result<Option<TopicChange>, VerbError> {
        let head = |path: &str| {
            let found = snapshot.heads.get(path);
            found.ok_or_else(|| VerbError::not_found("topic", path))
        };
        Ok(Some(match effect {
            Effect::Create { path, content } => {
                check_path(&path)?;
                check_content(&content)?;
                TopicChange::Put {
                    id: TopicId::new(self.now(), self.random()),
                    seen: 0,
                    path,
                    content,
                    origin,
                }
            }
            Effect::Write { path, content } => {
                check_content(&content)?;
                if snapshot.contents.get(&path) == Some(&content) {
                    return Ok(None);
                }
                let head = head(&path)?;
                let origin = head.origin.min(origin);
                TopicChange::Put { id: head.id, seen: head.number, path, content, origin }
            }
            Effect::Move { from, to } => {
                let head = head(&from)?;
                check_path(&to)?;
                let topic = space.topics(&[head.id], None).await?.pop();
                let topic = topic.ok_or_else(|| overtaken(head))?;
                let origin = topic.head.origin.min(origin);
                let (seen, content) = (topic.head.number, topic.content);
                TopicChange::Put { id: head.id, seen, path: to, content, origin }
            }
            Effect::Remove { path } => TopicChange::Remove { head: Box::new(head(&path)?.clone()) },
        }))
    }
}

/// A topic went away between listing and reading it.
fn overtaken(head: &TopicHead) -> VerbError {
    ApplyError::NotFound { record: format!("topic {}", head.id) }.into()
}

/// What the store held when the command began, as far as the command looks at it.
struct Snapshot {
    heads: BTreeMap<String, TopicHead>,
    contents: BTreeMap<String, String>,
}

impl Snapshot {
    async fn read(space: &Arc<dyn SpaceStore>, store: StoreId, command: &Command) -> Result<Self, VerbError> {
        let heads = all_heads(space, store, None).await?;
        let heads: BTreeMap<String, TopicHead> =
            heads.into_iter().map(|head| (head.path.clone(), head)).collect();
        let named = match command {
            Command::View { path, .. }
            | Command::Create { path, .. }
            | Command::StrReplace { path, .. }
            | Command::Insert { path, .. }
            | Command::Delete { path } => vec![path],
            Command::Rename { old_path, new_path } => vec![old_path, new_path],
        };
        let named = named.into_iter().filter_map(|path| path.strip_prefix("/memories"));
        let ids: Vec<TopicId> =
            named.filter_map(|path| heads.get(path.trim_end_matches('/'))).map(|head| head.id).collect();
        let topics = space.topics(&ids, None).await?;
        let mut snapshot = Self { heads, contents: BTreeMap::new() };
        for topic in topics {
            // Content and number are of one version, also where it was changed in between.
            snapshot.contents.insert(topic.head.path.clone(), topic.content);
            snapshot.heads.insert(topic.head.path.clone(), topic.head);
        }
        Ok(snapshot)
    }
}

impl Notes for Snapshot {
    fn sizes(&self) -> Vec<(String, u64)> {
        self.heads.values().map(|head| (head.path.clone(), u64::from(head.size))).collect()
    }

    fn content(&self, path: &str) -> Option<String> {
        self.contents.get(path).cloned()
    }
}
