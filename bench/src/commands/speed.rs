//! `speed`: how fast, and how small? Each figure beside its bound, on natural text and real questions.

mod disk;
mod figures;
mod importing;
mod recalling;
mod space;

use std::path::PathBuf;

use anyhow::{Result, ensure};

use super::Report;
use crate::data::natural::Natural;
use crate::house::House;
use figures::Figures;
use serde::Serialize;

/// Options of `speed`.
#[derive(Debug, clap::Args)]
pub(crate) struct Speed {
    /// Where sentences and questions come from: a LoCoMo file or a BEAM folder; the conversation that ships
    /// with the repository unless told.
    #[arg(long, value_name = "PATH")]
    data: Option<PathBuf>,
    /// Where the data is kept while measuring; what is durable depends on the disk. The system's directory
    /// for temporary files unless told.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Passages in the scopes that are asked, each a scope of its own, smallest first.
    #[arg(long, value_name = "N", value_delimiter = ',', default_values_t = [1_000, 10_000, 100_000])]
    passages: Vec<usize>,
    /// How many small scopes stand beside them.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    scopes: usize,
}

/// What `speed` found out.
#[derive(Debug, Serialize)]
pub(crate) struct SpeedReport {
    /// Where the data was kept.
    directory: String,
    /// Different sentences that messages were put together from, and different questions.
    sentences: usize,
    questions: usize,
    figures: Figures,
}

impl Speed {
    /// Measures everything in one directory, one thing after another.
    pub(crate) async fn run(self) -> Result<SpeedReport> {
        ensure!(!self.passages.is_empty() && self.passages.is_sorted(), "--passages: smallest first");
        let natural = Natural::read(self.data.as_deref())?;
        let (sentences, questions) = natural.counts();
        let house = House::open(self.dir.as_deref()).await?;
        let directory = house.directory().display().to_string();
        let mut figures = Figures::default();

        disk::measure(&house, &natural, &mut figures).await?;
        importing::measure(&house, &natural, &self.passages, &mut figures).await?;
        importing::fill_small_scopes(&house, &natural, self.scopes).await?;
        recalling::measure(&house, &natural, &self.passages, &mut figures).await?;
        recalling::measure_small_scopes(&house, &natural, self.scopes, &mut figures).await?;
        space::measure_disk(&house, &mut figures).await?;
        // The next figures need a process that has done nothing else; the house must let go of its data.
        let own = house.into_directory().await?;
        space::measure_cold(own.path(), &natural, &self.passages, &mut figures)?;
        Ok(SpeedReport { directory, sentences, questions, figures })
    }
}

impl Report for SpeedReport {
    fn human(&self) -> String {
        format!(
            "Speed, {} sentences and {} questions, data in {}\n{}",
            self.sentences,
            self.questions,
            self.directory,
            self.figures.table()
        )
    }
}

/// The user in whose scope that many passages are.
fn user_of(passages: usize) -> String {
    format!("scope-of-{passages}")
}

/// The user of a small scope.
fn small_user(number: usize) -> String {
    format!("small-{number}")
}
