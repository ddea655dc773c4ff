//! Dreams and their changes: on a line, whole, and as coloured differences.

use std::io;

use dreamkeeper_api::dream::{
    Change, ChangeEffect, ChangeMaker, ChangeSummary, ClaimFate, Dream, DreamOutcome, Review,
};
use dreamkeeper_api::words::DreamStatus;

use super::{actor, scope, wire_word};
use crate::output::Out;
use crate::output::diff::{Run, diff};
use crate::output::paint::{Ink, Paint};
use crate::output::text::printable;
use crate::output::time::moment;

/// What a dream came to, in a few words.
pub(crate) fn outcome(dream: &Dream) -> String {
    match (&dream.error, &dream.outcome) {
        (Some(error), _) => format!("failed: {}", error.message),
        (None, Some(DreamOutcome::Proposed)) => "proposed".to_owned(),
        (None, Some(DreamOutcome::NothingToDo)) => "nothing to do".to_owned(),
        (None, Some(DreamOutcome::DidNothing { because })) => format!("did nothing: {because}"),
        (None, Some(DreamOutcome::Stopped { because })) => format!("stopped: {because}"),
        (None, None) => wire_word(&dream.status),
    }
}

/// What a dream is over.
pub(crate) fn target(dream: &Dream) -> String {
    let store = dream.target.store.map(|store| format!("store {store}"));
    let memories = dream.target.scope.as_ref().map(|found| format!("memories of {}", scope(found)));
    store.into_iter().chain(memories).collect::<Vec<_>>().join(" and ")
}

/// The dream, its diary and its changes.
pub(crate) fn whole(out: &mut Out, dream: &Dream, changes: &[ChangeSummary]) -> io::Result<()> {
    out.line(out.paint.strong(format!("Dream {} over {}", dream.id, target(dream))))?;
    let when = moment(dream.created_at.0, None);
    let ink = if dream.status == DreamStatus::Failed { Ink::Bad } else { Ink::Good };
    out.line(format!("{}, {when}, by {}", out.paint.ink(ink, outcome(dream)), actor(&dream.actor)))?;
    out.block(0, None, &dream.diary)?;
    for change in changes {
        line(out, change)?;
    }
    for adoption in &dream.adoptions {
        let back = adoption.rolled_back_at.map(|at| format!(", rolled back {}", moment(at.0, None)));
        let told = format!(
            "adoption {}: {} changes, {}, by {}{}",
            adoption.number,
            adoption.changes.len(),
            moment(adoption.at.0, None),
            actor(&adoption.actor),
            back.unwrap_or_default(),
        );
        out.line(out.paint.faint(told))?;
    }
    Ok(())
}

/// A change on a line.
pub(crate) fn line(out: &mut Out, change: &ChangeSummary) -> io::Result<()> {
    let (word, ink) = standing(&change.review);
    let head = format!("{:>4}  {:<11}{:<10}", change.number, word, wire_word(&change.kind));
    out.line(format!("{}{}", out.paint.ink(ink, head), printable(&change.title)))
}

fn standing(review: &Review) -> (&'static str, Ink) {
    match review {
        Review::Waiting => ("waiting", Ink::Accent),
        Review::Accepted { .. } => ("accepted", Ink::Good),
        Review::Rejected { .. } => ("rejected", Ink::Bad),
        Review::SetAside { .. } => ("set aside", Ink::Warn),
        Review::Adopted { .. } => ("adopted", Ink::Good),
        Review::RolledBack { .. } => ("rolled back", Ink::Warn),
    }
}

/// A change with why, and what it writes.
pub(crate) fn change(out: &mut Out, change: &Change) -> io::Result<()> {
    line(out, &change.summary)?;
    out.block(6, None, &change.summary.reason)?;
    if let Review::SetAside { reasons } = &change.summary.review {
        for reason in reasons {
            out.line(format!("      {}", out.paint.ink(Ink::Warn, printable(reason))))?;
        }
    }
    for effect in change.effects.iter().filter(|effect| !effect.is_relied_on) {
        effect_lines(out, effect)?;
    }
    Ok(())
}

