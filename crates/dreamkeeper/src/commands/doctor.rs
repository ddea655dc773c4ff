//! `doctor`: whether everything that is stored is sound; what is derived is built anew.

use super::Context;
use crate::client::Need;
use crate::output::failure::Ending;
use crate::output::paint::Ink;
use crate::output::text::{count, printable};

pub(super) async fn run(context: &mut Context) -> anyhow::Result<Ending> {
    let client = context.client(Need::Existing).await?;
    let health = client.doctor().await?;
    client.close().await;
    let out = &mut context.out;
    let ending = if health.problems.is_empty() { Ending::Done } else { Ending::Failed };
    if out.json {
        out.document(&health)?;
        return Ok(ending);
    }
    if health.problems.is_empty() {
        let sound = out.paint.ink(Ink::Good, "sound");
        out.line(format!("Everything that is stored is {sound}; the index is built anew when it is asked."))?;
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
