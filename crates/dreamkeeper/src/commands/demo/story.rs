//! The story: what is shown of the conversation that ships with the program, step by step.

use std::collections::BTreeMap;
use std::time::Duration;

use dreamkeeper_api::erase::{EraseRequest, EraseTarget};
use dreamkeeper_api::filter::FilterExpression;
use dreamkeeper_api::memory::{ForgetRequest, ListMemoriesRequest, Memory, RestoreRequest};
use dreamkeeper_api::message::Message;
use dreamkeeper_api::recall::{Recall, RecallRequest};
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::state::SetStateRequest;
use dreamkeeper_api::words::{Origin, Section, Status};
use serde_json::{Value, json};

use super::cast::Cast;
use super::material::{Question, Written, WrittenMemory, questions, written};
use super::stage::{Stage, timed};
use crate::commands::show;
use crate::commands::show::recall::{View, answer};
use crate::output::text::count;
use crate::output::time::day;

/// Items of each answer that are shown.
const SHOWN_COUNT: usize = 2;

/// How answers are laid out in the demo.
const VIEW: View = View {
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

/// The people write memories and state themselves; an earlier demo's are left as they are.
async fn write(stage: &mut Stage<'_>, cast: &Cast) -> anyhow::Result<BTreeMap<String, Memory>> {
    let Written { memories, state } = written()?;
    let before = by_name(cast).await?;
    let fresh = before.is_empty();
    let ((), took) = timed(async {
        if fresh {
            let mut ids = BTreeMap::new();
            for memory in &memories {
                ids.insert(memory.name.clone(), write_memory(cast, memory, &ids).await?);
            }
            for entry in &state {
                let set = |value: &Value, reason: &Option<String>, expected_version| SetStateRequest {
                    value: value.clone(),
                    expected_version,
                    reason: reason.clone(),
                };
                let first = set(&entry.value, &entry.reason, None);
                cast.client(&entry.actor).set_state(&entry.scope, &entry.key, &first).await?;
                if let Some(update) = &entry.update {
                    let second = set(&update.value, &update.reason, Some(update.expected_version));
                    cast.client(&update.actor).set_state(&entry.scope, &entry.key, &second).await?;
                }
            }
        }
        Ok(())
    })
    .await?;
    stage.step("Remember what people write", Some(took))?;
    let told = format!(
        "{} and {}, each in a person's own words and under their name. None was guessed by a model; \
         every change is a version.",
        count(memories.len() as u64, "memory"),
        count(state.len() as u64, "state value"),
    );
    stage.say(if fresh { &told } else { "They are here already, from an earlier demo." })?;
    by_name(cast).await
}

async fn write_memory(
    cast: &Cast,
    written: &WrittenMemory,
    ids: &BTreeMap<String, String>,
) -> anyhow::Result<String> {
    let author = cast.client(&written.actor);
    let memory = match written.replaces.as_ref().and_then(|name| ids.get(name)) {
        Some(old) => author.supersede(old, &written.memory).await?,
        None => author.remember(&written.memory).await?,
    };
    let id = memory.id.to_string();
    if let Some((actor, patch)) = &written.update {
        cast.client(actor).update(&id, patch).await?;
    }
    Ok(id)
}

/// The demo's memories by the names that its file gives them.
async fn by_name(cast: &Cast) -> anyhow::Result<BTreeMap<String, Memory>> {
    let list = ListMemoriesRequest {
        statuses: vec![Status::Active, Status::Superseded, Status::Archived, Status::Forgotten],
        expired: true,
        ..ListMemoriesRequest::default()
    };
    let memories = cast.host.list_memories(&list).await?.items.into_iter();
    let named = memories.filter_map(|memory| {
        let name = memory.metadata.get("demo")?.as_str()?.to_owned();
        Some((name, memory))
    });
    Ok(named.collect())
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
            "It is {on}. Bars: how sure recall is that it belongs, then which signals say so."
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

async fn ask(stage: &mut Stage<'_>, cast: &Cast, question: &Question, view: View) -> anyhow::Result<Value> {
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
    answer(stage.out, view, &first_few(&recall))?;
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
fn first_few(recall: &Recall) -> Recall {
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

/// Forgetting hides, and can be undone.
async fn forget(stage: &mut Stage<'_>, cast: &Cast, names: &BTreeMap<String, Memory>) -> anyhow::Result<()> {
    let Some(memory) = names.get("begonia-ninety") else { return Ok(()) };
    let id = memory.id.to_string();
    let iker = cast.client("Iker");
    let reason = |text: &str| Some(text.to_owned());
    let ((), took) = timed(async {
        iker.forget(&id, &ForgetRequest { reason: reason("it is a surprise") }).await?;
        let back = RestoreRequest { version: None, reason: reason("she knows it anyway") };
        iker.restore(&id, &back).await?;
        Ok(())
    })
    .await?;
    stage.step("Forget, and bring back", Some(took))?;
    let history = cast.host.history(&id).await?;
    show::memory::history(stage.out, 2, &history)?;
    Ok(())
}

/// Iker wrote a door code into the thread and asks to have it erased: from messages, index and receipts.
async fn erase(stage: &mut Stage<'_>, cast: &Cast) -> anyhow::Result<()> {
    let Some(message) = find_message(cast, "2025-10-21-crunch", "m-0546").await? else { return Ok(()) };
    let question = "Which code opens the bike room, and then the bell?";
    let request = RecallRequest {
        sections: Some([Section::Conversation].into()),
        limit: Some(SHOWN_COUNT),
        explain: true,
        ..RecallRequest::new(question, Scope::default())
    };
    let (before, took) = timed(cast.host.recall(&request)).await?;
    stage.step("Why was that served?", None)?;
    stage.question(question, took)?;
    answer(stage.out, VIEW, &before)?;
    let Some(receipt) = before.receipt.map(|receipt| receipt.to_string()) else { return Ok(()) };
    stage.out.gap()?;
    let told = stage.out.paint.faint(format!("$ dreamkeeper why {receipt}"));
    stage.out.line(format!("  {told}"))?;
    let why = cast.host.why(&receipt).await?;
    show::receipt::why(stage.out, 4, &why, false)?;
    let request = EraseRequest {
        target: EraseTarget::Message(message.id),
        reason: Some("the condominium changed it; it should not stand here".to_owned()),
    };
    let (_, took) = timed(cast.client("Iker").erase(&request)).await?;
    stage.step("Erase, for good", Some(took))?;
    stage.say(
        "“Forget the bike room code i posted last week”, Iker asks in October. His message is erased: from \
         the log, from every index, and from the receipt above.",
    )?;
    stage.out.gap()?;
    let why = cast.host.why(&receipt).await?;
    show::receipt::why(stage.out, 4, &why, false)?;
    Ok(())
}

async fn find_message(cast: &Cast, session: &str, client_id: &str) -> anyhow::Result<Option<Message>> {
    let page = cast.host.sessions(&Scope::default(), None, 1_000).await?;
    let Some(session) = page.items.into_iter().find(|found| found.key.as_deref() == Some(session)) else {
        return Ok(None);
    };
    let turns = cast.host.turns(&session.id.to_string(), 0, 1_000).await?.items;
    let found = turns.into_iter().find(|message| message.client_id.as_deref() == Some(client_id));
    Ok(found.filter(|message| !message.erased))
}
