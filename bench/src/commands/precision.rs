//! `precision`: PrecisionMemBench over native memories: is what does not belong kept out?

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;

use super::Report;
use crate::beliefs::Beliefs;
use crate::data::precision::{Case, main_user, read_cases, read_seed};
use crate::house::House;
use crate::measure::selection::{Verdict, judge};
use crate::measure::{mean, rounded};

/// Options of `precision`.
#[derive(Debug, clap::Args)]
pub(crate) struct Precision {
    /// The seed of beliefs.
    #[arg(long, value_name = "FILE")]
    seed: PathBuf,
    /// The cases.
    #[arg(long, value_name = "FILE")]
    cases: PathBuf,
}

/// What `precision` found out.
#[derive(Debug, Serialize)]
pub(crate) struct PrecisionReport {
    passed: usize,
    total: usize,
    /// Passed cases in which something was expected and served: nothing and everything do not count.
    active_passes: usize,
    mean_precision: f64,
    mean_recall: f64,
    failed: Vec<String>,
    /// What did not hold, by case.
    failures: BTreeMap<String, Vec<String>>,
}

impl Precision {
    /// Writes the seed as memories, runs every case through recall and judges what was served.
    pub(crate) async fn run(self) -> Result<PrecisionReport> {
        let (seed, cases) = (read_seed(&self.seed)?, read_cases(&self.cases)?);
        let house = House::open(None).await?;
        eprintln!("writing {} beliefs", seed.len());
        let beliefs = Beliefs::write(&house, &seed).await?;
        let user = main_user();
        let pinned: BTreeSet<String> =
            seed.iter().filter(|one| one.pinned && one.user == user).map(|one| one.id.clone()).collect();
        eprintln!("running {} cases", cases.len());
        let mut verdicts = Vec::new();
        for case in &cases {
            let served = beliefs.serve(&house, case).await?;
            verdicts.push((case, judge(&case.expect, &served, &pinned)));
        }
        house.close().await;
        Ok(report(&verdicts))
    }
}

fn report(verdicts: &[(&Case, Verdict)]) -> PrecisionReport {
    let failed = verdicts.iter().filter(|(_, verdict)| !verdict.passed());
    let failures: BTreeMap<String, Vec<String>> =
        failed.clone().map(|(case, verdict)| (case.case_id.clone(), verdict.failures.clone())).collect();
    PrecisionReport {
        passed: verdicts.iter().filter(|(_, verdict)| verdict.passed()).count(),
        total: verdicts.len(),
        active_passes: verdicts.iter().filter(|(_, verdict)| verdict.passed_actively()).count(),
        mean_precision: rounded(mean(verdicts.iter().filter_map(|(_, verdict)| verdict.precision))),
        mean_recall: rounded(mean(verdicts.iter().filter_map(|(_, verdict)| verdict.recall))),
        failed: failed.map(|(case, _)| case.case_id.clone()).collect(),
        failures,
    }
}

impl Report for PrecisionReport {
    fn human(&self) -> String {
        let mut text = format!("PrecisionMemBench: {} of {} passed", self.passed, self.total);
        let _ = writeln!(
            text,
            ", {} of them actively; mean precision {:.3}, recall {:.3}",
            self.active_passes, self.mean_precision, self.mean_recall
        );
        for (case, failures) in &self.failures {
            let _ = writeln!(text, "  failed: {case}: {}", failures.join("; "));
        }
        text
    }
}
