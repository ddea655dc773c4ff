//! Answers of recall: sections, scores, quotes with the turns around them, and silence.

use std::io;

use dreamkeeper_api::recall::{
    NeighbourTurn, Recall, RecalledMemory, RecalledMessage, RecalledSummary, RecalledTopic, Silence,
};
use dreamkeeper_api::state::StateEntry;
use dreamkeeper_api::words::Matter;

use super::focus::focused;
use super::{actor, memory, origin_mark, score, wire_word};
use crate::output::Out;
use crate::output::paint::Ink;
use crate::output::text::{count, printable, shorten, wrap_to};
use crate::output::time::moment;

/// How much of an answer is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    /// What was asked: long passages are shown from where they speak of it.
    pub(crate) question: &'a str,
    /// Cells before everything.
    pub(crate) indent: usize,
    /// Shows the parts of every score.
    pub(crate) explain: bool,
    /// Shows the turns around a message.
    pub(crate) neighbours: bool,
    /// Lines of one quote at most.
    pub(crate) quote_lines_max: usize,
    /// Shows state and pinned memories, which are served to every question.
    pub(crate) standing: bool,
    /// Names the sections.
    pub(crate) headings: bool,
}

/// The answer, section by section.
pub(crate) fn answer(out: &mut Out, view: View<'_>, recall: &Recall) -> io::Result<()> {
    if view.standing {
        summaries(out, view, &recall.summaries)?;
        state(out, view, &recall.state)?;
        memories(out, view, "pinned", &recall.pinned)?;
    }
    memories(out, view, "memories", &recall.memories)?;
    memories(out, view, "open questions", &recall.open_questions)?;
    topics(out, view, &recall.topics)?;
    if !recall.conversation.is_empty() {
        heading(out, view, "conversation")?;
    }
    for (place, message) in recall.conversation.iter().enumerate() {
        // The turns around one message must not be taken for those around the next.
        if place > 0 && view.neighbours {
            out.gap()?;
        }
        self::message(out, view, message)?;
    }
    if let Some(silence) = &recall.silence {
        let margin = " ".repeat(view.indent);
        out.line(format!("{margin}{}", out.paint.ink(Ink::Warn, silence_words(silence))))?;
    }
    if recall.omitted_count > 0 {
        let margin = " ".repeat(view.indent);
        let more = count(recall.omitted_count as u64, "item");
        let told = format!("{more} more fitted; raise --limit or --budget to see them");
        out.line(format!("{margin}{}", out.paint.faint(told)))?;
    }
    Ok(())
}

/// Why nothing is shown, in one sentence.
pub(crate) fn silence_words(silence: &Silence) -> String {
    match silence.nearest {
        Some(nearest) => format!("nothing cleared the bar; nearest {nearest:.2}; `--all` shows it"),
        None => "nothing is remembered here that could be asked for".to_owned(),
    }
}

fn heading(out: &mut Out, view: View<'_>, name: &str) -> io::Result<()> {
    if !view.headings {
        return Ok(());
    }
    out.line(format!("{}{}", " ".repeat(view.indent), out.paint.faint(name)))
}

fn summaries(out: &mut Out, view: View<'_>, items: &[RecalledSummary]) -> io::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    heading(out, view, "summaries")?;
    for RecalledSummary { summary, tells_of, .. } in items {
        for line in summary.text.lines() {
            let room = out.width.saturating_sub(view.indent + 4);
            for line in wrap_to(&printable(line), room, view.quote_lines_max) {
                out.line(format!("{}  {line}", " ".repeat(view.indent)))?;
            }
        }
        let told = [
            origin_mark(out.paint, summary.origin).unwrap_or_default(),
            out.paint.faint(moment(summary.made_at.0, None)),
            out.paint.faint(format!("session {}", summary.session)),
        ];
        out.facts(view.indent + 4, told)?;
        cautioned(out, view.indent + 4, tells_of)?;
    }
    Ok(())
}

fn state(out: &mut Out, view: View<'_>, entries: &[StateEntry]) -> io::Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    heading(out, view, "state")?;
    for entry in entries {
        let value = entry.value.as_ref().map(ToString::to_string).unwrap_or_default();
        let key = printable(&entry.key);
        let room = out.width.saturating_sub(view.indent + key.chars().count() + 4);
        let line = format!("{} {}", out.paint.strong(key), shorten(&printable(&value), room));
        out.line(format!("{}  {line}", " ".repeat(view.indent)))?;
        let told = format!(
            "version {} · by {} · {}",
            entry.version,
            actor(&entry.actor),
            moment(entry.updated_at.0, None)
        );
        out.line(format!("{}    {}", " ".repeat(view.indent), out.paint.faint(told)))?;
    }
    Ok(())
}

