//! `update`: changes a memory in place; what is not given stays as it is.

use dreamkeeper_api::memory::{Interval, MemoryPatch};
use dreamkeeper_api::words::Status;

use super::arguments::{MemoryArguments, words};
use super::{Context, show};
use crate::client::Need;
use crate::output::failure::Ending;

/// What changes.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The memory's id.
    id: String,
    /// New words; - reads them from stdin.
    text: Option<String>,
    #[command(flatten)]
    memory: MemoryArguments,
    /// New labels, in place of those it has; repeat it for more.
    #[arg(long = "label", value_name = "LABEL")]
    labels: Vec<String>,
    /// How much it matters, 0 to 1; use moves it further.
    #[arg(long, value_name = "SHARE")]
    importance: Option<f32>,
    /// No longer serve it to every question.
    #[arg(long, conflicts_with = "pin")]
    unpin: bool,
    /// Serve it without an end.
    #[arg(long, conflicts_with = "expires")]
    never_expires: bool,
    /// Set it aside: kept, and served only when asked for.
    #[arg(long)]
    archive: bool,
    /// Refuse unless the memory is at this version.
    #[arg(long, value_name = "VERSION")]
    expect: Option<u32>,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let id = self.id.clone();
        let patch = self.patch()?;
        let client = context.client(Need::Existing).await?;
        let memory = client.update(&id, &patch).await;
        client.close().await;
        let memory = memory?;
        if context.out.json {
            context.out.document(&memory)?;
        } else {
            show::memory::item(&mut context.out, 0, &format!("Now version {}:", memory.version), &memory)?;
        }
        Ok(Ending::Done)
    }

    fn patch(self) -> std::io::Result<MemoryPatch> {
        let MemoryArguments { kind, aliases, categories, metadata, from, to, expires, pin, reason } =
            self.memory;
        let validity = (from.is_some() || to.is_some()).then_some(Interval { from, to });
        let expires_at = if self.never_expires { Some(None) } else { expires.map(Some) };
        Ok(MemoryPatch {
            text: self.text.map(words).transpose()?,
            kind,
            labels: (!self.labels.is_empty()).then(|| self.labels.into_iter().collect()),
            aliases: (!aliases.is_empty()).then_some(aliases),
            categories: (!categories.is_empty()).then(|| categories.into_iter().collect()),
            metadata,
            validity,
            expires_at,
            pinned: if self.unpin { Some(false) } else { pin.then_some(true) },
            importance: self.importance,
            status: self.archive.then_some(Status::Archived),
            expected_version: self.expect,
            reason,
        })
    }
}
