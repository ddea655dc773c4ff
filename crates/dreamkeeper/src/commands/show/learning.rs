//! What was learned: decisions, events and held candidates, for people.

use std::io;

use dreamkeeper_api::candidate::{Held, Proposer};
use dreamkeeper_api::event::{Decision, Event};
use dreamkeeper_api::words::{EventState, Verdict};

use super::{actor, scope, wire_word};
use crate::output::Out;
use crate::output::paint::Ink;
use crate::output::text::{count, pad, printable, wrap_to};
use crate::output::time::moment;

/// One decision: what was done with which words, and why.
pub(crate) fn decision(out: &mut Out, indent: usize, decision: &Decision) -> io::Result<()> {
    let (mark, word, ink) = match decision.verdict {
        Verdict::Add => ("+", "learned", Ink::Good),
        Verdict::Update => ("~", "updated", Ink::Accent),
        Verdict::Delete => ("−", "forgot", Ink::Bad),
        Verdict::NoOp => ("=", "known", Ink::Faint),
        Verdict::Quarantine => ("!", "held", Ink::Warn),
        Verdict::Drop => ("·", "dropped", Ink::Faint),
    };
    let words = if decision.text.is_empty() { "(erased)".to_owned() } else { printable(&decision.text) };
    let margin = " ".repeat(indent);
    let lead = format!("{margin}{} ", out.paint.ink(ink, format!("{mark} {}", pad(word, 8))));
    let hang = " ".repeat(indent + 11);
    for (place, line) in wrap_to(&words, out.width.saturating_sub(indent + 11), 4).into_iter().enumerate() {
        out.line(format!("{}{line}", if place == 0 { lead.clone() } else { hang.clone() }))?;
    }
    let causes: Vec<String> =
        decision.causes.iter().map(|cause| wire_word(cause).replace('_', " ")).collect();
    let why = if causes.is_empty() { printable(&decision.reason) } else { causes.join(", ") };
    let id = decision.memory.map(|id| id.to_string()).or(decision.candidate.map(|id| id.to_string()));
    let told = [out.paint.faint(why), out.paint.faint(id.unwrap_or_default())];
    if told.iter().any(|fact| !fact.is_empty()) {
        out.facts(indent + 11, told)?;
    }
    Ok(())
}

/// An event's decisions, or where it stands when there are none.
pub(crate) fn event_lines(out: &mut Out, event: &Event) -> io::Result<()> {
    match (&event.report, event.state) {
        (Some(report), _) => {
            for one in &report.decisions {
                decision(out, 0, one)?;
            }
            for warning in &report.warnings {
                out.line(out.paint.ink(Ink::Warn, printable(warning)))?;
            }
            Ok(())
        }
        (None, state) => out.facts(0, standing(out, event, state)),
    }
}

fn standing(out: &Out, event: &Event, state: EventState) -> Vec<String> {
    let ink = match state {
        EventState::Pending | EventState::Running => Ink::Accent,
        EventState::Succeeded => Ink::Good,
        EventState::Failed => Ink::Bad,
    };
    let again = match (state, &event.error) {
        (EventState::Pending, Some(_)) => format!("again {}", moment(event.due_at.0, None)),
        _ => String::new(),
    };
    vec![
        out.paint.ink(ink, wire_word(&state)),
        event.error.as_deref().map(printable).unwrap_or_default(),
        again,
        out.paint.faint(event.id.to_string()),
    ]
}

/// An event with everything that is known of it.
pub(crate) fn event(out: &mut Out, event: &Event) -> io::Result<()> {
    let rows = [
        ("id", event.id.to_string()),
        ("state", wire_word(&event.state)),
        ("for", scope(&event.scope)),
        ("session", event.session.map(|id| id.to_string()).unwrap_or_default()),
        ("holds", holds(event)),
        ("tries", event.attempts.to_string()),
        ("made", moment(event.created_at.0, None)),
        ("settled", event.settled_at.map(|at| moment(at.0, None)).unwrap_or_default()),
        ("failed with", event.error.clone().unwrap_or_default()),
    ];
    named(out, &rows)?;
    let Some(report) = &event.report else { return Ok(()) };
    let skipped: Vec<String> =
        report.skipped.iter().map(|(why, count)| format!("{} {count}", why.replace('_', " "))).collect();
    let model = match report.calls {
        0 => String::new(),
        calls => format!(
            "{}, {} tokens of prompts, {} of answers",
            count(u64::from(calls), "call"),
            report.prompt_tokens,
            report.answer_tokens
        ),
    };
    let turns = format!("{} read, {} learned from", report.turns_read, report.turns_learned_from);
    named(out, &[("turns", turns), ("skipped", skipped.join(", ")), ("model", model)])?;
    out.gap()?;
    event_lines(out, event)
}

/// What an event holds, in words.
pub(crate) fn holds(event: &Event) -> String {
    let messages = event.messages.len() as u64;
    match event.proposal_count as u64 {
        0 => count(messages, "message"),
        proposals => count(proposals, "proposal"),
    }
}

/// A held candidate, whole.
pub(crate) fn held(out: &mut Out, held: &Held) -> io::Result<()> {
    let candidate = &held.candidate;
    let text = if candidate.text.is_empty() { "(erased)" } else { &candidate.text };
    out.block(0, Some(Ink::Strong), text)?;
    out.gap()?;
    let causes: Vec<String> = held.causes.iter().map(|cause| wire_word(cause).replace('_', " ")).collect();
    let quotes = candidate.evidence.iter().map(|evidence| format!("“{}”", printable(&evidence.quote)));
    let unfound = candidate.unfound.iter().map(|unfound| format!("“{}”", printable(&unfound.quote)));
    let proposer = match &candidate.proposer {
        Proposer::Rules => "rules".to_owned(),
        Proposer::Model { model, prompt } => format!("{model}, {prompt}"),
        Proposer::Actor(by) => actor(by),
    };
    let closed = held.closed.as_ref().map(|closed| {
        let why = closed.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        format!("by {}, {}{why}", actor(&closed.actor), moment(closed.at.0, None))
    });
    let rows = [
        ("id", candidate.id.to_string()),
        ("held for", causes.join(", ")),
        ("status", wire_word(&held.status)),
        ("kind", wire_word(&candidate.kind)),
        ("for", scope(&candidate.scope)),
        ("rests on", quotes.collect::<Vec<_>>().join(" ")),
        ("not found", unfound.collect::<Vec<_>>().join(" ")),
        ("origin", wire_word(&candidate.origin)),
        ("proposed by", proposer),
        ("held", moment(held.held_at.0, None)),
        ("closed", closed.unwrap_or_default()),
    ];
    named(out, &rows)
}

fn named(out: &mut Out, rows: &[(&str, String)]) -> io::Result<()> {
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        let name = out.paint.faint(pad(name, 13));
        out.line(format!("{name}{}", printable(value)))?;
    }
    Ok(())
}
