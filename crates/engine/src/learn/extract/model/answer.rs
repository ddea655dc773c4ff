//! Answer: the schema that a model's answer must have, and how it is read into drafts.

use std::collections::BTreeSet;

use dreamkeeper_domain::candidate::Proposer;
use dreamkeeper_domain::detail::{Relation, Slot};
use dreamkeeper_domain::limits;
use dreamkeeper_domain::memory::Kind;
use dreamkeeper_domain::ports::AnswerSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Answered;
use super::prompt::Names;
use crate::learn::decide::Wish;
use crate::learn::extract::{Claimed, Draft, Extracted, ForgetWish};

#[derive(Deserialize)]
struct Answer {
    items: Vec<Value>,
    #[serde(default)]
    forget: Vec<Quoted>,
    #[serde(default)]
    summary: Option<String>,
}

#[derive(Deserialize)]
struct Item {
    text: String,
    kind: Kind,
    #[serde(default)]
    subject: Option<String>,
    #[serde(default)]
    attribute: Option<String>,
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    one_valued: bool,
    quotes: Vec<Quoted>,
    #[serde(default)]
    time: Option<String>,
    #[serde(default)]
    entities: Vec<String>,
    #[serde(default)]
    relations: Vec<Relation>,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    importance: Option<f32>,
    #[serde(default)]
    decision: Option<Chosen>,
}

#[derive(Deserialize)]
struct Quoted {
    #[serde(default)]
    turn: Option<String>,
    quote: String,
}

#[derive(Deserialize)]
struct Chosen {
    action: String,
    #[serde(default)]
    memory: Option<String>,
}

/// Reads an answer. An item that cannot be read is left out with a warning; the others count.
pub(super) fn read(value: Value, names: &Names, proposer: &Proposer) -> Result<Answered, String> {
    let answer: Answer =
        serde_json::from_value(value).map_err(|error| format!("it does not have the schema: {error}"))?;
    let mut extracted = Extracted::default();
    let surplus = answer.items.len().saturating_sub(limits::EVENT_CANDIDATES_MAX);
    if surplus > 0 {
        extracted
            .warnings
            .push(format!("{surplus} items beyond {} were left out", limits::EVENT_CANDIDATES_MAX));
    }
    for (place, item) in answer.items.into_iter().take(limits::EVENT_CANDIDATES_MAX).enumerate() {
        match serde_json::from_value::<Item>(item) {
            Ok(item) => extracted.drafts.push(draft(item, names, proposer)),
            Err(error) => extracted.warnings.push(format!("item {} cannot be read: {error}", place + 1)),
        }
    }
    for wish in answer.forget {
        match wish.turn.as_deref().and_then(|name| names.turn(name)) {
            Some(message) => extracted.forget.push(ForgetWish { what: wish.quote, message }),
            None => extracted.warnings.push("a wish to forget names no turn and was left out".to_owned()),
        }
    }
    let summary = answer.summary.map(|words| words.trim().to_owned()).filter(|words| !words.is_empty());
    Ok(Answered { extracted, summary })
}

fn draft(item: Item, names: &Names, proposer: &Proposer) -> Draft {
    let slot = match (item.subject, item.attribute, item.value) {
        (Some(subject), Some(attribute), Some(value))
            if !attribute.trim().is_empty() && !value.trim().is_empty() =>
        {
            Some(Slot { subject, attribute, one_valued: item.one_valued, value, ended: false })
        }
        _ => None,
    };
    let claimed = |quoted: Quoted| Claimed {
        message: quoted.turn.as_deref().and_then(|name| names.turn(name)),
        quote: quoted.quote,
    };
    Draft {
        kind: item.kind,
        text: item.text.trim().to_owned(),
        slot,
        entities: item.entities,
        relations: item.relations,
        time: item.time.filter(|phrase| !phrase.trim().is_empty()),
        importance: item.importance.unwrap_or(0.5),
        categories: item.categories.into_iter().collect::<BTreeSet<_>>(),
        quotes: item.quotes.into_iter().map(claimed).collect(),
        is_correction: false,
        replaces: None,
        wish: item.decision.and_then(|chosen| wish(&chosen, names)),
        proposer: proposer.clone(),
    }
}

/// A model cannot delete: what is to be forgotten comes from the user's own words.
fn wish(chosen: &Chosen, names: &Names) -> Option<Wish> {
    let memory = names.memory(chosen.memory.as_deref()?)?;
    match chosen.action.as_str() {
        "update" => Some(Wish::Update(memory)),
        "none" => Some(Wish::NoOp(memory)),
        _ => None,
    }
}

/// Every property is required and none besides is allowed: the subset that all servers understand alike.
pub(super) fn schema() -> AnswerSchema {
    let object = |properties: Value| {
        let required: Vec<&String> =
            properties.as_object().into_iter().flat_map(|object| object.keys()).collect();
        json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
    };
    let list = |items: Value| json!({"type": "array", "items": items});
    let text = json!({"type": "string"});
    let text_or_null = json!({"type": ["string", "null"]});
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    let quoted = object(json!({"turn": text, "quote": text}));
    let item = object(json!({
        "text": text,
        "kind": {"type": "string", "enum": kinds},
        "subject": text,
        "attribute": text,
        "value": text,
        "one_valued": {"type": "boolean"},
        "quotes": list(quoted.clone()),
        "time": text_or_null,
        "entities": list(text.clone()),
        "relations": list(object(json!({"subject": text, "predicate": text, "object": text}))),
        "categories": list(text.clone()),
        "importance": {"type": "number"},
        "decision": object(json!({
            "action": {"type": "string", "enum": ["add", "update", "none"]},
            "memory": text_or_null,
        })),
    }));
    let schema = object(json!({"items": list(item), "forget": list(quoted), "summary": text}));
    AnswerSchema { name: "memories", schema }
}
