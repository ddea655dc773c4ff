//! "Ask it anything": questions at the terminal until /quit.

use std::time::Instant;

use dreamkeeper_api::recall::{Recall, RecallRequest};
use dreamkeeper_api::scope::Scope;

use super::cast::Cast;
use crate::commands::show;
use crate::commands::show::recall::{View, answer};
use crate::output::Out;
use crate::output::paint::Ink;
use crate::output::text::duration;

const COMMANDS: &str = "/why: on what the last answer rests · /all: ask it again without the bar · /quit";

/// Asks until the person has enough.
pub(super) async fn run(out: &mut Out, cast: &Cast) -> anyhow::Result<()> {
    let mut last: Option<(String, Option<String>)> = None;
    out.gap()?;
    out.line(out.paint.strong("Ask it anything"))?;
    out.line(out.paint.faint(COMMANDS))?;
    loop {
        let mark = out.paint.ink(Ink::Accent, "? ");
        out.gap()?;
        out.raw(&mark)?;
        out.flush()?;
        let Some(line) = read_line().await? else { break };
        let asked = match (line.trim(), &last) {
            ("", _) => continue,
            ("/quit" | "/q" | "/exit", _) => break,
            ("/why", Some((_, Some(receipt)))) => {
                let why = cast.host.why(receipt).await?;
                show::receipt::why(out, 2, &why, true)?;
                continue;
            }
            ("/all", Some((question, _))) => (question.clone(), true),
            ("/why" | "/all", _) => {
                out.line(out.paint.faint("  nothing was asked yet"))?;
                continue;
            }
            (line, _) if line.starts_with('/') => {
                out.line(out.paint.faint(format!("  {COMMANDS}")))?;
                continue;
            }
            (line, _) => (line.to_owned(), false),
        };
        let receipt = ask(out, cast, &asked.0, asked.1).await?;
        last = Some((asked.0, receipt));
    }
    out.flush()?;
    Ok(())
}

async fn ask(out: &mut Out, cast: &Cast, question: &str, all: bool) -> anyhow::Result<Option<String>> {
    let request = RecallRequest {
        all,
        explain: true,
        limit: Some(4),
        ..RecallRequest::new(question, Scope::default())
    };
    let begun = Instant::now();
    let recall = match cast.host.recall(&request).await {
        Ok(recall) => recall,
        Err(error) => {
            out.line(format!("  {}", out.paint.ink(Ink::Bad, error.to_string())))?;
            return Ok(None);
        }
    };
    let took = out.paint.faint(duration(begun.elapsed()));
    let view = View {
        question,
        indent: 0,
        explain: false,
        neighbours: true,
        quote_lines_max: 3,
        standing: false,
        headings: false,
    };
    answer(out, view, &Recall { omitted_count: 0, ..recall.clone() })?;
    out.line(format!("  {took}"))?;
    Ok(recall.receipt.map(|receipt| receipt.to_string()))
}

/// A line of stdin; nothing once it is closed. Read on a thread of its own: it may wait for hours.
async fn read_line() -> anyhow::Result<Option<String>> {
    let read = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).map(|bytes| (bytes > 0).then_some(line))
    });
    Ok(read.await??)
}
