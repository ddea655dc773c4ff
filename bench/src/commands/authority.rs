//! `authority`: how many turns of everyday talk are marked as telling an amount, an identity or a permission.
//!
//! LoCoMo's turns are of friends who talk: what is marked among them is mostly marked for nothing, so that it is listed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use dreamkeeper_language::authority::matters;
use serde::Serialize;

use super::Report;
use crate::data::locomo::read;

/// Options of `authority`.
#[derive(Debug, clap::Args)]
pub(crate) struct Authority {
    /// A LoCoMo file.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
}

/// What `authority` found out.
#[derive(Debug, Default, Serialize)]
pub(crate) struct AuthorityReport {
    turns: usize,
    marked: usize,
    /// Turns by the matter that they are said to tell of.
    by_matter: BTreeMap<&'static str, usize>,
    /// The marked turns, to be judged by a person.
    texts: Vec<String>,
}

impl Authority {
    /// Reads every turn.
    pub(crate) fn run(self) -> Result<AuthorityReport> {
        let mut report = AuthorityReport::default();
        let conversations = read(&self.data)?;
        for turn in conversations.iter().flat_map(|known| &known.sessions).flat_map(|session| &session.turns)
        {
            let told = matters(&turn.text);
            report.turns += 1;
            report.marked += usize::from(!told.is_empty());
            for matter in &told {
                *report.by_matter.entry(matter.as_str()).or_default() += 1;
            }
            if !told.is_empty() {
                report.texts.push(turn.text.clone());
            }
        }
        Ok(report)
    }
}

impl Report for AuthorityReport {
    fn human(&self) -> String {
        let share = self.marked as f64 / self.turns.max(1) as f64;
        let mut text =
            format!("{} of {} turns are marked ({:.1} %)\n", self.marked, self.turns, share * 100.0);
        for (matter, count) in &self.by_matter {
            let _ = writeln!(text, "  {matter:<12} {count}");
        }
        for marked in &self.texts {
            let _ = writeln!(text, "- {marked}");
        }
        text
    }
}
