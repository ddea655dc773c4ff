//! `backup`: a copy of the space in a new file, also while a server works on it.

use std::path::{Path, PathBuf};

use dreamkeeper_api::maintenance::BackupRequest;

use super::Context;
use crate::client::Need;
use crate::output::failure::{Ending, Failure};
use crate::output::progress;
use crate::output::text::bytes;

/// Where to.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The copy is one SQLite file. `dreamkeeper restore-backup FILE` makes it a data directory again."
)]
pub(super) struct Arguments {
    /// The new file; refused when it exists.
    file: PathBuf,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let path = std::path::absolute(&self.file)?;
        let path = path.to_str().ok_or_else(|| {
            Failure::misused(format!("{} is not UTF-8", path.display()), "name the file in UTF-8")
        })?;
        let client = context.client(Need::Existing).await?;
        let bar = progress::bar(0, "pages", context.out.json);
        bar.set_message("copying");
        let request = BackupRequest { path: path.to_owned() };
        let done = client
            .backup(&request, &mut |step| {
                bar.set_length(step.total);
                bar.set_position(step.done);
            })
            .await;
        bar.finish_and_clear();
        client.close().await;
        let done = done?;
        if context.out.json {
            context.out.document(&done)?;
            return Ok(Ending::Done);
        }
        let size = std::fs::metadata(Path::new(&done.path)).map_or(0, |file| file.len());
        context.out.line(format!("Copied to {} ({})", done.path, bytes(size)))?;
        Ok(Ending::Done)
    }
}
