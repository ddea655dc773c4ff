//! `list`: memories newest change first, sessions latest first, or the messages of one session.

use dreamkeeper_api::filter::FilterExpression;
use dreamkeeper_api::memory::{ListMemoriesRequest, Memory};
use dreamkeeper_api::words::Status;
use serde_json::json;

use super::arguments::{ScopeArguments, filter, word};
use super::{Context, show};
use crate::client::{Client, Need};
use crate::output::Out;
use crate::output::failure::{Ending, Failure};
use crate::output::table::{Table, numbers, words};
use crate::output::time::day;

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// Memories.
    Memories,
    /// Sessions.
    Sessions,
    /// The messages of the session named with --session.
    Messages,
}

/// What is listed, and how much of it.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// memories, sessions or messages.
    #[arg(value_enum, default_value = "memories", hide_possible_values = true)]
    what: What,
    #[command(flatten)]
    scope: ScopeArguments,
    /// Memories of this status: active (default), superseded, archived, forgotten, erased.
    #[arg(long = "status", value_delimiter = ',', value_parser = word::<Status>)]
    statuses: Vec<Status>,
    /// Expired memories too.
    #[arg(long)]
    expired: bool,
    /// A further test of memories, as JSON.
    #[arg(long, value_parser = filter, value_name = "JSON")]
    filter: Option<FilterExpression>,
    /// The session whose messages are listed: its id.
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// Where to begin: the `next` of the page before, or a message's number.
    #[arg(long, value_name = "NEXT")]
    after: Option<String>,
    /// Records on the page.
    #[arg(long, short = 'n', value_name = "COUNT", default_value_t = 50)]
    limit: usize,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let client = context.client(Need::Existing).await?;
        let listed = match self.what {
            What::Memories => self.memories(&client, &mut context.out).await,
            What::Sessions => self.sessions(&client, &mut context.out).await,
            What::Messages => self.messages(&client, &mut context.out).await,
        };
        client.close().await;
        listed.map(|()| Ending::Done)
    }

    async fn memories(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let request = ListMemoriesRequest {
            scope: self.scope.into(),
            filter: self.filter,
            statuses: self.statuses,
            expired: self.expired,
            after: self.after,
            limit: Some(self.limit),
        };
        let page = client.list_memories(&request).await?;
        if out.json {
            return out.document(&page);
        }
        if page.items.is_empty() {
            out.line("No memories.")?;
        }
        for memory in &page.items {
            memory_item(out, memory)?;
        }
        next(out, page.next.as_deref())
    }

    async fn sessions(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let page = client.sessions(&self.scope.into(), self.after.as_deref(), self.limit).await?;
        if out.json {
            return out.document(&page);
        }
        if page.items.is_empty() {
            out.line("No sessions.")?;
        }
        let mut table =
            Table::new([words("id"), numbers("messages"), words("last said"), words("for"), words("key")]);
        for session in &page.items {
            table.row([
                session.id.to_string(),
                session.message_count.to_string(),
                day(session.last_at.0, None),
                show::scope(&session.scope),
                session.key.clone().unwrap_or_default(),
            ]);
        }
        out.table(&table)?;
        next(out, page.next.as_deref())
    }

    async fn messages(self, client: &Client, out: &mut Out) -> anyhow::Result<()> {
        let session = self.session.ok_or_else(|| {
            Failure::misused(
                "which session?",
                "name it: `dreamkeeper list messages --session ID`; `list sessions` shows ids",
            )
        })?;
        let from = match self.after.as_deref().map(str::parse) {
            None => 0,
            Some(Ok(number)) => number,
            Some(Err(_)) => {
                return Err(Failure::misused("--after is no number", "give a message's number").into());
            }
        };
        let turns = client.turns(&session, from, self.limit).await?;
        let following = turns.items.last().map(|message| message.ordinal + 1);
        let following =
            following.filter(|_| turns.items.len() == self.limit).map(|number| number.to_string());
        if out.json {
            return out.document(&json!({"items": turns.items, "next": following}));
        }
        for message in &turns.items {
            show::message::turn(out, message)?;
        }
        next(out, following.as_deref())
    }
}

fn memory_item(out: &mut Out, memory: &Memory) -> anyhow::Result<()> {
    show::memory::item(out, 0, "◆", memory)?;
    let id = out.paint.faint(memory.id.to_string());
    out.line(format!("  {id}"))?;
    Ok(())
}

fn next(out: &mut Out, after: Option<&str>) -> anyhow::Result<()> {
    if let Some(after) = after {
        let told = out.paint.faint(format!("more with --after {after}"));
        out.line(told)?;
    }
    Ok(())
}
