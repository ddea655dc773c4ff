//! `get`: a memory, message or session, whole.

use dreamkeeper_api::record::Record;

use super::{Context, show};
use crate::client::Need;
use crate::output::failure::Ending;

/// Which record.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The id of a memory, a message or a session.
    id: String,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let client = context.client(Need::Existing).await?;
        let record = client.record(&self.id).await;
        client.close().await;
        let record = record?;
        let out = &mut context.out;
        match &record {
            record if out.json => out.document(record)?,
            Record::Memory(memory) => show::memory::whole(out, memory)?,
            Record::Message(message) => show::message::whole(out, message)?,
            Record::Session(session) => show::message::session(out, session)?,
        }
        Ok(Ending::Done)
    }
}
