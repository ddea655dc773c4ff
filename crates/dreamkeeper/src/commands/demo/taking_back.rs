//! Taking back: forgetting, which can be undone, and erasing, which cannot.

use std::collections::BTreeMap;

use dreamkeeper_api::erase::{EraseRequest, EraseTarget};
use dreamkeeper_api::memory::{ForgetRequest, Memory, RestoreRequest};
use dreamkeeper_api::message::Message;
use dreamkeeper_api::recall::{Recall, RecallRequest};
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::words::Section;

use super::cast::Cast;
use super::stage::{Stage, timed};
use super::story::{SHOWN_COUNT, VIEW};
use crate::commands::show;
use crate::commands::show::recall::answer;

/// Forgetting hides, and can be undone.
pub(super) async fn forget(
    stage: &mut Stage<'_>,
    cast: &Cast,
    names: &BTreeMap<String, Memory>,
) -> anyhow::Result<()> {
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
pub(super) async fn erase(stage: &mut Stage<'_>, cast: &Cast) -> anyhow::Result<()> {
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
    answer(stage.out, VIEW, &Recall { omitted_count: 0, ..before.clone() })?;
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

pub(super) async fn find_message(
    cast: &Cast,
    session: &str,
    client_id: &str,
) -> anyhow::Result<Option<Message>> {
    let page = cast.host.sessions(&Scope::default(), None, 1_000).await?;
    let Some(session) = page.items.into_iter().find(|found| found.key.as_deref() == Some(session)) else {
        return Ok(None);
    };
    let turns = cast.host.turns(&session.id.to_string(), 0, 1_000).await?.items;
    let found = turns.into_iter().find(|message| message.client_id.as_deref() == Some(client_id));
    Ok(found.filter(|message| !message.erased))
}
