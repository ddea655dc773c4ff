//! A model that proposes what a test says when it sees certain words in a new turn.

use std::sync::Arc;

use dreamkeeper_domain::ports::ChatModel;
use dreamkeeper_testkit::{ModelCall, ModelReply, ScriptedChat};
use serde_json::{Value, json};

/// A new turn as the prompt shows it: its short name, and its words.
pub(crate) fn new_turns(call: &ModelCall) -> Vec<(String, String)> {
    let first = call.turns.first().map_or("", |turn| &turn.text);
    let new = first.split("## New turns").nth(1).unwrap_or_default();
    let line = |line: &str| {
        let (name, rest) = line.split_once(" [")?;
        let (_, words) = rest.split_once("]: ")?;
        name.starts_with('t').then(|| (name.to_owned(), words.to_owned()))
    };
    new.lines().filter_map(line).collect()
}

/// The short name of a known memory that has these words.
pub(crate) fn known(call: &ModelCall, words: &str) -> Option<String> {
    let first = call.turns.first()?;
    let known = first.text.split("## Known memories").nth(1)?.split("##").next()?;
    let line = known.lines().find(|line| line.contains(words))?;
    line.split_once(' ').map(|(name, _)| name.to_owned())
}

/// An item with every field that the schema asks for.
pub(crate) fn item(text: &str, slot: (&str, &str, &str), quote: &str) -> Value {
    let (subject, attribute, value) = slot;
    let one_valued = matches!(attribute, "residence" | "employer" | "age");
    json!({
        "text": text, "kind": "fact", "subject": subject, "attribute": attribute, "value": value,
        "one_valued": one_valued,
        "quotes": [{"turn": "?", "quote": quote}], "time": null, "entities": [], "relations": [], "categories": [],
        "importance": 0.6, "decision": {"action": "add", "memory": null},
    })
}

/// A model that proposes an item for every new turn that has its words; `?` becomes the turn's name.
pub(crate) fn proposing(script: Vec<(&'static str, Value)>) -> Arc<ScriptedChat> {
    Arc::new(ScriptedChat::responding(move |call| ModelReply::json(&answer(call, &script))))
}

pub(crate) fn answer(call: &ModelCall, script: &[(&'static str, Value)]) -> Value {
    let mut items = Vec::new();
    for (name, words) in new_turns(call) {
        for (pattern, item) in script {
            if words.contains(pattern) {
                items.push(
                    serde_json::from_str::<Value>(&item.to_string().replace("\"?\"", &format!("{name:?}")))
                        .expect("JSON"),
                );
            }
        }
    }
    json!({"items": items, "forget": [], "summary": ""})
}

pub(crate) fn port(model: &Arc<ScriptedChat>) -> Option<Arc<dyn ChatModel>> {
    Some(model.clone())
}
