//! `locomo`: is the turn that answers a question found?

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;

use super::Report;
use super::asking::{Asked, CategoryFigures, Manner, keep_all, recall_line};
use crate::data::{Conversation, locomo};
use crate::house::{CutOff, House};
use crate::measure::ranking::Recalls;
use crate::measure::rounded;

const KS: [usize; 5] = [1, 3, 5, 10, 20];

/// Options of `locomo`.
#[derive(Debug, clap::Args)]
pub(crate) struct Locomo {
    /// LoCoMo's conversations, one JSON file.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    #[command(flatten)]
    ablation: super::Ablation,
}

/// What `locomo` found out: with the cut-off off, and at defaults.
#[derive(Debug, Serialize)]
pub(crate) struct LocomoReport {
    #[serde(flatten)]
    headline: Figures,
    at_defaults: Figures,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    without: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Figures {
    questions: usize,
    turn_recall: Recalls,
    ndcg_10: f64,
    by_category: BTreeMap<String, CategoryFigures>,
    silent: f64,
    ms_per_query_p50: f64,
    ms_per_query_p99: f64,
}

impl Locomo {
    /// Keeps every conversation in a scope of its own and asks its questions there.
    pub(crate) async fn run(self) -> Result<LocomoReport> {
        let conversations = locomo::read(&self.data)?;
        let house = House::open(None).await?;
        keep_all(&house, &conversations).await?;
        let without = self.ablation.without;
        let headline = figures(&house, &conversations, CutOff::Off, &without).await?;
        let at_defaults = figures(&house, &conversations, CutOff::Default, &without).await?;
        house.close().await;
        Ok(LocomoReport { headline, at_defaults, without })
    }
}

async fn figures(
    house: &House,
    conversations: &[Conversation],
    cut_off: CutOff,
    without: &[String],
) -> Result<Figures> {
    let mut asked = Asked::default();
    for conversation in conversations {
        eprintln!("asking {} questions of {}", conversation.questions.len(), conversation.name);
        asked.ask(house, conversation, conversation, Manner { limit: 20, cut_off, without }).await?;
    }
    Ok(Figures {
        questions: asked.judged.len(),
        turn_recall: asked.recalls(&KS),
        ndcg_10: asked.ndcg(10),
        by_category: asked.by_category(&KS).into_iter().collect(),
        silent: asked.silent(),
        ms_per_query_p50: rounded(asked.durations.percentile_ms(50)),
        ms_per_query_p99: rounded(asked.durations.percentile_ms(99)),
    })
}

impl Report for LocomoReport {
    fn human(&self) -> String {
        let mut text = format!("LoCoMo, {} questions, turns recalled\n", self.headline.questions);
        for (name, figures) in [("cut-off off", &self.headline), ("at defaults", &self.at_defaults)] {
            let line = recall_line(&figures.turn_recall);
            let _ = writeln!(text, "  {name:<12} {line}  NDCG@10 {:.3}", figures.ndcg_10);
        }
        text.push_str("by category, cut-off off: 1 multi-hop, 2 temporal, 3 open-domain, ");
        text.push_str("4 single-hop, 5 adversarial\n");
        for (name, figures) in &self.headline.by_category {
            let line = recall_line(&figures.recall);
            let _ = writeln!(
                text,
                "  {name} ({:>3})      {line}  NDCG@10 {:.3}",
                figures.questions, figures.ndcg_10
            );
        }
        let (p50, p99) = (self.headline.ms_per_query_p50, self.headline.ms_per_query_p99);
        let _ = writeln!(text, "silent at defaults {:.1} %", self.at_defaults.silent * 100.0);
        let _ = writeln!(text, "a query takes {p50:.2} ms (p50), {p99:.2} ms (p99), embedding included");
        super::tell_ablation(&mut text, &self.without);
        text
    }
}