/// What a change rests on, and what becomes of claims.
pub(crate) fn evidence(out: &mut Out, change: &Change) -> io::Result<()> {
    let maker = match &change.summary.maker {
        ChangeMaker::Rule(rule) => format!("rule `{rule}`"),
        ChangeMaker::Model { model, .. } => format!("model {model}"),
        ChangeMaker::Person(person) => actor(person),
    };
    out.line(format!("      proposed by {maker}, origin {}", wire_word(&change.summary.origin)))?;
    for quote in &change.evidence {
        let words = out.paint.ink(Ink::Quote, format!("“{}”", printable(&quote.quote)));
        out.line(format!("      {words} {}", out.paint.faint(format!("message {}", quote.message))))?;
    }
    for claim in &change.claims {
        let fate = match &claim.fate {
            ClaimFate::Kept => "stays".to_owned(),
            ClaimFate::Moved { to } => format!("moves to {to}"),
            ClaimFate::Merged { into } => format!("says the same as “{into}”"),
            ClaimFate::Superseded { by } => format!("is replaced by “{by}”"),
            ClaimFate::Redated { to } => format!("reads “{to}” then"),
            ClaimFate::Dropped { reason } => format!("is dropped: {reason}"),
            ClaimFate::Added => "is new".to_owned(),
        };
        out.line(format!("      {}: “{}” {}", claim.place, printable(&claim.text), printable(&fate)))?;
    }
    for effect in change.effects.iter().filter(|effect| effect.is_relied_on) {
        let place = effect.path_before.clone().or(effect.memory.map(|id| id.to_string())).unwrap_or_default();
        out.line(out.paint.faint(format!("      relies on {place} as it is")))?;
    }
    Ok(())
}

fn effect_lines(out: &mut Out, effect: &ChangeEffect) -> io::Result<()> {
    if let Some(operation) = effect.operation.filter(|_| effect.before == effect.after) {
        let id = effect.memory.map(|id| id.to_string()).unwrap_or_default();
        return out.line(format!("      memory {id}: {}", wire_word(&operation)));
    }
    if let (Some(from), Some(to)) = (&effect.path_before, &effect.path_after)
        && from != to
    {
        out.line(format!("      {from} → {to}"))?;
    }
    for line in diff_lines(out.paint, &effect.diff) {
        out.line(line)?;
    }
    Ok(())
}

/// A unified difference in colours; in lines that changed, the words that did.
pub(crate) fn diff_lines(paint: Paint, unified: &str) -> Vec<String> {
    let (mut lines, mut removed, mut added): (Vec<String>, Vec<&str>, Vec<&str>) = Default::default();
    for line in unified.lines() {
        match line.as_bytes().first() {
            Some(b'-') if !line.starts_with("--- ") && added.is_empty() => removed.push(&line[1..]),
            Some(b'+') if !line.starts_with("+++ ") => added.push(&line[1..]),
            _ => {
                changed(paint, (&mut removed, &mut added), &mut lines);
                let is_head = ["--- ", "+++ ", "@@"].iter().any(|mark| line.starts_with(mark));
                lines.push(if is_head { paint.faint(line) } else { printable(line) });
            }
        }
    }
    changed(paint, (&mut removed, &mut added), &mut lines);
    lines
}

fn changed(paint: Paint, (removed, added): (&mut Vec<&str>, &mut Vec<&str>), lines: &mut Vec<String>) {
    if removed.len() == added.len() {
        for (old, new) in removed.drain(..).zip(added.drain(..)) {
            let runs = diff(old, new);
            lines.push(side(paint, ('-', Ink::Bad), &runs));
            lines.push(side(paint, ('+', Ink::Good), &runs));
        }
        return;
    }
    lines.extend(removed.drain(..).map(|line| paint.ink(Ink::Bad, format!("-{}", printable(line)))));
    lines.extend(added.drain(..).map(|line| paint.ink(Ink::Good, format!("+{}", printable(line)))));
}

/// One side of a changed line.
fn side(paint: Paint, (mark, ink): (char, Ink), runs: &[Run]) -> String {
    let words = runs.iter().filter_map(|run| match (run, mark) {
        (Run::Same(words), _) => Some(printable(words)),
        (Run::Removed(words), '-') | (Run::Added(words), '+') => Some(paint.ink(ink, printable(words))),
        (Run::Removed(_) | Run::Added(_), _) => None,
    });
    format!("{}{}", paint.ink(ink, mark.to_string()), words.collect::<Vec<_>>().join(" "))
}
