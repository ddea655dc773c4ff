//! Bytes on disk and in memory, and what a process that begins anew needs until it is ready.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::figures::{Bound, Figures};
use super::user_of;
use crate::commands::cold::ColdReport;
use crate::data::natural::Natural;
use crate::house::House;

/// Bytes of the data directory for each passage in it.
pub(super) async fn measure_disk(house: &House, figures: &mut Figures) -> Result<()> {
    let stats = house.stats().await?;
    let passages = stats.store.passage_count.max(1) as f64;
    figures.tell("passages kept", passages, "passages");
    figures.tell("disk", stats.store.disk_bytes as f64 / passages, "bytes/passage");
    Ok(())
}

/// Starts this program anew over the data: nothing is loaded then, and all that it takes is the index's.
pub(super) fn measure_cold(
    directory: &Path,
    natural: &Natural,
    sizes: &[usize],
    figures: &mut Figures,
) -> Result<()> {
    for &size in sizes {
        eprintln!("starting anew over {size} passages in scope");
        let report = start(directory, &user_of(size), natural.question(1))?;
        let first = (report.first_recall_ms, "ms");
        figures.hold(format!("first recall at {size}"), first, (Bound::AtMost, 500.0));
        if Some(&size) == sizes.last() {
            figures.hold("cold start", (report.ready_ms, "ms"), (Bound::AtMost, 200.0));
            let passages = report.passages_loaded.max(1) as f64;
            let resident = (report.resident_bytes as f64 / passages, "bytes/passage");
            figures.hold("resident", resident, (Bound::AtMost, 700.0));
            figures.tell(
                "resident, by the index's count",
                report.index_bytes as f64 / passages,
                "bytes/passage",
            );
        }
    }
    Ok(())
}

fn start(directory: &Path, user: &str, question: &str) -> Result<ColdReport> {
    let program = std::env::current_exe().context("cannot find this program's file")?;
    let mut command = Command::new(program);
    command.args(["cold", "--json", "--user", user, "--question", question, "--data"]).arg(directory);
    let output = command.stderr(Stdio::inherit()).output().context("cannot start this program anew")?;
    ensure!(output.status.success(), "the program that was started anew failed: {}", output.status);
    serde_json::from_slice(&output.stdout).context("the program that was started anew said nothing readable")
}
