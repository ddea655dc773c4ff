//! The story: what is shown of the conversation that ships with the program, step by step.

use std::collections::BTreeMap;
use std::time::Duration;

use dreamkeeper_api::filter::FilterExpression;
use dreamkeeper_api::memory::Memory;
use dreamkeeper_api::recall::{Recall, RecallRequest};
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::words::{Origin, Section};
use serde_json::{Value, json};

use super::cast::Cast;
use super::material::{Question, questions};
use super::stage::{Stage, timed};
use super::taking_back::{erase, forget};
use super::writing::write;
use crate::commands::show;
use crate::commands::show::recall::{View, answer};
use crate::output::time::day;

/// Items of each answer that are shown.
pub(super) const SHOWN_COUNT: usize = 2;

/// How answers are laid out in the demo.
pub(super) const VIEW: View<'static> = View {
    question: "",
    indent: 4,
    explain: false,
    neighbours: false,
    quote_lines_max: 2,
    standing: false,
    headings: false,
};

/// Tells everything but the import and the prompt.
pub(super) async fn tell(stage: &mut Stage<'_>, cast: &Cast) -> anyhow::Result<Value> {
    let names = write(stage, cast).await?;
    let asked = ask_all(stage, cast).await?;
    change(stage, cast, &names).await?;
    forget(stage, cast, &names).await?;
    erase(stage, cast).await?;
    Ok(asked)
}

async fn ask_all(stage: &mut Stage<'_>, cast: &Cast) -> anyhow::Result<Value> {
    let (mut plain, mut outside, mut unknowable) = (Vec::new(), Vec::new(), Vec::new());
    for question in questions()? {
        match (question.expect_message_ids.is_empty(), question.min_origin) {
            (true, _) => unknowable.push(question),
            (false, None) => plain.push(question),
            (false, Some(_)) => outside.push(question),
        }
    }
    let mut asked = Vec::new();
    stage.step("Ask", None)?;
    if let Some(question) = plain.first() {
        let on = day(question.now.0, None);
        stage.whisper(&format!(
            "It is {on}. Bars show how sure recall is that something belongs, and which signals say so. State \
             and pinned memories come with every answer; here they are shown once."
        ))?;
        stage.out.gap()?;
    }
    for (place, question) in plain.iter().enumerate() {
        let view = View { explain: place == 0, standing: place == 0, headings: place == 0, ..VIEW };
        asked.push(ask(stage, cast, question, view).await?);
    }
    stage.step("Words of strangers", None)?;
    stage.whisper(
        "What tools, pages and mails say is recorded; it is served only to who asks for it, and labelled.",
    )?;
    stage.out.gap()?;
    for question in &outside {
        asked.push(ask(stage, cast, question, VIEW).await?);
    }
    stage.step("Silence", None)?;
    stage.whisper("The conversation does not say. Recall is silent instead of guessing.")?;
    stage.out.gap()?;
    for question in &unknowable {
        asked.push(ask(stage, cast, question, VIEW).await?);
    }
    Ok(Value::Array(asked))
}

async fn ask(
    stage: &mut Stage<'_>,
    cast: &Cast,
    question: &Question,
    view: View<'_>,
) -> anyhow::Result<Value> {
    // Who asks for strangers' words here wants nothing else.
    let strangers = json!({"origin": {"in": ["tool", "external"]}});
    let request = RecallRequest {
        min_origin: question.min_origin,
        filter: question.min_origin.map(|_| FilterExpression(strangers)),
        limit: question.min_origin.map(|_| 1),
        explain: true,
        ..RecallRequest::new(question.question.clone(), Scope::default())
    };
    let (recall, took) = timed(cast.host.recall(&request)).await?;
    let words = match question.min_origin {
        Some(Origin::Tool) => format!("{}  --min-origin tool", question.question),
        Some(Origin::External) => format!("{}  --min-origin external", question.question),
        Some(_) | None => question.question.clone(),
    };
    stage.question(&words, took)?;
    answer(stage.out, View { question: &question.question, ..view }, &first_few(&recall))?;
    stage.out.gap()?;
    Ok(told(question, &recall, took))
}

fn told(question: &Question, recall: &Recall, took: Duration) -> Value {
    let served: Vec<&String> =
        recall.conversation.iter().filter_map(|message| message.client_id.as_ref()).collect();
    json!({
        "question": question.question,
        "ms": (took.as_secs_f64() * 1e6).round() / 1e3,
        "expected": question.expect_message_ids,
        "messages": served,
        "memories": recall.memories.iter().map(|item| &item.memory.text).collect::<Vec<_>>(),
        "silence": recall.silence,
        "receipt": recall.receipt,
    })
}

/// The best of an answer: what a reader takes in at a glance.
pub(super) fn first_few(recall: &Recall) -> Recall {
    let mut shown = recall.clone();
    shown.memories.truncate(1);
    shown.open_questions.truncate(1);
    shown.conversation.truncate(SHOWN_COUNT);
    shown.omitted_count = 0;
    shown
}

/// Versions, and what was true when.
async fn change(stage: &mut Stage<'_>, cast: &Cast, names: &BTreeMap<String, Memory>) -> anyhow::Result<()> {
    stage.step("What changed, who changed it, and why", None)?;
    if let Some(memory) = names.get("iker-allergy") {
        let history = cast.host.history(&memory.id.to_string()).await?;
        show::memory::history(stage.out, 2, &history)?;
        stage.out.gap()?;
    }
    if let (Some(old), Some(new)) = (names.get("odile-vegetarian"), names.get("odile-eats-fish")) {
        stage.say("Odile's diet was superseded. The old memory is kept, with the end of its validity:")?;
        stage.out.diff(4, &old.text, &new.text)?;
        stage.out.gap()?;
    }
    let then = "2025-08-01T12:00:00Z";
    let request = RecallRequest {
        valid_at: Some(dreamkeeper_api::moment::Moment(then.parse()?)),
        sections: Some([Section::Memories].into()),
        explain: true,
        ..RecallRequest::new("How much is the rent?", Scope::default())
    };
    let (recall, took) = timed(cast.host.recall(&request)).await?;
    stage.question("How much is the rent?  --valid-at 2025-08-01", took)?;
    answer(stage.out, VIEW, &first_few(&recall))?;
    Ok(())
}
