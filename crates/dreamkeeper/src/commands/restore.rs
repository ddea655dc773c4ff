//! `restore`: brings a memory back, as it is or as it once was.

use dreamkeeper_api::memory::RestoreRequest;

use super::{Context, show};
use crate::client::Need;
use crate::output::failure::Ending;

/// Which memory.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The memory's id.
    id: String,
    /// With the content of this earlier version.
    #[arg(long, value_name = "NUMBER")]
    to: Option<u32>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let request = RestoreRequest { version: self.to, reason: self.reason };
        let client = context.client(Need::Existing).await?;
        let memory = client.restore(&self.id, &request).await;
        client.close().await;
        let memory = memory?;
        if context.out.json {
            context.out.document(&memory)?;
        } else {
            show::memory::item(&mut context.out, 0, "Restored:", &memory)?;
        }
        Ok(Ending::Done)
    }
}
