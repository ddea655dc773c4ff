//! `rules`: what is learned without a model, against labelled messages: is it right, is it all, is it little?

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use dreamkeeper_language::statements::{Statement, Utterance, read};
use dreamkeeper_language::time::Anchor;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::Report;
use crate::data::locomo;
use crate::measure::rounded;
use crate::measure::statements::{Expected, match_up};

/// Options of `rules`.
#[derive(Debug, clap::Args)]
pub(crate) struct Rules {
    /// Labelled messages, one JSON object a line: text, speaker, at, zone, label, expect.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Conversations of LoCoMo, to tell how many memories 100 turns of small talk leave.
    #[arg(long, value_name = "FILE")]
    locomo: Option<PathBuf>,
    /// Lists what was missed and what was wrong.
    #[arg(long)]
    failures: bool,
}

#[derive(Debug, Deserialize)]
struct Line {
    text: String,
    #[serde(default)]
    speaker: Option<String>,
    at: Timestamp,
    #[serde(default)]
    zone: Option<String>,
    label: String,
    #[serde(default)]
    expect: Vec<Expected>,
}

/// Right, wrong and missed of one label.
#[derive(Debug, Default, Clone, Copy)]
struct Count {
    lines: usize,
    expected: usize,
    right: usize,
    wrong: usize,
    kinds: usize,
}

/// One label's figures.
#[derive(Debug, Serialize)]
struct Figures {
    n: usize,
    precision: f64,
    recall: f64,
}

/// What `rules` found out.
#[derive(Debug, Serialize)]
pub(crate) struct RulesReport {
    lines: usize,
    precision: f64,
    recall: f64,
    by_label: BTreeMap<String, Figures>,
    /// Of the right ones, how many are of the expected kind.
    kind_agreement: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    memories_per_100_turns: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failures: Vec<String>,
}

impl Rules {
    /// Reads every message and compares what was read with what was expected.
    pub(crate) fn run(self) -> Result<RulesReport> {
        let text = fs::read_to_string(&self.data)
            .with_context(|| format!("cannot read {}: check the path", self.data.display()))?;
        let mut counts: BTreeMap<String, Count> = BTreeMap::new();
        let mut failures = Vec::new();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let line: Line = serde_json::from_str(line)
                .with_context(|| format!("{}:{}: not a labelled message", self.data.display(), number + 1))?;
            let read = statements(&line.text, line.speaker.as_deref(), line.at, line.zone.as_deref());
            let matched = match_up(&read, &line.expect, &line.text);
            let count = counts.entry(line.label.clone()).or_default();
            count.lines += 1;
            count.expected += line.expect.len();
            count.right += matched.right;
            count.kinds += matched.kinds;
            count.wrong += matched.wrong.len();
            if self.failures {
                failures.extend(matched.wrong.iter().map(|at| tell_wrong(&line, &read[*at])));
                failures.extend(matched.missed.iter().map(|at| tell_missed(&line, &line.expect[*at])));
            }
        }
        let memories_per_100_turns = self.locomo.map(|path| small_talk(&path)).transpose()?;
        Ok(report(&counts, memories_per_100_turns, failures))
    }
}

fn tell_wrong(line: &Line, read: &Statement) -> String {
    format!("wrong  [{}] {} => {} / {} ({})", line.label, line.text, read.subject, read.text, read.attribute)
}

fn tell_missed(line: &Line, missed: &Expected) -> String {
    format!("missed [{}] {} => {} / {}", line.label, line.text, missed.subject, missed.value)
}

fn statements(text: &str, speaker: Option<&str>, at: Timestamp, zone: Option<&str>) -> Vec<Statement> {
    let zone = zone.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC);
    let anchor = Anchor { at, zone };
    read(&Utterance { text, speaker, anchor: &anchor }).statements
}

fn small_talk(path: &std::path::Path) -> Result<f64> {
    let (mut turns, mut memories) = (0, 0);
    for conversation in locomo::read(path)? {
        for turn in conversation.sessions.iter().flat_map(|session| &session.turns) {
            turns += 1;
            memories += statements(&turn.text, turn.speaker.as_deref(), turn.at, None).len();
        }
    }
    Ok(rounded(100.0 * memories as f64 / f64::from(turns.max(1))))
}

/// A share, 1 where there is nothing to share.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { rounded(part as f64 / whole as f64) }
}

fn report(counts: &BTreeMap<String, Count>, per_100: Option<f64>, failures: Vec<String>) -> RulesReport {
    let sum = |of: fn(&Count) -> usize| counts.values().map(of).sum::<usize>();
    let (right, wrong) = (sum(|count| count.right), sum(|count| count.wrong));
    let figures = |count: &Count| Figures {
        n: count.lines,
        precision: share(count.right, count.right + count.wrong),
        recall: share(count.right, count.expected),
    };
    RulesReport {
        lines: sum(|count| count.lines),
        precision: share(right, right + wrong),
        recall: share(right, sum(|count| count.expected)),
        by_label: counts.iter().map(|(label, count)| (label.clone(), figures(count))).collect(),
        kind_agreement: share(sum(|count| count.kinds), right),
        memories_per_100_turns: per_100,
        failures,
    }
}

impl Report for RulesReport {
    fn human(&self) -> String {
        let mut text = format!(
            "rules over {} messages: precision {:.3}, recall {:.3}, kinds {:.3}\n",
            self.lines, self.precision, self.recall, self.kind_agreement
        );
        for (label, figures) in &self.by_label {
            let (n, precision, recall) = (figures.n, figures.precision, figures.recall);
            let _ = writeln!(text, "  {label:<24} {n:>4}  precision {precision:.3}  recall {recall:.3}");
        }
        if let Some(per_100) = self.memories_per_100_turns {
            let _ = writeln!(text, "memories per 100 turns of small talk: {per_100:.1}");
        }
        for failure in &self.failures {
            let _ = writeln!(text, "  {failure}");
        }
        text
    }
}
