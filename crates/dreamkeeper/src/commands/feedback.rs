//! `feedback`: what you say of a memory that was served.

use dreamkeeper_api::learn::FeedbackRequest;
use dreamkeeper_api::words::Feedback;

use super::Context;
use super::arguments::word;
use crate::client::Need;
use crate::output::failure::Ending;

/// Of which memory, and what.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The memory's id.
    id: String,
    /// used, helpful, irrelevant or wrong.
    #[arg(value_parser = word::<Feedback>)]
    feedback: Feedback,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let client = context.client(Need::Existing).await?;
        let noted = client.feedback(&self.id, FeedbackRequest { feedback: self.feedback }).await;
        client.close().await;
        let noted = noted?;
        if context.out.json {
            context.out.document(&noted)?;
            return Ok(Ending::Done);
        }
        context.out.line(format!(
            "Noted: served {}, used {}, helpful {}, irrelevant {}, wrong {}.",
            noted.served_count,
            noted.used_count,
            noted.helpful_count,
            noted.irrelevant_count,
            noted.wrong_count
        ))?;
        Ok(Ending::Done)
    }
}
