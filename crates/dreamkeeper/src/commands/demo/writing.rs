//! The people of the story write for themselves: memories and state, under their own names.

use std::collections::BTreeMap;

use dreamkeeper_api::memory::{ListMemoriesRequest, Memory};
use dreamkeeper_api::state::SetStateRequest;
use dreamkeeper_api::words::Status;
use serde_json::Value;

use super::cast::Cast;
use super::material::{Written, WrittenMemory, written};
use super::stage::{Stage, timed};
use crate::output::text::count;

/// The people write memories and state themselves; an earlier demo's are left as they are.
pub(super) async fn write(stage: &mut Stage<'_>, cast: &Cast) -> anyhow::Result<BTreeMap<String, Memory>> {
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
