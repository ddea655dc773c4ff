//! `history`: every version of a memory, with who changed what and why.

use super::{Context, show};
use crate::client::Need;
use crate::output::failure::Ending;

/// Of which memory.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The memory's id.
    id: String,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let client = context.client(Need::Existing).await?;
        let history = client.history(&self.id).await;
        client.close().await;
        let history = history?;
        if context.out.json {
            context.out.document(&history)?;
        } else {
            show::memory::history(&mut context.out, 0, &history)?;
        }
        Ok(Ending::Done)
    }
}
