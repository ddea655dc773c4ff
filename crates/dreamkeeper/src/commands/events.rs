//! `events`: what is to be learned from, where that stands, and what came of it.

use dreamkeeper_api::words::EventState;

use super::arguments::{ScopeArguments, word};
use super::{Context, show};
use crate::client::Need;
use crate::output::failure::Ending;
use crate::output::table::{Table, numbers, words};
use crate::output::time::moment;

/// What is done with events.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List events, newest first.
    List {
        #[command(flatten)]
        scope: ScopeArguments,
        /// Only those that stand so: pending, running, succeeded, failed.
        #[arg(long = "state", value_delimiter = ',', value_parser = word::<EventState>)]
        states: Vec<EventState>,
        /// Only those of this session: its id.
        #[arg(long, value_name = "ID")]
        session: Option<String>,
        /// The `next` of the page before.
        #[arg(long, value_name = "NEXT")]
        after: Option<String>,
        /// Events on the page.
        #[arg(long, short = 'n', value_name = "COUNT", default_value_t = 50)]
        limit: usize,
    },
    /// Show an event with every decision.
    Show {
        /// The event's id.
        id: String,
    },
    /// Make a failed event wait again.
    Requeue {
        /// The event's id.
        id: String,
    },
}

impl Command {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let client = context.client(Need::Existing).await?;
        let done = match &self {
            Self::List { .. } => self.list(&client, context).await,
            Self::Show { id } => show_event(&client, context, id).await,
            Self::Requeue { id } => requeue(&client, context, id).await,
        };
        client.close().await;
        done.map(|()| Ending::Done)
    }

    async fn list(&self, client: &crate::client::Client, context: &mut Context) -> anyhow::Result<()> {
        let Self::List { scope, states, session, after, limit } = self else { return Ok(()) };
        let mut query = Vec::new();
        query.extend(states.iter().map(|state| ("state", show::wire_word(state))));
        query.extend(session.iter().map(|session| ("session", session.clone())));
        query.extend(after.iter().map(|after| ("after", after.clone())));
        query.push(("limit", limit.to_string()));
        let page = client.events(&scope.clone().into(), query).await?;
        let out = &mut context.out;
        if out.json {
            return out.document(&page);
        }
        if page.items.is_empty() {
            out.line("No events.")?;
        }
        let mut table = Table::new([
            words("id"),
            words("state"),
            numbers("tries"),
            words("made"),
            words("holds"),
            numbers("decisions"),
            words("failed with"),
        ]);
        for event in &page.items {
            let decisions = event.report.as_ref().map_or(0, |report| report.decisions.len());
            table.row([
                event.id.to_string(),
                show::wire_word(&event.state),
                event.attempts.to_string(),
                moment(event.created_at.0, None),
                show::learning::holds(event),
                decisions.to_string(),
                event.error.clone().unwrap_or_default(),
            ]);
        }
        out.table(&table)?;
        if let Some(next) = page.next {
            out.line(out.paint.faint(format!("more with --after {next}")))?;
        }
        Ok(())
    }
}

async fn show_event(client: &crate::client::Client, context: &mut Context, id: &str) -> anyhow::Result<()> {
    let event = client.event(id).await?;
    if context.out.json {
        return context.out.document(&event);
    }
    Ok(show::learning::event(&mut context.out, &event)?)
}

async fn requeue(client: &crate::client::Client, context: &mut Context, id: &str) -> anyhow::Result<()> {
    client.requeue(id).await?;
    client.settle_queue().await;
    let event = client.event(id).await?;
    if context.out.json {
        return context.out.document(&event);
    }
    context.out.line("It waits again.")?;
    Ok(show::learning::event_lines(&mut context.out, &event)?)
}
