//! What the demo tells: a conversation, questions about it, and what its people write themselves. It lies
//! in the repository's `demo/` and ships inside the program.

use anyhow::Context as _;
use dreamkeeper_api::memory::{MemoryPatch, NewMemory};
use dreamkeeper_api::moment::Moment;
use dreamkeeper_api::scope::Scope;
use dreamkeeper_api::words::Origin;
use serde::Deserialize;
use serde_json::{Value, json};

/// The conversation: docs/guides/transcripts.md.
pub(super) const TRANSCRIPT: &str = include_str!("../../../../../demo/transcript.jsonl");
const QUESTIONS: &str = include_str!("../../../../../demo/questions.json");
const MEMORIES: &str = include_str!("../../../../../demo/memories.json");

/// A question, and the messages that a viewer should see.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    pub(super) question: String,
    /// When it is asked.
    pub(super) now: Moment,
    #[serde(default)]
    pub(super) min_origin: Option<Origin>,
    /// Empty where the conversation does not say: silence is right.
    pub(super) expect_message_ids: Vec<String>,
    /// Why it is asked, for whoever reads the file.
    #[serde(rename = "note")]
    _note: String,
}

/// A memory that someone writes, perhaps in place of another, perhaps changed later.
pub(super) struct WrittenMemory {
    /// What it is called in this file.
    pub(super) name: String,
    pub(super) replaces: Option<String>,
    pub(super) actor: String,
    pub(super) memory: NewMemory,
    /// The later change, and who made it.
    pub(super) update: Option<(String, MemoryPatch)>,
}

/// A state value that someone sets, perhaps changed later.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenState {
    pub(super) key: String,
    #[serde(default)]
    pub(super) scope: Scope,
    pub(super) value: Value,
    pub(super) actor: String,
    #[serde(default)]
    pub(super) reason: Option<String>,
    #[serde(default)]
    pub(super) update: Option<StateUpdate>,
}

/// The later change of a state value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StateUpdate {
    pub(super) expected_version: u32,
    pub(super) value: Value,
    pub(super) actor: String,
    #[serde(default)]
    pub(super) reason: Option<String>,
}

/// Everything that people write in the demo.
pub(super) struct Written {
    pub(super) memories: Vec<WrittenMemory>,
    pub(super) state: Vec<WrittenState>,
}

/// The questions, in their order.
pub(super) fn questions() -> anyhow::Result<Vec<Question>> {
    serde_json::from_str(QUESTIONS).context("demo/questions.json")
}

/// What people write, in its order.
pub(super) fn written() -> anyhow::Result<Written> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        memories: Vec<serde_json::Map<String, Value>>,
        state: Vec<WrittenState>,
    }
    let File { memories, state } = serde_json::from_str(MEMORIES).context("demo/memories.json")?;
    let memories = memories.into_iter().map(written_memory).collect::<anyhow::Result<_>>();
    Ok(Written { memories: memories.context("demo/memories.json")?, state })
}

/// What is left of an entry without the story's own fields is a memory as the API takes it.
fn written_memory(mut entry: serde_json::Map<String, Value>) -> anyhow::Result<WrittenMemory> {
    let mut take = |field: &str| entry.remove(field);
    let text = |value: Option<Value>| value.and_then(|value| Some(value.as_str()?.to_owned()));
    let name = text(take("ref")).context("an entry has no `ref`")?;
    let replaces = text(take("supersedes"));
    let actor = text(take("actor")).context("an entry has no `actor`")?;
    let update = match take("update") {
        Some(Value::Object(mut update)) => {
            let actor = text(update.remove("actor")).context("an update has no `actor`")?;
            Some((actor, serde_json::from_value(Value::Object(update))?))
        }
        Some(_) | None => None,
    };
    let mut memory: NewMemory = serde_json::from_value(Value::Object(entry))?;
    memory.metadata.insert("demo".to_owned(), json!(name));
    Ok(WrittenMemory { name, replaces, actor, memory, update })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_ships_can_be_read_and_hangs_together() {
        let (questions, written) = (questions().unwrap(), written().unwrap());
        assert!(questions.iter().any(|question| question.expect_message_ids.is_empty()));
        let ids: std::collections::BTreeSet<String> = TRANSCRIPT
            .lines()
            .map(|line| dreamkeeper_api::transcript::TranscriptLine::parse(line).unwrap().id)
            .collect();
        for id in questions.iter().flat_map(|question| &question.expect_message_ids) {
            assert!(ids.contains(id), "{id}");
        }
        for (place, memory) in written.memories.iter().enumerate() {
            let earlier = &written.memories[..place];
            let known = |name: &String| earlier.iter().any(|memory| memory.name == *name);
            assert!(memory.replaces.as_ref().is_none_or(known), "{}", memory.name);
        }
        assert!(!written.state.is_empty());
    }
}
