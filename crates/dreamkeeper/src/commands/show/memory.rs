//! Memories: on one line, whole, and as a history of versions.

use std::io;

use dreamkeeper_api::history::{MemoryHistory, Version};
use dreamkeeper_api::memory::{Interval, Memory};
use dreamkeeper_api::words::Status;

use super::{actor, origin_mark, scope, wire_word};
use crate::output::Out;
use crate::output::paint::Ink;
use crate::output::text::{pad, printable, wrap_to};
use crate::output::time::{day, moment};

/// The memory with everything that is known of it.
pub(crate) fn whole(out: &mut Out, memory: &Memory) -> io::Result<()> {
    if memory.status == Status::Erased {
        out.line(out.paint.ink(Ink::Bad, "erased: its content is gone for good"))?;
    } else {
        out.block(0, Some(Ink::Strong), &memory.text)?;
    }
    out.gap()?;
    let status = match memory.status {
        Status::Active => out.paint.ink(Ink::Good, "active"),
        Status::Superseded | Status::Archived | Status::Forgotten | Status::Erased => {
            out.paint.ink(Ink::Warn, wire_word(&memory.status))
        }
    };
    let evidence = memory.evidence.iter().map(|evidence| format!("“{}”", printable(&evidence.quote)));
    let rows = [
        ("id", memory.id.to_string()),
        ("kind", wire_word(&memory.kind)),
        ("status", status),
        ("version", memory.version.to_string()),
        ("for", scope(&memory.scope)),
        ("true", validity(&memory.validity).unwrap_or_default()),
        ("expires", memory.expires_at.map(|at| moment(at.0, None)).unwrap_or_default()),
        ("pinned", if memory.pinned { "yes".to_owned() } else { String::new() }),
        ("also called", memory.aliases.join(", ")),
        ("filed under", memory.categories.iter().cloned().collect::<Vec<_>>().join(", ")),
        ("rests on", evidence.collect::<Vec<_>>().join(" ")),
        ("importance", importance(memory).unwrap_or_default()),
        ("written by", actor(&memory.author)),
        ("origin", format!("{}, {}", wire_word(&memory.origin), wire_word(&memory.via))),
        ("recorded", moment(memory.created_at.0, None)),
        ("changed", if memory.version > 1 { moment(memory.updated_at.0, None) } else { String::new() }),
        ("replaced", memory.supersedes.map(|id| id.to_string()).unwrap_or_default()),
        ("replaced by", memory.superseded_by.map(|id| id.to_string()).unwrap_or_default()),
        (
            "metadata",
            if memory.metadata.is_empty() {
                String::new()
            } else {
                serde_json::Value::Object(memory.metadata.clone()).to_string()
            },
        ),
    ];
    for (name, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
        let name = out.paint.faint(pad(name, 13));
        out.line(format!("{name}{}", printable_keeping_ink(&value)))?;
    }
    Ok(())
}

/// How much it matters now, beside what was said of it where use has moved it.
fn importance(memory: &Memory) -> Option<String> {
    let now = memory.importance.or(memory.detail.importance)?;
    let said = memory.detail.importance.filter(|said| (said - now).abs() >= 0.005);
    let moved = said.map(|said| format!(", {said:.2} before use")).unwrap_or_default();
    Some(format!("{now:.2}{moved}"))
}

/// One of a list: the words, then what places them.
pub(crate) fn item(out: &mut Out, indent: usize, mark: &str, memory: &Memory) -> io::Result<()> {
    let margin = " ".repeat(indent);
    let hang = " ".repeat(crate::output::text::width_of(mark) + 1);
    let width = out.width.saturating_sub(indent + hang.len());
    for (place, line) in wrap_to(&printable(&memory.text), width, 6).into_iter().enumerate() {
        let lead = if place == 0 { format!("{mark} ") } else { hang.clone() };
        out.line(format!("{margin}{lead}{}", out.paint.strong(line)))?;
    }
    let told = described(out, memory);
    out.facts(indent + hang.len(), told)
}

/// What places a memory: kind, time, author, standing.
fn described(out: &Out, memory: &Memory) -> Vec<String> {
    let paint = out.paint;
    let faint = |text: String| if text.is_empty() { text } else { paint.faint(text) };
    let standing = match memory.status {
        Status::Active => String::new(),
        Status::Superseded | Status::Archived | Status::Forgotten | Status::Erased => {
            paint.ink(Ink::Warn, wire_word(&memory.status))
        }
    };
    let version = if memory.version > 1 { format!("version {}", memory.version) } else { String::new() };
    vec![
        paint.ink(Ink::Accent, wire_word(&memory.kind).replace('_', " ")),
        standing,
        faint(validity(&memory.validity).unwrap_or_default()),
        faint(format!("by {}", actor(&memory.author))),
        origin_mark(paint, memory.origin).unwrap_or_default(),
        faint(version),
        faint(scope(&memory.scope)),
    ]
}

/// When it is true, in words.
pub(crate) fn validity(interval: &Interval) -> Option<String> {
    match (interval.from, interval.to) {
        (Some(from), Some(to)) => Some(format!("true {} to {}", day(from.0, None), day(to.0, None))),
        (Some(from), None) => Some(format!("true since {}", day(from.0, None))),
        (None, Some(to)) => Some(format!("true until {}", day(to.0, None))),
        (None, None) => None,
    }
}

/// Every version, oldest first, each as what it changed.
pub(crate) fn history(out: &mut Out, indent: usize, history: &MemoryHistory) -> io::Result<()> {
    let mut before: Option<Memory> = None;
    for version in &history.versions {
        let after =
            version.content.clone().and_then(|content| serde_json::from_value::<Memory>(content).ok());
        one_version(out, indent, version)?;
        match (&before, &after) {
            (Some(before), Some(after)) if before.text != after.text => {
                out.diff(indent + 4, &before.text, &after.text)?;
            }
            (None, Some(after)) => out.block(indent + 4, None, &after.text)?,
            (_, None) => out.block(indent + 4, Some(Ink::Faint), "its content was erased")?,
            (Some(_), Some(_)) => {}
        }
        before = after.or(before);
    }
    Ok(())
}

fn one_version(out: &mut Out, indent: usize, version: &Version) -> io::Result<()> {
    let paint = out.paint;
    let operation = wire_word(&version.operation);
    let ink = match operation.as_str() {
        "create" | "restore" => Ink::Good,
        "erase" | "forget" | "remove" => Ink::Bad,
        _ => Ink::Accent,
    };
    let number = paint.strong(format!("v{}", version.number));
    let told = [
        format!("{number} {}", paint.ink(ink, &operation)),
        actor(&version.actor),
        paint.faint(moment(version.at.0, None)),
        version.reason.as_ref().map(|reason| paint.ink(Ink::Quote, printable(reason))).unwrap_or_default(),
    ];
    out.facts(indent, told)
}

/// Values here are ours (coloured) or the caller's (checked when they were made into rows).
fn printable_keeping_ink(value: &str) -> String {
    if value.contains("\x1b[3") { value.to_owned() } else { printable(value) }
}
