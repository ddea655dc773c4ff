//! `why`: what an earlier search served, on which quotes, and what became of it since.

use super::{Context, show};
use crate::client::Need;
use crate::output::failure::Ending;

/// Which search.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The receipt's id, as `search` prints it.
    receipt: String,
    /// Show the parts of every score.
    #[arg(long)]
    explain: bool,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let client = context.client(Need::Existing).await?;
        let why = client.why(&self.receipt).await;
        client.close().await;
        let why = why?;
        if context.out.json {
            context.out.document(&why)?;
        } else {
            show::receipt::why(&mut context.out, 0, &why, self.explain)?;
        }
        Ok(Ending::Done)
    }
}
