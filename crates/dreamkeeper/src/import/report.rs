//! Report: what an import read, wrote, found there already, skipped and refused.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::found::Place;
use crate::output::Out;
use crate::output::paint::Ink;
use crate::output::text::{count, digits, pad, printable};

/// Refused things that are kept with their places; the rest is counted.
const REFUSED_KEPT_MAX: usize = 1_000;

/// How many of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    pub(crate) messages: u64,
    pub(crate) memories: u64,
    pub(crate) state: u64,
}

/// Something that was refused.
#[derive(Debug, Serialize)]
pub(crate) struct Refused {
    /// Where it stands.
    pub(crate) place: String,
    /// Why.
    pub(crate) reason: String,
}

/// What became of everything.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    /// Whether nothing was to be written.
    pub(crate) dry_run: bool,
    /// Files that were read.
    pub(crate) file_count: u64,
    /// Things that were found in them, skipped and refused ones included.
    pub(crate) read_count: u64,
    /// Sessions that got messages now.
    pub(crate) session_count: u64,
    /// Written now; in a dry run, what would be.
    pub(crate) imported: Counts,
    /// Found there already.
    pub(crate) already_there: Counts,
    /// Changed since they were imported first.
    pub(crate) updated: Counts,
    /// Left out on purpose, by reason.
    pub(crate) skipped: BTreeMap<&'static str, u64>,
    /// How many were refused.
    pub(crate) refused_count: u64,
    /// The first of them.
    pub(crate) refused: Vec<Refused>,
    #[serde(skip)]
    pub(super) sessions: BTreeSet<u64>,
}

impl Report {
    /// Notes something that was left out on purpose.
    pub(super) fn skip(&mut self, why: &'static str) {
        *self.skipped.entry(why).or_default() += 1;
    }

    /// Notes something that was refused.
    pub(super) fn refuse(&mut self, place: &Place, reason: String) {
        self.refused_count += 1;
        if self.refused.len() < REFUSED_KEPT_MAX {
            self.refused.push(Refused { place: place.to_string(), reason });
        }
    }

    /// Tells it to a person.
    pub(crate) fn show(&self, out: &mut Out, indent: usize) -> std::io::Result<()> {
        let imported = if self.dry_run { "would import" } else { "imported" };
        self.row(out, indent, imported, &self.told(&self.imported, true))?;
        if self.updated != Counts::default() {
            self.row(out, indent, "updated", &self.told(&self.updated, false))?;
        }
        if self.already_there != Counts::default() {
            self.row(out, indent, "already there", &self.told(&self.already_there, false))?;
        }
        for (place, (why, number)) in self.skipped.iter().enumerate() {
            let name = if place == 0 { "skipped" } else { "" };
            self.row(out, indent, name, &format!("{} {why}", digits(*number)))?;
        }
        if self.refused_count > 0 {
            let number = out.paint.ink(Ink::Bad, digits(self.refused_count));
            self.row(out, indent, "refused", &format!("{number}, each told above with its place"))?;
        }
        Ok(())
    }

    fn row(&self, out: &mut Out, indent: usize, name: &str, value: &str) -> std::io::Result<()> {
        let name = out.paint.faint(pad(name, 15));
        out.line(format!("{}{name}{value}", " ".repeat(indent)))
    }

    fn told(&self, counts: &Counts, with_sessions: bool) -> String {
        let mut told = Vec::new();
        if counts.messages > 0 {
            let sessions = count(self.session_count, "session");
            let within = if with_sessions { format!(" in {sessions}") } else { String::new() };
            told.push(format!("{}{within}", count(counts.messages, "message")));
        }
        if counts.memories > 0 {
            told.push(count(counts.memories, "memory"));
        }
        if counts.state > 0 {
            told.push(count(counts.state, "state value"));
        }
        if told.is_empty() { "nothing".to_owned() } else { told.join(", ") }
    }

    /// A refusal as a line for stderr.
    pub(crate) fn refused_line(place: &Place, reason: &str) -> String {
        format!("{place}: {}", printable(reason))
    }
}
