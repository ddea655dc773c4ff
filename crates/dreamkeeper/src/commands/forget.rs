//! `forget`: hides a memory; nothing is lost.

use dreamkeeper_api::memory::ForgetRequest;

use super::Context;
use crate::client::Need;
use crate::output::failure::Ending;

/// Which memory.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The memory's id.
    id: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let client = context.client(Need::Existing).await?;
        let memory = client.forget(&self.id, &ForgetRequest { reason: self.reason }).await;
        client.close().await;
        let memory = memory?;
        if context.out.json {
            context.out.document(&memory)?;
        } else {
            context.out.line("Forgotten: it is no longer served.")?;
            let told = context.out.paint.faint(format!("`dreamkeeper restore {}` brings it back", memory.id));
            context.out.line(told)?;
        }
        Ok(Ending::Done)
    }
}
