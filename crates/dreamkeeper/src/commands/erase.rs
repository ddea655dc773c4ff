//! `erase`: destroys content for good, from every version, index, quote and receipt.

use std::io::Write;

use dreamkeeper_api::erase::{EraseRequest, EraseTarget};
use dreamkeeper_api::record::Record;
use dreamkeeper_api::scope::Scope;

use super::Context;
use super::arguments::ScopeArguments;
use super::show;
use crate::client::{Client, Need};
use crate::output::failure::{Ending, Failure};
use crate::output::text::{count, printable, shorten};

/// What is erased.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  dreamkeeper erase 019a5b7e-3c00-7000-8000-0123456789ab
  dreamkeeper erase --user ana --reason \"she asked for it\"")]
pub(super) struct Arguments {
    /// A record's or topic store's id; leave it out to erase a whole scope.
    id: Option<String>,
    #[command(flatten)]
    scope: ScopeArguments,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Do not ask.
    #[arg(long, short = 'y')]
    yes: bool,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let scope = Scope::from(self.scope);
        let client = context.client(Need::Existing).await?;
        let (target, what) = match (self.id, scope == Scope::default()) {
            (Some(id), true) => by_id(&client, &id).await?,
            (None, false) => {
                let what = format!("everything for {}", show::scope(&scope));
                (EraseTarget::Scope(scope), what)
            }
            (Some(_), false) => return Err(Failure::misused("an id and a scope", "give one of them").into()),
            (None, true) => {
                return Err(Failure::misused(
                    "what is to be erased?",
                    "give an id, or a scope such as --user ana",
                )
                .into());
            }
        };
        if !self.yes && !confirmed(context, &what)? {
            context.out.line("Nothing was erased.")?;
            return Ok(Ending::Failed);
        }
        let erased = client.erase(&EraseRequest { target, reason: self.reason }).await;
        client.close().await;
        let erased = erased?;
        if context.out.json {
            context.out.document(&erased)?;
            return Ok(Ending::Done);
        }
        let counts = [
            (erased.memory_count, "memory"),
            (erased.message_count, "message"),
            (erased.state_count, "state key"),
            (erased.store_count, "store"),
        ];
        let told: Vec<String> = counts
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, one)| count(number, one))
            .collect();
        let told = if told.is_empty() { "nothing: it was erased before".to_owned() } else { told.join(", ") };
        context.out.line(format!("Erased {told}."))?;
        Ok(Ending::Done)
    }
}

async fn by_id(client: &Client, id: &str) -> anyhow::Result<(EraseTarget, String)> {
    let record = match client.record(id).await {
        Ok(record) => record,
        // A store is no record of recall: it is looked for where nothing else has the id.
        Err(missing) => match client.topic_store(id).await {
            Ok(store) => {
                let what = format!("the store “{}” with all its topics", printable(&store.name));
                return Ok((EraseTarget::TopicStore(store.id), what));
            }
            Err(_) => return Err(missing),
        },
    };
    Ok(match record {
        Record::Memory(memory) => {
            let words = format!("the memory “{}”", shorten(&printable(&memory.text), 60));
            (EraseTarget::Memory(memory.id), words)
        }
        Record::Message(message) => {
            let words = format!("the message “{}”", shorten(&printable(&message.text), 60));
            (EraseTarget::Message(message.id), words)
        }
        Record::Session(session) => {
            let messages = count(u64::from(session.message_count), "message");
            (EraseTarget::Session(session.id), format!("{messages} of the session {id}"))
        }
    })
}

fn confirmed(context: &mut Context, what: &str) -> anyhow::Result<bool> {
    if !context.out.interactive {
        let help = "say --yes where nobody can be asked";
        return Err(Failure::misused(format!("erasing {what} cannot be undone"), help).into());
    }
    context.out.flush()?;
    write!(std::io::stderr(), "Erase {what} for good? Type yes: ")?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}
