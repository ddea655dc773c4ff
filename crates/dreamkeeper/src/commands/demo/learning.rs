//! Learning: the conversation is learned from, and what was decided is told with the words it rests on.

use std::collections::BTreeMap;

use dreamkeeper_api::event::Decision;
use dreamkeeper_api::learn::LearnRequest;
use dreamkeeper_api::memory::Memory;
use dreamkeeper_api::record::Record;
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::words::Verdict;
use serde_json::{Value, json};

use super::cast::Cast;
use super::stage::{Stage, timed};
use crate::commands::learn::Account;
use crate::commands::show;
use crate::output::paint::Ink;
use crate::output::text::{printable, shorten};
use crate::output::time::day;

/// Additions and wishes that are shown; superseded and held ones have a bound of their own.
const SHOWN_COUNT: usize = 4;
const CHANGES_SHOWN_COUNT: usize = 6;
/// Sessions that are learned from.
const SESSIONS_COUNT: usize = 1_000;

/// Learns from every session, the oldest first, as it was said.
pub(super) async fn learn(stage: &mut Stage<'_>, cast: &Cast) -> anyhow::Result<Value> {
    let mut sessions = cast.host.sessions(&Scope::default(), None, SESSIONS_COUNT).await?.items;
    sessions.reverse();
    stage.step("Learn from it", None)?;
    let mut account = Account::default();
    let mut shown = BTreeMap::new();
    let ((), took) = timed(async {
        for session in &sessions {
            let request = LearnRequest { from: 0, wait: true };
            let learned = cast.host.learn(&session.id.to_string(), request).await?.learned;
            for decision in
                learned.iter().filter_map(|event| event.report.as_ref()).flat_map(|r| &r.decisions)
            {
                tell(stage, cast, decision, &mut shown).await?;
            }
            account.add(&learned);
        }
        Ok(())
    })
    .await?;
    stage.out.gap()?;
    account.lines(stage.out, 2)?;
    let told = crate::output::text::duration(took);
    stage.whisper(&format!(
        "Learned in {told}; not all is shown. `dreamkeeper list memories` shows what is remembered, and \
         `dreamkeeper events list` every decision."
    ))?;
    stage.out.flush()?;
    Ok(json!({"account": account, "ms": (took.as_secs_f64() * 1e6).round() / 1e3}))
}

/// One decision as it falls, while there are few enough of its kind.
async fn tell(
    stage: &mut Stage<'_>,
    cast: &Cast,
    decision: &Decision,
    shown: &mut BTreeMap<Verdict, usize>,
) -> anyhow::Result<()> {
    let most = match decision.verdict {
        Verdict::Add | Verdict::Drop => SHOWN_COUNT,
        Verdict::Update | Verdict::Delete | Verdict::Quarantine => CHANGES_SHOWN_COUNT,
        Verdict::NoOp => 0,
    };
    let count = shown.entry(decision.verdict).or_default();
    if *count >= most {
        return Ok(());
    }
    *count += 1;
    let memory = memory(cast, decision.memory).await?;
    let Some(memory) = memory else {
        show::learning::decision(stage.out, 2, decision)?;
        return Ok(stage.out.flush()?);
    };
    let (mark, ink) = match decision.verdict {
        Verdict::Update => ("~ changed", Ink::Accent),
        Verdict::Delete => ("− forgot ", Ink::Bad),
        _ => ("+ learned", Ink::Good),
    };
    let old = self::memory(cast, decision.superseded).await?;
    let words = printable(&decision.text);
    let words = match &old {
        Some(old) => {
            let since = memory.validity.from.map(|from| format!(" since {}", day(from.0, None)));
            format!("{} → {words}{}", printable(&old.text), since.unwrap_or_default())
        }
        None => words,
    };
    let room = stage.out.width.saturating_sub(14);
    let lead = stage.out.paint.ink(ink, mark);
    stage.out.line(format!("  {lead}  {}", shorten(&words, room)))?;
    for evidence in memory.evidence.iter().take(1) {
        let quote = shorten(&printable(&evidence.quote), room.saturating_sub(2));
        let quote = stage.out.paint.ink(Ink::Quote, format!("“{quote}”"));
        stage.out.line(format!("             {quote}"))?;
    }
    Ok(stage.out.flush()?)
}

async fn memory(
    cast: &Cast,
    id: Option<dreamkeeper_domain::id::MemoryId>,
) -> anyhow::Result<Option<Box<Memory>>> {
    let Some(id) = id else { return Ok(None) };
    Ok(match cast.host.record(&id.to_string()).await? {
        Record::Memory(memory) => Some(memory),
        Record::Message(_) | Record::Session(_) => None,
    })
}
