//! `stats`: what the space holds, on disk and in memory.

use super::Context;
use crate::client::Need;
use crate::output::failure::Ending;
use crate::output::text::{bytes, digits, pad};

pub(super) async fn run(context: &mut Context) -> anyhow::Result<Ending> {
    let client = context.client(Need::Existing).await?;
    let stats = client.stats().await?;
    client.close().await;
    let out = &mut context.out;
    if out.json {
        out.document(&stats)?;
        return Ok(Ending::Done);
    }
    let (store, index) = (&stats.store, &stats.index);
    let memories: Vec<String> = store
        .memory_counts
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(status, count)| format!("{} {status}", digits(*count)))
        .collect();
    let memories = if memories.is_empty() { "0".to_owned() } else { memories.join(", ") };
    let passages = match store.stale_passage_count {
        0 => digits(store.passage_count),
        stale => format!(
            "{}, {} without a vector: run `dreamkeeper reindex`",
            digits(store.passage_count),
            digits(stale)
        ),
    };
    let topics = match store.store_count {
        0 => "0".to_owned(),
        stores => format!(
            "{} in {} stores, {} versions",
            digits(store.topic_count),
            digits(stores),
            digits(store.topic_version_count)
        ),
    };
    let index = format!(
        "{} in memory for {} passages of {} segments",
        bytes(index.resident_bytes as u64),
        digits(index.passage_count as u64),
        digits(index.segment_count as u64)
    );
    let rows = [
        ("sessions", digits(store.session_count)),
        ("messages", digits(store.message_count)),
        ("memories", memories),
        ("versions", digits(store.version_count)),
        ("state keys", digits(store.state_count)),
        ("topics", topics),
        ("dreams", digits(store.dream_count)),
        ("receipts", digits(store.receipt_count)),
        ("passages", passages),
        ("on disk", bytes(store.disk_bytes)),
        ("index", index),
        ("embedder", stats.embedder.clone()),
    ];
    for (name, value) in rows {
        let name = out.paint.faint(pad(name, 12));
        out.line(format!("  {name}{value}"))?;
    }
    Ok(Ending::Done)
}
