//! `beam`: are the messages that a probing question rests on found?

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;

use super::Report;
use super::asking::{Asked, CategoryFigures, Manner, keep_all, recall_line};
use crate::data::beam;
use crate::house::{CutOff, House};
use crate::measure::ranking::Recalls;
use crate::measure::rounded;

const KS: [usize; 4] = [5, 10, 20, 50];

/// Options of `beam`.
#[derive(Debug, clap::Args)]
pub(crate) struct Beam {
    /// The folder that holds BEAM's chats: `N/chat.json`, `N/probing_questions/probing_questions.json`.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    #[command(flatten)]
    ablation: super::Ablation,
}

/// What `beam` found out.
#[derive(Debug, Serialize)]
pub(crate) struct BeamReport {
    questions: usize,
    recall: Recalls,
    by_ability: BTreeMap<String, CategoryFigures>,
    ndcg_10: f64,
    ms_per_query_p50: f64,
    ms_per_query_p99: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    without: Vec<String>,
}

impl Beam {
    /// Keeps every chat in a scope of its own and asks its questions there.
    pub(crate) async fn run(self) -> Result<BeamReport> {
        let conversations = beam::read(&self.data)?;
        let house = House::open(None).await?;
        keep_all(&house, &conversations).await?;
        let without = self.ablation.without;
        let mut asked = Asked::default();
        for conversation in &conversations {
            eprintln!("asking {} questions of {}", conversation.questions.len(), conversation.name);
            let manner = Manner { limit: 50, cut_off: CutOff::Off, without: &without };
            asked.ask(&house, conversation, conversation, manner).await?;
        }
        house.close().await;
        Ok(BeamReport {
            questions: asked.judged.len(),
            recall: asked.recalls(&KS),
            by_ability: asked.by_category(&KS).into_iter().collect(),
            ndcg_10: asked.ndcg(10),
            ms_per_query_p50: rounded(asked.durations.percentile_ms(50)),
            ms_per_query_p99: rounded(asked.durations.percentile_ms(99)),
            without,
        })
    }
}

impl Report for BeamReport {
    fn human(&self) -> String {
        let mut text = format!("BEAM, {} questions, evidence messages recalled\n", self.questions);
        let _ = writeln!(text, "  {:<26} {}", "all", recall_line(&self.recall));
        for (name, figures) in &self.by_ability {
            let _ = writeln!(text, "  {name:<26} {}", recall_line(&figures.recall));
        }
        let (p50, p99) = (self.ms_per_query_p50, self.ms_per_query_p99);
        let _ = writeln!(text, "a query takes {p50:.2} ms (p50), {p99:.2} ms (p99), embedding included");
        super::tell_ablation(&mut text, &self.without);
        text
    }
}
