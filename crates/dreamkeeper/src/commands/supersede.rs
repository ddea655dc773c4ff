//! `supersede`: replaces a memory by a new one; the old one is kept, with the end of its validity.

use super::arguments::{MemoryArguments, ScopeArguments, words};
use super::{Context, show};
use crate::client::Need;
use crate::output::failure::{Ending, Failure};

/// What replaces what.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The id of the memory that is replaced.
    id: String,
    /// The new words; - reads them from stdin.
    text: String,
    #[command(flatten)]
    memory: MemoryArguments,
    #[command(flatten)]
    scope: ScopeArguments,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let text = words(self.text)?;
        let client = context.client(Need::Existing).await?;
        let dreamkeeper_api::record::Record::Memory(old) = client.record(&self.id).await? else {
            return Err(
                Failure::new(format!("{} is no memory", self.id), "only memories are replaced").into()
            );
        };
        let given = dreamkeeper_api::scope::Scope::from(self.scope);
        // What is not said anew is as it was: the same subject, for the same people.
        let scope = if given == Default::default() { old.scope.clone() } else { given };
        let kind = self.memory.kind.unwrap_or(old.kind);
        let mut new = self.memory.memory(text, scope);
        new.kind = kind;
        if new.aliases.is_empty() {
            new.aliases = old.aliases.clone();
        }
        if new.categories.is_empty() {
            new.categories = old.categories.clone();
        }
        new.pinned |= old.pinned;
        let memory = client.supersede(&self.id, &new).await;
        client.close().await;
        let memory = memory?;
        if context.out.json {
            context.out.document(&memory)?;
        } else {
            show::memory::item(&mut context.out, 0, "Now:", &memory)?;
            context.out.diff(0, &old.text, &memory.text)?;
            let id = context.out.paint.faint(memory.id.to_string());
            context.out.line(id)?;
        }
        Ok(Ending::Done)
    }
}
