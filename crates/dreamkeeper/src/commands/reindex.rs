//! `reindex`: gives every passage a vector of the current embedder. Stopped, it goes on where it was.

use super::Context;
use crate::client::Need;
use crate::output::failure::Ending;
use crate::output::progress;
use crate::output::text::count;

pub(super) async fn run(context: &mut Context) -> anyhow::Result<Ending> {
    let client = context.client(Need::Existing).await?;
    let bar = progress::bar(0, "passages", context.out.json);
    bar.set_message("embedding");
    let reindexed = client
        .reindex(&mut |step| {
            bar.set_length(step.total);
            bar.set_position(step.done);
        })
        .await;
    bar.finish_and_clear();
    client.close().await;
    let reindexed = reindexed?;
    let out = &mut context.out;
    if out.json {
        out.document(&reindexed)?;
        return Ok(Ending::Done);
    }
    match reindexed.embedded_count {
        0 => out.line("Every passage has a vector of this embedder already.")?,
        embedded => out.line(format!("Embedded {}.", count(embedded, "passage")))?,
    }
    if reindexed.orphan_count > 0 {
        let orphans = count(reindexed.orphan_count, "passage");
        out.line(format!("{orphans} had no text any more: run `dreamkeeper doctor`."))?;
    }
    Ok(Ending::Done)
}
