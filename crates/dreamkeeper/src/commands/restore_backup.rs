//! `restore-backup`: a backup becomes the data directory, after everything in it was read.

use std::path::PathBuf;

use dreamkeeper::{Dreamkeeper, Restore, RestoreError};
use dreamkeeper_domain::ports::PortErrorKind;
use serde_json::json;

use super::Context;
use crate::output::failure::{Ending, Failure};

/// What is restored, and over what.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dreamkeeper restore-backup monday.db
  dreamkeeper restore-backup monday.db --data elsewhere
  dreamkeeper restore-backup copied-directory --replace

A single file becomes the space that --space names. Keys are in no backup of a space: make new ones with
`dreamkeeper key create`. A copied data directory keeps its names and keys.")]
pub(super) struct Arguments {
    /// The file that `backup` wrote, or a copy of a whole data directory.
    backup: PathBuf,
    /// Put a data directory that is there aside; it is kept under another name.
    #[arg(long)]
    replace: bool,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let config = context.config()?;
        let directory = &config.data.dir;
        let is_whole = self.backup.is_dir();
        let how = Restore { space: config.data.space.clone(), replace: self.replace };
        let restored = Dreamkeeper::restore(&self.backup, directory, how).await.map_err(failure)?;
        if context.out.json {
            context.out.document(&json!({
                "path": directory,
                "spaces": restored.spaces,
                "replaced": restored.aside,
            }))?;
            return Ok(Ending::Done);
        }
        let spaces = restored.spaces.join(", ");
        context
            .out
            .line(format!("Restored {} with its space {spaces}; it is sound.", directory.display()))?;
        if let Some(aside) = &restored.aside {
            let kept = aside.display();
            context
                .out
                .line(format!("What was there is kept in {kept}: remove it when nothing is missed."))?;
        }
        let next = match is_whole {
            true => "Next: `dreamkeeper stats`, then `dreamkeeper serve`.",
            false => {
                "Next: `dreamkeeper stats`, then `dreamkeeper serve`; keys are made anew with `dreamkeeper key create`."
            }
        };
        context.out.line(next)?;
        Ok(Ending::Done)
    }
}

fn failure(error: RestoreError) -> Failure {
    let help = match &error {
        RestoreError::Occupied(_) => {
            "name another directory with --data, or --replace it: what is there is kept under another name"
        }
        RestoreError::Unsound(_) => "nothing was touched: restore an older backup",
        RestoreError::Files { .. } => "nothing was touched: check the path, its disk and its rights",
        RestoreError::Store(store) => match store.kind {
            PortErrorKind::Owned => "stop that process first; nothing was touched",
            PortErrorKind::Newer => "nothing was touched: run the newer dreamkeeper that wrote it",
            PortErrorKind::Corrupt => "nothing was touched: this file is no whole backup, restore another",
            PortErrorKind::Full => "free space on that disk; nothing was touched",
            PortErrorKind::Refused
            | PortErrorKind::ReadOnly
            | PortErrorKind::Unavailable
            | PortErrorKind::BadAnswer
            | PortErrorKind::Overloaded
            | PortErrorKind::Internal => {
                "nothing was touched: name a file that `dreamkeeper backup` wrote, or a copied data directory"
            }
        },
    };
    Failure::new(error.to_string(), help)
}
