//! Receipts: what was served then, on which quotes, said by whom, and what became of it since.

use std::io;

use dreamkeeper_api::memory::Memory;
use dreamkeeper_api::recall::Score;
use dreamkeeper_api::receipt::{Asked, ServedItem, ServedSubject, Why};
use dreamkeeper_api::words::Status;

use super::{actor, origin_mark, scope, score, wire_word};
use crate::output::Out;
use crate::output::paint::Ink;
use crate::output::text::{count, printable, shorten, wrap_to};
use crate::output::time::moment;

/// The receipt, item by item.
pub(crate) fn why(out: &mut Out, indent: usize, why: &Why, explain: bool) -> io::Result<()> {
    let (receipt, paint) = (&why.receipt, out.paint);
    let margin = " ".repeat(indent);
    let query = if receipt.query.is_empty() { "(the question was erased)" } else { &receipt.query };
    out.line(format!(
        "{margin}{}",
        paint.strong(shorten(&printable(query), out.width.saturating_sub(indent)))
    ))?;
    let asked = [
        format!("asked by {}", actor(&receipt.actor)),
        moment(receipt.at.0, None),
        scope(&receipt.scope),
        format!("nothing below {}", wire_word(&receipt.min_origin)),
    ];
    out.facts(indent, asked.map(|fact| paint.faint(fact)))?;
    if let Some(asked) = &receipt.asked {
        out.facts(indent, narrowed(asked).into_iter().map(|fact| paint.faint(fact)))?;
    }
    if let Some(nearest) = receipt.nearest {
        out.line(format!(
            "{margin}{}",
            paint.ink(Ink::Warn, format!("nothing cleared the bar; nearest {nearest:.2}"))
        ))?;
    }
    for (place, item) in receipt.items.iter().enumerate() {
        served(out, indent, place + 1, item)?;
        if explain && let Some(value) = item.score {
            score::parts(out, indent + 8, &Score { value, parts: item.parts.clone() })?;
        }
        if let ServedSubject::Memory { id, version } = &item.subject {
            let now = why.memories_now.iter().find(|memory| memory.id == *id);
            if let Some(changed) = since(now, *version) {
                out.line(format!("{margin}    {}", paint.ink(Ink::Warn, changed)))?;
            }
        }
    }
    Ok(())
}

/// How the question was narrowed, as short facts.
fn narrowed(asked: &Asked) -> Vec<String> {
    let mut facts = vec![
        format!("at most {}", count(asked.limit as u64, "item")),
        count(asked.token_budget as u64, "token"),
        format!("{} around", count(u64::from(asked.neighbours), "turn")),
    ];
    facts.extend(asked.as_of.as_ref().map(|at| format!("as of {}", moment(at.0, None))));
    facts.extend(asked.valid_at.as_ref().map(|at| format!("true at {}", moment(at.0, None))));
    facts.extend(asked.filter.as_ref().map(|filter| format!("filter {}", printable(&filter.0.to_string()))));
    facts.extend(asked.include.iter().map(|included| format!("with {}", wire_word(included))));
    if asked.all {
        facts.push("no cut-off".to_owned());
    }
    facts
}

fn served(out: &mut Out, indent: usize, number: usize, item: &ServedItem) -> io::Result<()> {
    let (paint, margin) = (out.paint, " ".repeat(indent));
    let quote = if item.quote.is_empty() { "(erased)".to_owned() } else { printable(&item.quote) };
    let is_said = matches!(item.subject, ServedSubject::Message(_));
    let quote = if is_said { format!("“{quote}") } else { quote };
    let mut lines = wrap_to(&quote, out.width.saturating_sub(indent + 5), 3);
    if let Some(last) = lines.last_mut().filter(|_| is_said) {
        last.push('”');
    }
    for (place, line) in lines.into_iter().enumerate() {
        let lead =
            if place == 0 { paint.ink(Ink::Accent, format!("{number:>2} ")) } else { "   ".to_owned() };
        let line = if is_said { paint.ink(Ink::Quote, line) } else { line };
        out.line(format!("{margin}{lead} {line}"))?;
    }
    let subject = match &item.subject {
        ServedSubject::Message(id) => format!("message {id}"),
        ServedSubject::Memory { id, version } => format!("memory {id} v{version}"),
        ServedSubject::Topic { id, number } => format!("topic {id} v{number}"),
        ServedSubject::State { key, version } => format!("state {key} v{version}"),
        ServedSubject::Summary { session, .. } => format!("summary of {session}"),
    };
    let told = [
        item.said_by.clone().map(|who| paint.strong(printable(&who))).unwrap_or_default(),
        moment(item.said_at.0, None),
        origin_mark(paint, item.origin).unwrap_or_default(),
        item.score.map(|score| format!("{score:.2}")).unwrap_or_default(),
        paint.faint(printable(&subject)),
    ];
    out.facts(indent + 4, told)?;
    for evidence in &item.evidence {
        let line = shorten(
            &format!("rests on “{}”", printable(&evidence.quote)),
            out.width.saturating_sub(indent + 6),
        );
        out.line(format!("{margin}    {}", paint.faint(line)))?;
    }
    Ok(())
}

/// What became of a memory since it was served; nothing where it is still the same.
fn since(now: Option<&Memory>, version: u32) -> Option<String> {
    match now {
        None => Some("it is gone since".to_owned()),
        Some(memory) if memory.status != Status::Active => {
            Some(format!("{} since", wire_word(&memory.status)))
        }
        Some(memory) if memory.version != version => {
            Some(format!("changed since: now version {}", memory.version))
        }
        Some(_) => None,
    }
}
