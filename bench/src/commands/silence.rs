//! `silence`: is a question that a scope cannot answer met with silence, and one that it can with an answer?

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Result, ensure};
use serde::Serialize;

use super::Report;
use super::asking::{Asked, Manner, keep_all};
use crate::data::{Conversation, locomo};
use crate::house::{CutOff, House};
use crate::measure::rounded;
use crate::measure::separation::auc;

/// Options of `silence`.
#[derive(Debug, clap::Args)]
pub(crate) struct Silence {
    /// LoCoMo's conversations, one JSON file.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    #[command(flatten)]
    ablation: super::Ablation,
}

/// What `silence` found out.
#[derive(Debug, Serialize)]
pub(crate) struct SilenceReport {
    /// Questions, each asked in its own scope and in another's.
    questions: usize,
    /// Share answered by silence in another's scope, at defaults.
    silent: f64,
    /// Share answered by silence in their own scope, at defaults.
    own_silent: f64,
    /// Recall at 5 in their own scope.
    own_recall_5: OwnRecall,
    /// How well the first item's score tells own from other, the cut-off off.
    auc: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    without: Vec<String>,
}

#[derive(Debug, Serialize)]
struct OwnRecall {
    all: f64,
    at_defaults: f64,
    lost: f64,
}

impl Silence {
    /// Asks each conversation's questions in its own scope and in the next conversation's.
    pub(crate) async fn run(self) -> Result<SilenceReport> {
        let conversations = locomo::read(&self.data)?;
        ensure!(conversations.len() > 1, "{} holds one conversation: two are needed", self.data.display());
        let house = House::open(None).await?;
        keep_all(&house, &conversations).await?;
        let without = self.ablation.without;
        let own_all = ask(&house, &conversations, Where::Own, CutOff::Off, &without).await?;
        let other_all = ask(&house, &conversations, Where::Other, CutOff::Off, &without).await?;
        let own = ask(&house, &conversations, Where::Own, CutOff::Default, &without).await?;
        let other = ask(&house, &conversations, Where::Other, CutOff::Default, &without).await?;
        house.close().await;
        let (all, at_defaults) = (own_all.recall(5), own.recall(5));
        Ok(SilenceReport {
            questions: own.judged.len(),
            silent: other.silent(),
            own_silent: own.silent(),
            own_recall_5: OwnRecall { all, at_defaults, lost: rounded(all - at_defaults) },
            auc: rounded(auc(&own_all.top_scores, &other_all.top_scores)),
            without,
        })
    }
}

#[derive(Clone, Copy)]
enum Where {
    Own,
    Other,
}

async fn ask(
    house: &House,
    conversations: &[Conversation],
    place: Where,
    cut_off: CutOff,
    without: &[String],
) -> Result<Asked> {
    let mut asked = Asked::default();
    for (number, conversation) in conversations.iter().enumerate() {
        let scope = match place {
            Where::Own => conversation,
            Where::Other => &conversations[(number + 1) % conversations.len()],
        };
        eprintln!("asking the questions of {} in the scope of {}", conversation.name, scope.name);
        asked.ask(house, conversation, scope, Manner { limit: 10, cut_off, without }).await?;
    }
    Ok(asked)
}

impl Report for SilenceReport {
    fn human(&self) -> String {
        let mut text = format!("Silence, {} LoCoMo questions\n", self.questions);
        let percent = |share: f64| share * 100.0;
        let _ =
            writeln!(text, "  asked in another's scope: {:.1} % answered by silence", percent(self.silent));
        let _ = writeln!(
            text,
            "  asked in their own scope: {:.1} % answered by silence",
            percent(self.own_silent)
        );
        let own = &self.own_recall_5;
        let _ = writeln!(
            text,
            "  own recall@5: {:.1} % with the cut-off off, {:.1} % at defaults ({:.1} points lost)",
            percent(own.all),
            percent(own.at_defaults),
            percent(own.lost)
        );
        let _ = writeln!(text, "  AUC of the score: {:.3}", self.auc);
        super::tell_ablation(&mut text, &self.without);
        text
    }
}
