//! `maintain`: archives and prunes by the written policy, or tells what that would do.

use dreamkeeper_api::maintenance::{MaintainRequest, Maintained};

use super::Context;
use crate::client::Need;
use crate::output::failure::Ending;
use crate::output::progress;
use crate::output::table::{Table, words};
use crate::output::text::count;

/// Whether to do it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The policy is [maintain] in the configuration. What is archived is kept and comes back by
`dreamkeeper restore ID`. A server does this by itself every maintain.every_hours."
)]
pub(super) struct Arguments {
    /// Only tell what would be done.
    #[arg(long)]
    dry_run: bool,
}

impl Arguments {
    pub(super) async fn run(self, context: &mut Context) -> anyhow::Result<Ending> {
        let client = context.client(Need::Existing).await?;
        let bar = progress::bar(0, "memories", context.out.json);
        bar.set_message("looking");
        let request = MaintainRequest { dry_run: self.dry_run };
        let done = client
            .maintain(request, &mut |step| {
                bar.set_length(step.total);
                bar.set_position(step.done);
            })
            .await;
        bar.finish_and_clear();
        client.close().await;
        let done = done?;
        if context.out.json {
            context.out.document(&done)?;
        } else {
            show(context, &done)?;
        }
        Ok(Ending::Done)
    }
}

fn show(context: &mut Context, done: &Maintained) -> anyhow::Result<()> {
    let out = &mut context.out;
    if !done.archived.is_empty() {
        let mut table = Table::new([words("id"), words("why"), words("memory")]);
        for archived in &done.archived {
            table.row([archived.id.to_string(), archived.because.clone(), archived.text.clone()]);
        }
        out.table(&table)?;
        let untold = done.archived_count - done.archived.len() as u64;
        if untold > 0 {
            out.line(format!("… and {}", count(untold, "memory")))?;
        }
    }
    let would = if done.dry_run { "Would archive" } else { "Archived" };
    let archived = count(done.archived_count, "memory");
    out.line(format!("{would} {archived} of {}.", count(done.memory_count, "memory")))?;
    let would = if done.dry_run { "Would take away" } else { "Took away" };
    let (events, held) = (count(done.event_count, "old event"), count(done.held_count, "closed candidate"));
    out.line(format!("{would} {events} and {held}."))?;
    if !done.sessions_erased.is_empty() {
        let would = if done.dry_run { "Would erase" } else { "Erased" };
        let sessions = count(done.sessions_erased.len() as u64, "temporary session");
        out.line(format!("{would} {sessions}."))?;
    }
    if !done.stores_purged.is_empty() {
        let would = if done.dry_run { "Would destroy" } else { "Destroyed" };
        let stores = count(done.stores_purged.len() as u64, "deleted store");
        out.line(format!("{would} {stores} of topics."))?;
    }
    if done.archived_count > 0 && !done.dry_run {
        out.line("`dreamkeeper restore ID` brings a memory back.")?;
    }
    Ok(())
}
