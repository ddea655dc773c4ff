//! Before and after: the same questions asked of what was said, and again of what was learned from it.

use dreamkeeper_api::recall::{Recall, RecallRequest};
use dreamkeeper_api::scope::Scope;

use serde_json::{Value, json};

use super::cast::Cast;
use super::stage::{Stage, timed};
use super::story::VIEW;
use crate::commands::show::recall::answer;

const QUESTIONS: [&str; 3] = ["Where does Iker live?", "Where does Iker work?", "What is Iker allergic to?"];

/// The answers as they are before anything was learned.
pub(super) async fn ask(cast: &Cast) -> anyhow::Result<Vec<Recall>> {
    let mut answers = Vec::new();
    for question in QUESTIONS {
        answers.push(recall(cast, question).await?);
    }
    Ok(answers)
}

/// The best of each answer, before and after.
pub(super) async fn show(stage: &mut Stage<'_>, cast: &Cast, before: &[Recall]) -> anyhow::Result<Value> {
    if before.is_empty() {
        return Ok(Value::Null);
    }
    stage.step("Ask before, and after", None)?;
    let mut compared = Vec::new();
    for (question, before) in QUESTIONS.iter().zip(before) {
        let (after, took) = timed(recall(cast, question)).await?;
        stage.question(question, took)?;
        for (word, recall) in [("before", before), ("after", &after)] {
            stage.whisper(word)?;
            answer(stage.out, VIEW, &best(recall))?;
        }
        stage.out.gap()?;
        let first = |recall: &Recall| recall.memories.first().map(|item| item.memory.text.clone());
        compared.push(json!({"question": question, "before": first(before), "after": first(&after)}));
    }
    Ok(Value::Array(compared))
}

async fn recall(cast: &Cast, question: &str) -> anyhow::Result<Recall> {
    let request = RecallRequest { explain: true, ..RecallRequest::new(question, Scope::default()) };
    cast.host.recall(&request).await
}

fn best(recall: &Recall) -> Recall {
    let mut best = recall.clone();
    best.memories.truncate(1);
    best.open_questions.clear();
    best.conversation.truncate(usize::from(best.memories.is_empty()));
    best.omitted_count = 0;
    best
}
