//! `topics`: Markdown files in named stores, read, written and followed through time.

mod agent;
mod git;
mod history;
mod ls;
mod place;
mod stores;
mod write;

use clap::Args;

use super::Context;
use crate::client::{Client, Need};
use crate::output::failure::Ending;
use place::StoreArguments;

/// What is done with topics. A PATH begins with `/`; an id does as well.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List what stands in a folder.
    Ls(ls::Ls),
    /// Print a topic.
    Cat(ls::Cat),
    /// Give a topic this content; make it when there is none.
    Write(write::Write),
    /// Replace a text of a topic, or open it in $EDITOR.
    Edit(write::Edit),
    /// Move a topic.
    Mv(write::Mv),
    /// Remove topics; `restore` brings them back.
    Rm(write::Rm),
    /// Tell who changed what, newest first.
    Log(history::Log),
    /// Tell what differs between two versions.
    Diff(history::Diff),
    /// Tell of each line which version brought it.
    Blame(history::Blame),
    /// Bring a version back, also of a topic that was removed.
    Restore(history::Restore),
    /// Destroy what a version said; the current one of a topic is refused.
    Redact(history::Redact),
    /// Print the index and whole topics for a task, as text for a prompt.
    Load(agent::Load),
    /// Carry a call of the memory tool out: its input as JSON.
    Tool(agent::Tool),
    /// Write the index /MEMORY.md anew: one line for each topic.
    Index(agent::Index),
    /// Write every version as a commit of a new git repository.
    Export(git::Export),
    /// List, make and change stores.
    #[command(subcommand)]
    Store(stores::Command),
}

/// Who writes, and why.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Writing")]
struct WritingArguments {
    /// Whose words they are, when not yours: user, assistant, tool or external.
    #[arg(long, value_parser = super::arguments::origin, value_name = "ORIGIN")]
    origin: Option<dreamkeeper_api::words::Origin>,
    /// Vouch for the whole topic: it stands under that origin from here on.
    #[arg(long)]
    raise: bool,
    /// Refuse unless the content has this SHA-256.
    #[arg(long, value_name = "SHA256")]
    expect: Option<dreamkeeper_domain::topic::ContentHash>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl Command {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let makes = matches!(self, Self::Write(_) | Self::Tool(_) | Self::Store(stores::Command::Create(_)));
        let client = context.client(if makes { Need::MayCreate } else { Need::Existing }).await?;
        let done = self.with(&client, context).await;
        client.close().await;
        done
    }

    async fn with(self, client: &Client, context: &mut Context) -> anyhow::Result<Ending> {
        let out = &mut context.out;
        match self {
            Self::Ls(command) => command.run(client, out).await?,
            Self::Cat(command) => command.run(client, out).await?,
            Self::Write(command) => command.run(client, out).await?,
            Self::Edit(command) => command.run(client, out).await?,
            Self::Mv(command) => command.run(client, out).await?,
            Self::Rm(command) => command.run(client, out).await?,
            Self::Log(command) => command.run(client, out).await?,
            Self::Diff(command) => command.run(client, out).await?,
            Self::Blame(command) => command.run(client, out).await?,
            Self::Restore(command) => command.run(client, out).await?,
            Self::Redact(command) => command.run(client, out).await?,
            Self::Load(command) => command.run(client, out).await?,
            Self::Tool(command) => return command.run(client, out).await,
            Self::Index(command) => command.run(client, out).await?,
            Self::Export(command) => command.run(client, out).await?,
            Self::Store(command) => command.run(client, out).await?,
        }
        Ok(Ending::Done)
    }
}
