//! `doctor`: whether everything that is stored is sound; passages that are not are made anew.

use super::Context;
use crate::client::Need;
use crate::output::failure::Ending;
use crate::output::paint::Ink;
use crate::output::progress;
use crate::output::text::{count, printable};

pub(super) async fn run(context: &mut Context) -> anyhow::Result<Ending> {
    let client = context.client(Need::Existing).await?;
    let bar = progress::bar(0, "records", context.out.json);
    bar.set_message("checking");
    let health = client
        .doctor(&mut |step| {
            bar.set_length(step.total);
            bar.set_position(step.done);
        })
        .await;
    bar.finish_and_clear();
    client.close().await;
    let health = health?;
    let out = &mut context.out;
    let ending = if health.problems.is_empty() { Ending::Done } else { Ending::Failed };
    if out.json {
        out.document(&health)?;
        return Ok(ending);
    }
    if !health.mended.is_empty() {
        let by_fault: Vec<String> =
            health.mended.iter().map(|(fault, count)| format!("{count} {fault}")).collect();
        let sum = count(health.mended.values().sum(), "passage");
        out.line(format!("Mended {sum}: {}.", by_fault.join(", ")))?;
    }
    if health.problems.is_empty() {
        let sound = out.paint.ink(Ink::Good, "sound");
        let checked = count(health.checked_count, "record");
        out.line(format!("Everything that is stored is {sound} ({checked} compared with their passages)."))?;
    }
    for problem in &health.problems {
        let mark = out.paint.ink(Ink::Bad, "✗");
        out.line(format!("{mark} {}", printable(problem)))?;
    }
    if health.stale_passage_count > 0 {
        let stale = count(health.stale_passage_count, "passage");
        out.line(format!("{stale} without a vector of this embedder: run `dreamkeeper reindex`."))?;
    }
    Ok(ending)
}
