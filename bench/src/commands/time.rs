//! `time`: phrases of time in a labelled table, resolved and compared.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use dreamkeeper_domain::time::{Granularity, Zone};
use dreamkeeper_language::time::{Anchor, Meaning, read};
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::Report;
use crate::measure::rounded;

/// Times that every text is read for the speed, so that a small table gives a stable figure.
const ROUNDS: u32 = 50;

/// Options of `time`.
#[derive(Debug, clap::Args)]
pub(crate) struct Time {
    /// The table: a JSON object a line, with `text`, `at`, `zone` and `expect` (an object with `start`, `end`
    /// and `granularity`, or null).
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Lists the lines that are not exact.
    #[arg(long)]
    failures: bool,
}

/// A line of the table.
#[derive(Debug, Deserialize)]
struct Line {
    text: String,
    at: Timestamp,
    zone: Zone,
    expect: Option<Expected>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
struct Expected {
    start: DateTime,
    end: DateTime,
    granularity: Granularity,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Exact,
    Wrong,
    Missed,
}

/// What `time` found out; the three shares add up to one.
#[derive(Debug, Serialize)]
pub(crate) struct TimeReport {
    n: usize,
    exact: f64,
    wrong: f64,
    missed: f64,
    /// Microseconds that reading a text takes, over the table.
    mean_us: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failures: Vec<Failure>,
}

#[derive(Debug, Serialize)]
struct Failure {
    line: usize,
    verdict: Verdict,
    text: String,
    expected: String,
    resolved: Vec<String>,
}

impl Time {
    /// Reads every line of the table and compares what is resolved with what is expected.
    pub(crate) fn run(self) -> Result<TimeReport> {
        let table = std::fs::read_to_string(&self.data)
            .with_context(|| format!("cannot read {}", self.data.display()))?;
        let mut judged = Vec::new();
        for (place, text) in table.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            let line: Line = serde_json::from_str(text)
                .with_context(|| format!("{}:{}: is no line of the table", self.data.display(), place + 1))?;
            judged.push((place + 1, judge(&line), line));
        }
        ensure!(!judged.is_empty(), "{} holds no line", self.data.display());
        let share = |verdict| {
            let count = judged.iter().filter(|(_, (found, _), _)| *found == verdict).count();
            rounded(count as f64 / judged.len() as f64)
        };
        let failed = judged.iter().filter(|(_, (verdict, _), _)| self.failures && *verdict != Verdict::Exact);
        Ok(TimeReport {
            n: judged.len(),
            exact: share(Verdict::Exact),
            wrong: share(Verdict::Wrong),
            missed: share(Verdict::Missed),
            mean_us: mean_us(judged.iter().map(|(_, _, line)| line)),
            failures: failed
                .map(|(place, (verdict, resolved), line)| failure(*place, *verdict, resolved, line))
                .collect(),
        })
    }
}

impl Line {
    fn anchor(&self) -> Anchor {
        Anchor { at: self.at, zone: self.zone.rules() }
    }
}

fn judge(line: &Line) -> (Verdict, Vec<Meaning>) {
    let phrases = read(&line.text, &line.anchor());
    let resolved: Vec<Meaning> = phrases.into_iter().filter_map(|phrase| phrase.meaning).collect();
    let is_expected = |meaning: &Meaning| {
        line.expect.is_some_and(|expected| {
            let Meaning { start, end, granularity } = *meaning;
            expected == Expected { start, end, granularity }
        })
    };
    let verdict = match (resolved.as_slice(), line.expect) {
        ([], None) => Verdict::Exact,
        ([], Some(_)) => Verdict::Missed,
        (all, _) if all.iter().all(is_expected) => Verdict::Exact,
        _ => Verdict::Wrong,
    };
    (verdict, resolved)
}

fn failure(place: usize, verdict: Verdict, resolved: &[Meaning], line: &Line) -> Failure {
    let told =
        |start: DateTime, end: DateTime, granularity: Granularity| format!("{start}/{end} {granularity:?}");
    let expected = line.expect.map(|expected| told(expected.start, expected.end, expected.granularity));
    Failure {
        line: place,
        verdict,
        text: format!("{} [{} {}]", line.text, line.at, line.zone),
        expected: expected.unwrap_or_else(|| "nothing".to_owned()),
        resolved: resolved.iter().map(|found| told(found.start, found.end, found.granularity)).collect(),
    }
}

fn mean_us<'a>(lines: impl Iterator<Item = &'a Line>) -> f64 {
    let anchored: Vec<(&str, Anchor)> = lines.map(|line| (line.text.as_str(), line.anchor())).collect();
    let begun = Instant::now();
    for _ in 0..ROUNDS {
        for (text, anchor) in &anchored {
            black_box(read(black_box(text), anchor));
        }
    }
    rounded(begun.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS) / anchored.len() as f64)
}

impl Report for TimeReport {
    fn human(&self) -> String {
        let mut text = format!(
            "time: {} lines, exact {:.3}, wrong {:.3}, missed {:.3}; {:.1} µs a text\n",
            self.n, self.exact, self.wrong, self.missed, self.mean_us
        );
        for failure in &self.failures {
            let _ = writeln!(
                text,
                "  line {}: {:?}: {}\n    expected {}, resolved {}",
                failure.line,
                failure.verdict,
                failure.text,
                failure.expected,
                if failure.resolved.is_empty() { "nothing".to_owned() } else { failure.resolved.join(", ") }
            );
        }
        text
    }
}
