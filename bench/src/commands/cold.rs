//! `cold` (hidden; `speed` calls it): what a process that begins anew over a data directory needs.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context as _, Result};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::recall::RecallRequest;
use serde::{Deserialize, Serialize};

use super::Report;
use crate::house::House;

/// Options of `cold`.
#[derive(Debug, clap::Args)]
pub(crate) struct Cold {
    /// A data directory that nobody has open.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// In whose scope to ask.
    #[arg(long)]
    user: String,
    /// What to ask first.
    #[arg(long)]
    question: String,
}

/// What `cold` found out.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ColdReport {
    /// From the start of `main` until questions can be asked.
    pub(crate) ready_ms: f64,
    /// The first recall, which loads the segment.
    pub(crate) first_recall_ms: f64,
    /// What the process grew by from being ready to having answered.
    pub(crate) resident_bytes: u64,
    /// What the index says that it holds.
    pub(crate) index_bytes: u64,
    /// Passages that were loaded for the answer.
    pub(crate) passages_loaded: u64,
}

impl Cold {
    /// Opens the data, asks once.
    pub(crate) async fn run(self) -> Result<ColdReport> {
        let start = Instant::now();
        let house = House::reopen(&self.data).await?;
        let ready_ms = start.elapsed().as_secs_f64() * 1_000.0;
        let before = resident_bytes()?;
        let request = RecallRequest::new(self.question, Scope::user(self.user));
        let start = Instant::now();
        house.recall(request).await?;
        let first_recall_ms = start.elapsed().as_secs_f64() * 1_000.0;
        let resident_bytes = resident_bytes()?.saturating_sub(before);
        let index = house.stats().await?.index;
        house.close().await;
        Ok(ColdReport {
            ready_ms,
            first_recall_ms,
            resident_bytes,
            index_bytes: index.resident_bytes as u64,
            passages_loaded: index.passage_count as u64,
        })
    }
}

/// The memory this process has in use, as Linux counts it.
fn resident_bytes() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status").context("/proc is needed to measure memory")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    Ok(kib.context("/proc/self/status names no VmRSS")? * 1_024)
}

impl Report for ColdReport {
    fn human(&self) -> String {
        format!(
            "ready in {:.1} ms, first recall in {:.1} ms, {} bytes for {} passages\n",
            self.ready_ms, self.first_recall_ms, self.resident_bytes, self.passages_loaded
        )
    }
}
