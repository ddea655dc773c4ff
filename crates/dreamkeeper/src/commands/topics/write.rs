//! `write`, `edit`, `mv` and `rm`: topics changed.

use std::io::Read;
use std::process::Command;

use anyhow::Context as _;
use clap::Args;
use dreamkeeper_api::page::List;
use dreamkeeper_api::topic::{EditTopicRequest, TopicPatch, WriteTopicRequest, WrittenTopic};

use super::{StoreArguments, WritingArguments};
use crate::client::Client;
use crate::output::Out;
use crate::output::failure::Failure;
use crate::output::text::{count, printable};

/// What a topic is to hold.
#[derive(Debug, Args)]
pub(in crate::commands) struct Write {
    /// Where it stands: /notes/tea.md.
    path: String,
    /// The content, as it stands; left out or - reads it from stdin.
    #[arg(allow_hyphen_values = true)]
    content: Option<String>,
    #[command(flatten)]
    writing: WritingArguments,
    #[command(flatten)]
    store: StoreArguments,
}

/// What is replaced.
#[derive(Debug, Args)]
pub(in crate::commands) struct Edit {
    /// The topic's path or id.
    path: String,
    /// What is there, verbatim; without it the topic is opened in $VISUAL or $EDITOR.
    #[arg(requires = "new")]
    old: Option<String>,
    /// By what it is replaced.
    new: Option<String>,
    /// Replace it everywhere.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    writing: WritingArguments,
    #[command(flatten)]
    store: StoreArguments,
}

/// What moves where.
#[derive(Debug, Args)]
pub(in crate::commands) struct Mv {
    /// The topic's path or id.
    from: String,
    /// Its new path.
    to: String,
    #[command(flatten)]
    writing: WritingArguments,
    #[command(flatten)]
    store: StoreArguments,
}

/// What is removed.
#[derive(Debug, Args)]
pub(in crate::commands) struct Rm {
    /// Paths or ids.
    #[arg(required = true)]
    paths: Vec<String>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    store: StoreArguments,
}

impl Write {
    pub(super) async fn run(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let content = match self.content {
            Some(content) if content != "-" => content,
            _ => {
                let mut bytes = Vec::new();
                std::io::stdin().read_to_end(&mut bytes)?;
                let help = "topics are text: convert it to UTF-8";
                String::from_utf8(bytes).map_err(|_| Failure::new("the content is not UTF-8", help))?
            }
        };
        let id = self.store.find_or_make(client).await?;
        let WritingArguments { origin, raise, expect, reason } = self.writing;
        let request =
            WriteTopicRequest { content, expected_sha256: expect, origin, raise, reason, session: None };
        written(out, &client.write_topic((&id, &self.path), &request).await?)
    }
}

impl Edit {
    pub(super) async fn run(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let id = self.store.find(client).await?;
        let WritingArguments { origin, raise, expect, reason } = self.writing;
        let done = match (self.old, self.new) {
            (Some(old), Some(new)) => {
                let request = EditTopicRequest {
                    old,
                    new,
                    all: self.all,
                    expected_sha256: expect,
                    origin,
                    raise,
                    reason,
                    session: None,
                };
                client.edit_topic((&id, &self.path), &request).await?
            }
            _ => {
                let topic = client.topic(&id, &self.path, Vec::new()).await?;
                let content = in_editor(&topic.content.unwrap_or_default())?;
                let request = TopicPatch {
                    content: Some(content),
                    // What somebody else wrote in between is not overwritten.
                    expected_sha256: Some(expect.unwrap_or(topic.content_sha256)),
                    origin,
                    raise,
                    reason,
                    ..TopicPatch::default()
                };
                client.update_topic((&id, &self.path), &request).await?
            }
        };
        written(out, &done)
    }
}

/// What a person makes of a text in their editor.
fn in_editor(content: &str) -> anyhow::Result<String> {
    let editor = ["VISUAL", "EDITOR"].into_iter().find_map(|name| std::env::var(name).ok());
    let editor = editor.filter(|editor| !editor.trim().is_empty()).ok_or_else(|| {
        Failure::misused("no editor is set", "set $EDITOR, or give what is to be replaced and by what")
    })?;
    let file = tempfile::Builder::new().suffix(".md").tempfile()?;
    std::fs::write(file.path(), content)?;
    // The variable may hold arguments: a shell reads it, as git does.
    let ended = Command::new("sh")
        .args(["-c", &format!("{editor} \"$1\""), "editor"])
        .arg(file.path())
        .status()
        .with_context(|| format!("starting `{editor}`"))?;
    if !ended.success() {
        return Err(Failure::new(format!("`{editor}` ended with {ended}"), "nothing was written").into());
    }
    std::fs::read_to_string(file.path()).context("reading what the editor wrote")
}

impl Mv {
    pub(super) async fn run(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let id = self.store.find(client).await?;
        let WritingArguments { origin, raise, expect, reason } = self.writing;
        let patch = TopicPatch {
            path: Some(self.to),
            expected_sha256: expect,
            origin,
            raise,
            reason,
            ..TopicPatch::default()
        };
        written(out, &client.update_topic((&id, &self.from), &patch).await?)
    }
}

impl Rm {
    pub(super) async fn run(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let id = self.store.find(client).await?;
        for path in &self.paths {
            let query = self.reason.iter().map(|reason| ("reason", reason.clone())).collect();
            client.remove_topic(&id, path, query).await?;
        }
        if out.json {
            return out.document(&List { items: self.paths });
        }
        Ok(out.line(format!("Removed {}.", count(self.paths.len() as u64, "topic")))?)
    }
}

/// What a write did.
pub(super) fn written(out: &mut Out, written: &WrittenTopic) -> anyhow::Result<()> {
    if out.json {
        return out.document(written);
    }
    let (path, number) = (printable(&written.topic.path), written.topic.number);
    let told = if written.changed {
        format!("`{path}` is written: version {number}")
    } else {
        format!("`{path}` is so already: version {number}")
    };
    Ok(out.line(told)?)
}