fn topics(out: &mut Out, view: View<'_>, items: &[RecalledTopic]) -> io::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    heading(out, view, "topics")?;
    let margin = " ".repeat(view.indent + 2);
    for item in items {
        let width = out.width.saturating_sub(view.indent + 4);
        for line in wrap_to(&printable(&item.quote), width, view.quote_lines_max) {
            out.line(format!("{margin}{}", out.paint.ink(Ink::Quote, line)))?;
        }
        let told = [
            out.paint.ink(Ink::Accent, printable(&item.topic.path)),
            out.paint.faint(moment(item.topic.updated_at.0, None)),
            origin_mark(out.paint, item.topic.origin).unwrap_or_default(),
        ];
        out.facts(view.indent + 4, told)?;
        cautioned(out, view.indent + 4, &item.tells_of)?;
        let bar = score::line(out, item.score.value);
        out.line(format!("{margin}  {bar}"))?;
        if view.explain {
            score::parts(out, view.indent + 9, &item.score)?;
        }
    }
    Ok(())
}

fn memories(out: &mut Out, view: View<'_>, name: &str, items: &[RecalledMemory]) -> io::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    heading(out, view, name)?;
    for item in items {
        let mark = out.paint.ink(Ink::Accent, "◆");
        memory::item(out, view.indent + 2, &mark, &item.memory)?;
        let margin = " ".repeat(view.indent + 4);
        for evidence in &item.memory.evidence {
            let quote = shorten(&printable(&evidence.quote), out.width.saturating_sub(view.indent + 8));
            out.line(format!("{margin}{}", out.paint.ink(Ink::Quote, format!("“{quote}”"))))?;
        }
        cautioned(out, view.indent + 4, &item.tells_of)?;
        if item.expired {
            out.line(format!("{margin}{}", out.paint.ink(Ink::Warn, "expired")))?;
        }
        if let Some(value) = &item.score {
            let bar = score::line(out, value.value);
            out.line(format!("{margin}{bar}"))?;
            if view.explain {
                score::parts(out, view.indent + 9, value)?;
            }
        }
    }
    Ok(())
}

fn message(out: &mut Out, view: View<'_>, message: &RecalledMessage) -> io::Result<()> {
    if view.neighbours {
        message.before.iter().try_for_each(|turn| neighbour(out, view, turn))?;
    }
    let (margin, paint) = (" ".repeat(view.indent + 2), out.paint);
    let width = out.width.saturating_sub(view.indent + 5);
    let quote = focused(&printable(&message.quote), view.question, width * view.quote_lines_max);
    let mut lines = wrap_to(&format!("“{quote}"), width, view.quote_lines_max);
    if let Some(last) = lines.last_mut() {
        last.push('”');
    }
    for (place, line) in lines.into_iter().enumerate() {
        let lead = if place == 0 { paint.ink(Ink::Accent, "▸") } else { " ".to_owned() };
        out.line(format!("{margin}{lead} {}", paint.ink(Ink::Quote, line)))?;
    }
    if view.neighbours {
        message.after.iter().try_for_each(|turn| neighbour(out, view, turn))?;
    }
    let who = message.author.clone().unwrap_or_else(|| wire_word(&message.role));
    let told = [
        paint.strong(printable(&who)),
        moment(message.at.0, message.zone.as_deref()),
        origin_mark(paint, message.origin).unwrap_or_default(),
        paint.faint(printable(&place_of(message))),
    ];
    out.facts(view.indent + 4, told)?;
    cautioned(out, view.indent + 4, &message.tells_of)?;
    let bar = score::line(out, message.score.value);
    out.line(format!("{margin}  {bar}"))?;
    if view.explain {
        score::parts(out, view.indent + 9, &message.score)?;
    }
    Ok(())
}

/// That memory is no authority on what an item tells of.
fn cautioned(out: &mut Out, indent: usize, matters: &[Matter]) -> io::Result<()> {
    if matters.is_empty() {
        return Ok(());
    }
    let words: Vec<String> = matters.iter().map(wire_word).collect();
    let told = format!("not authoritative on {}: ask the system of record", words.join(", "));
    out.line(format!("{}{}", " ".repeat(indent), out.paint.ink(Ink::Warn, told)))
}

/// Where it was said: the caller's own names, else ids.
fn place_of(message: &RecalledMessage) -> String {
    let session = message.session_key.clone().unwrap_or_else(|| message.session.to_string());
    match &message.client_id {
        Some(id) if session.len() + id.len() <= 48 => format!("{session} {id}"),
        Some(_) | None => format!("{session} #{}", message.ordinal),
    }
}

fn neighbour(out: &mut Out, view: View<'_>, turn: &NeighbourTurn) -> io::Result<()> {
    let who = turn.author.clone().unwrap_or_else(|| wire_word(&turn.role));
    let width = out.width.saturating_sub(view.indent + 4);
    let line = shorten(&printable(&format!("{who}: {}", turn.text)), width);
    out.line(format!("{}    {}", " ".repeat(view.indent), out.paint.faint(line)))
}
