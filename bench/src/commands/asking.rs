//! Keeps conversations and asks their questions; shared by the commands that measure ranking.

use std::time::Instant;

use anyhow::Result;
use serde::Serialize;

use crate::data::Conversation;
use crate::house::{Ask, CutOff, House};
use crate::measure::latency::Durations;
use crate::measure::mean;
use crate::measure::ranking::{Judged, Recalls, by_category, ndcg_at, recall_at};
use crate::measure::rounded;

/// What was asked and how it went.
#[derive(Default)]
pub(crate) struct Asked {
    /// One for each question.
    pub(crate) judged: Vec<Judged>,
    /// The score of the first item of each answer; 0 for silence.
    pub(crate) top_scores: Vec<f64>,
    /// How long each answer took, embedding included.
    pub(crate) durations: Durations,
    /// How many answers served nothing.
    pub(crate) silent_count: usize,
}

/// How questions are asked.
#[derive(Clone, Copy)]
pub(crate) struct Manner<'a> {
    /// At most this many items an answer.
    pub(crate) limit: usize,
    /// Whether weak items are left out.
    pub(crate) cut_off: CutOff,
    /// Signals that are taken away.
    pub(crate) without: &'a [String],
}

impl Asked {
    /// Asks the questions of `conversation` in the scope that `scope` was kept under.
    pub(crate) async fn ask(
        &mut self,
        house: &House,
        conversation: &Conversation,
        scope: &Conversation,
        manner: Manner<'_>,
    ) -> Result<()> {
        house.set_time_after(scope);
        for (place, question) in conversation.questions.iter().enumerate() {
            let ask = Ask {
                user: &scope.name,
                text: &question.text,
                limit: manner.limit,
                cut_off: manner.cut_off,
                without: manner.without,
            };
            if place == 0 {
                // The first question of a scope loads its segment; `speed` tells what that takes.
                house.turns(&ask).await?;
            }
            let start = Instant::now();
            let found = house.turns(&ask).await?;
            self.durations.push(start.elapsed());
            self.silent_count += usize::from(found.is_empty());
            self.top_scores.push(found.first().map_or(0.0, |turn| turn.score));
            let ranked: Vec<String> = found.into_iter().map(|turn| turn.id).collect();
            self.judged.push(Judged::new(&question.category, &ranked, &question.evidence));
        }
        Ok(())
    }

    /// The share of questions answered by silence.
    pub(crate) fn silent(&self) -> f64 {
        rounded(self.silent_count as f64 / self.judged.len().max(1) as f64)
    }

    /// Mean recall at `k`.
    pub(crate) fn recall(&self, k: usize) -> f64 {
        rounded(mean(self.judged.iter().map(|one| one.recall(k))))
    }

    /// Mean recall at each of `ks`, over all questions.
    pub(crate) fn recalls(&self, ks: &[usize]) -> Recalls {
        recall_at(&self.judged.iter().collect::<Vec<_>>(), ks)
    }

    /// Mean NDCG at `k`, over all questions.
    pub(crate) fn ndcg(&self, k: usize) -> f64 {
        ndcg_at(&self.judged.iter().collect::<Vec<_>>(), k)
    }

    /// Figures of each category.
    pub(crate) fn by_category(&self, ks: &[usize]) -> Vec<(String, CategoryFigures)> {
        let groups = by_category(&self.judged);
        let figures = groups.into_iter().map(|(name, judged)| {
            let figures = CategoryFigures {
                questions: judged.len(),
                recall: recall_at(&judged, ks),
                ndcg_10: ndcg_at(&judged, 10),
            };
            (name.to_owned(), figures)
        });
        figures.collect()
    }
}

/// How the questions of one category went.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CategoryFigures {
    /// How many there are.
    pub(crate) questions: usize,
    /// Mean recall by `k`.
    pub(crate) recall: Recalls,
    /// Mean NDCG at 10.
    pub(crate) ndcg_10: f64,
}

/// Keeps every conversation, each in its own scope; tells on the way.
pub(crate) async fn keep_all(house: &House, conversations: &[Conversation]) -> Result<()> {
    for (place, conversation) in conversations.iter().enumerate() {
        let (turns, count) = (conversation.turn_count(), conversations.len());
        eprintln!("keeping {} ({turns} turns), {} of {count}", conversation.name, place + 1);
        house.keep(conversation).await?;
    }
    Ok(())
}

/// A line of recalls for people: `@5 72.1 %  @10 82.3 %`.
pub(crate) fn recall_line(recalls: &Recalls) -> String {
    let parts: Vec<String> =
        recalls.0.iter().map(|(k, recall)| format!("@{k} {:.1} %", recall * 100.0)).collect();
    parts.join("  ")
}
