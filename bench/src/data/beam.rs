//! BEAM (arXiv 2510.27246): long chats with an assistant; probing questions with the messages they rest on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use super::{Conversation, Question, Session, Turn, read_json};

#[derive(Deserialize)]
struct Batch {
    turns: Vec<Vec<Said>>,
    time_anchor: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    role: String,
    id: u64,
    time_anchor: Option<String>,
    content: String,
}

#[derive(Deserialize)]
struct Probe {
    question: String,
    #[serde(default)]
    source_chat_ids: Value,
}

/// Reads every folder `N/chat.json` with `N/probing_questions/probing_questions.json`, by number; questions
/// without evidence (abstention) are left out.
pub(crate) fn read(directory: &Path) -> Result<Vec<Conversation>> {
    let folders = folders(directory)?;
    ensure!(
        !folders.is_empty(),
        "{} holds no folder with a chat.json: give the folder that holds 1/, 2/, …",
        directory.display()
    );
    folders.into_iter().map(|(name, folder)| conversation(name, &folder)).collect()
}

fn folders(directory: &Path) -> Result<Vec<(String, PathBuf)>> {
    let entries =
        fs::read_dir(directory).with_context(|| format!("cannot read the folder {}", directory.display()))?;
    let mut folders = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.join("chat.json").is_file()
            && let Some(name) = path.file_name().and_then(|name| name.to_str())
        {
            folders.push((name.to_owned(), path.clone()));
        }
    }
    folders.sort_by_key(|(name, _)| (name.parse::<u64>().unwrap_or(u64::MAX), name.clone()));
    Ok(folders)
}

fn conversation(name: String, folder: &Path) -> Result<Conversation> {
    let batches: Vec<Batch> = read_json(&folder.join("chat.json"))?;
    let mut at = Timestamp::UNIX_EPOCH;
    let mut sessions = Vec::new();
    for (number, batch) in batches.into_iter().enumerate() {
        at = batch.time_anchor.as_deref().and_then(anchor).unwrap_or(at);
        let mut turns = Vec::new();
        for said in batch.turns.into_iter().flatten() {
            at = said.time_anchor.as_deref().and_then(anchor).unwrap_or(at);
            turns.push(Turn {
                id: said.id.to_string(),
                speaker: None,
                assistant: said.role == "assistant",
                text: said.content,
                caption: None,
                at,
            });
        }
        sessions.push(Session { name: format!("batch_{}", number + 1), turns });
    }
    let known: BTreeSet<String> =
        sessions.iter().flat_map(|session| &session.turns).map(|turn| turn.id.clone()).collect();
    let probes: BTreeMap<String, Vec<Probe>> =
        read_json(&folder.join("probing_questions").join("probing_questions.json"))?;
    Ok(Conversation { name, sessions, questions: questions(probes, &known) })
}

fn questions(probes: BTreeMap<String, Vec<Probe>>, known: &BTreeSet<String>) -> Vec<Question> {
    let mut questions = Vec::new();
    for (ability, probes) in probes {
        for probe in probes {
            let mut ids = BTreeSet::new();
            collect_ids(&probe.source_chat_ids, &mut ids);
            let evidence: Vec<String> = ids.intersection(known).cloned().collect();
            if !evidence.is_empty() {
                questions.push(Question { text: probe.question, evidence, category: ability.clone() });
            }
        }
    }
    questions
}

/// Ids stand in lists, in lists under names, or deeper, depending on the ability.
fn collect_ids(value: &Value, ids: &mut BTreeSet<String>) {
    match value {
        Value::Number(number) => {
            ids.insert(number.to_string());
        }
        Value::String(text) => {
            ids.insert(text.clone());
        }
        Value::Array(values) => values.iter().for_each(|value| collect_ids(value, ids)),
        Value::Object(fields) => fields.values().for_each(|value| collect_ids(value, ids)),
        Value::Null | Value::Bool(_) => {}
    }
}

/// Reads `March-15-2024`, which opens a stretch of the chat; what follows has the same day, and so has what
/// comes after an anchor that names no day.
fn anchor(text: &str) -> Option<Timestamp> {
    let day = Date::strptime("%B-%d-%Y", text).ok()?;
    Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_at_any_depth() {
        let mut ids = BTreeSet::new();
        collect_ids(&serde_json::json!({"first": [58, [2]], "second": 24, "none": null}), &mut ids);
        assert_eq!(ids.into_iter().collect::<Vec<_>>(), ["2", "24", "58"]);
    }

    #[test]
    fn anchors_are_days() {
        assert_eq!(anchor("March-15-2024").unwrap().to_string(), "2024-03-15T00:00:00Z");
        assert_eq!(anchor("soon"), None);
    }
}
