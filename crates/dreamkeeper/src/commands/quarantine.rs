//! `quarantine`: what is held back until a person has seen it.

use dreamkeeper_api::candidate::{RejectRequest, ReleaseRequest};
use dreamkeeper_api::words::HeldStatus;

use super::arguments::{ScopeArguments, word};
use super::{Context, show};
use crate::client::{Client, Need};
use crate::output::failure::Ending;
use crate::output::table::{Table, words};
use crate::output::time::day;

/// What is done with held candidates.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List what is held, newest first.
    List {
        #[command(flatten)]
        scope: ScopeArguments,
        /// waiting (default), released or rejected.
        #[arg(long, value_parser = word::<HeldStatus>, default_value = "waiting", hide_default_value = true)]
        status: HeldStatus,
        /// The `next` of the page before.
        #[arg(long, value_name = "NEXT")]
        after: Option<String>,
        /// Candidates on the page.
        #[arg(long, short = 'n', value_name = "COUNT", default_value_t = 50)]
        limit: usize,
    },
    /// Show a candidate with its quotes and why it is held.
    Show {
        /// The candidate's id.
        id: String,
    },
    /// Let a candidate through.
    Release {
        /// The candidate's id.
        id: String,
        /// Vouch for it: it stands under your origin from here on.
        #[arg(long)]
        raise: bool,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// Refuse a candidate; it stays listed as rejected.
    Reject {
        /// The candidate's id.
        id: String,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
}

impl Command {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let client = context.client(Need::Existing).await?;
        let done = self.with(&client, context).await;
        client.close().await;
        done.map(|()| Ending::Done)
    }

    async fn with(self, client: &Client, context: &mut Context) -> anyhow::Result<()> {
        let out = &mut context.out;
        match self {
            Self::List { .. } => self.list(client, context).await,
            Self::Show { id } => {
                let held = client.held(&id).await?;
                if out.json { out.document(&held) } else { Ok(show::learning::held(out, &held)?) }
            }
            Self::Release { id, raise, reason } => {
                let memory = client.release(&id, &ReleaseRequest { raise, reason }).await?;
                if out.json {
                    return out.document(&memory);
                }
                show::memory::item(out, 0, "Remembered:", &memory)?;
                Ok(out.line(out.paint.faint(memory.id.to_string()))?)
            }
            Self::Reject { id, reason } => {
                let held = client.reject(&id, &RejectRequest { reason }).await?;
                if out.json {
                    return out.document(&held);
                }
                Ok(out.line("Rejected: it is not remembered.")?)
            }
        }
    }

    async fn list(self, client: &Client, context: &mut Context) -> anyhow::Result<()> {
        let Self::List { scope, status, after, limit } = self else { return Ok(()) };
        let mut query = vec![("status", show::wire_word(&status)), ("limit", limit.to_string())];
        query.extend(after.map(|after| ("after", after)));
        let page = client.quarantine(&scope.into(), query).await?;
        let out = &mut context.out;
        if out.json {
            return out.document(&page);
        }
        if page.items.is_empty() {
            out.line("Nothing is held.")?;
        }
        let mut table =
            Table::new([words("id"), words("held"), words("for"), words("causes"), words("text")]);
        for held in &page.items {
            let causes: Vec<String> = held.causes.iter().map(show::wire_word).collect();
            table.row([
                held.candidate.id.to_string(),
                day(held.held_at.0, None),
                show::scope(&held.candidate.scope),
                causes.join(","),
                crate::output::text::printable(&held.candidate.text),
            ]);
        }
        out.table(&table)?;
        if let Some(next) = page.next {
            out.line(out.paint.faint(format!("more with --after {next}")))?;
        }
        Ok(())
    }
}
