//! One memory: get, update, delete, history, feedback. A forgotten one is not there for their clients.

use axum::extract::State;
use dreamkeeper_api::error::Problem;
use dreamkeeper_api::mem0::{day, memory};
use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::usefulness::Feedback;
use dreamkeeper_domain::version::{Operation, Version};
use dreamkeeper_engine::{MemoryPatch, Principal, Update, VerbError};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, json as answer};
use crate::body::JsonBody;
use crate::caller::As;
use crate::failure::Failure;
use crate::path::PathParameter;
use crate::query::Query;
use crate::router::Surface;

/// Reads a memory.
pub(super) async fn get_memory(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<MemoryId>,
) -> Answer<Value> {
    answer(memory::told(&there(&surface, &principal, id).await?))
}

/// A memory that their clients can see.
pub(super) async fn there(surface: &Surface, principal: &Principal, id: MemoryId) -> Result<Memory, Failure> {
    let memory = surface.engine.memory(principal, id).await?;
    match memory.status {
        Status::Active | Status::Superseded | Status::Archived => Ok(memory),
        Status::Forgotten | Status::Erased => {
            Err(VerbError::NotFound { what: "memory", id: id.to_string() }.into())
        }
    }
}

/// Changes a memory's words, metadata or last day.
pub(super) async fn update_memory(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<MemoryId>,
    JsonBody(body): JsonBody<Map<String, Value>>,
) -> Answer<Value> {
    there(&surface, &principal, id).await?;
    let update = Update { patch: patch(&body)?, ..Update::default() };
    answer(memory::told(&surface.engine.update(&principal, id, update).await?))
}

/// What a body changes; `null` takes the last day away.
pub(super) fn patch(body: &Map<String, Value>) -> Result<MemoryPatch, Problem> {
    let mut patch = MemoryPatch::default();
    match body.get("text") {
        None | Some(Value::Null) => {}
        Some(Value::String(text)) => patch.text = Some(text.clone()),
        Some(_) => return Err(Problem::new("text", "expected a text")),
    }
    match body.get("metadata") {
        None | Some(Value::Null) => {}
        Some(Value::Object(metadata)) => patch.metadata = Some(metadata.clone()),
        Some(_) => return Err(Problem::new("metadata", "expected an object")),
    }
    match body.get("expiration_date") {
        None => {}
        Some(Value::Null) => patch.expires_at = Some(None),
        Some(Value::String(day)) => patch.expires_at = Some(Some(day::end_of(day)?)),
        Some(_) => return Err(Problem::new("expiration_date", "expected YYYY-MM-DD or null")),
    }
    if patch == MemoryPatch::default() {
        return Err(Problem::new("body", "changes nothing: give text, metadata or expiration_date"));
    }
    Ok(patch)
}

/// How a memory is deleted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DeleteQuery {
    delete_linked: bool,
}

/// Hides a memory; with `delete_linked` those too that it replaced, one after the other.
pub(super) async fn delete_memory(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<MemoryId>,
    Query(query): Query<DeleteQuery>,
) -> Answer<Value> {
    let mut memory = there(&surface, &principal, id).await?;
    surface.engine.forget(&principal, id, None).await?;
    let mut linked_count = 0;
    while let Some(replaced) = memory.supersedes.filter(|_| query.delete_linked) {
        memory = surface.engine.forget(&principal, replaced, None).await?;
        linked_count += 1;
    }
    let mut told = json!({ "message": "Memory deleted successfully!" });
    if query.delete_linked {
        told["cascade_count"] = json!(linked_count);
    }
    answer(told)
}

/// Tells every version of a memory, oldest first, also of one that was deleted.
pub(super) async fn history(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<MemoryId>,
) -> Answer<Value> {
    let history = surface.engine.history(&principal, id).await?;
    let mut old = Value::Null;
    let mut told = Vec::with_capacity(history.versions.len());
    for version in &history.versions {
        let (entry, new) = change(&history.memory, version, &old);
        told.push(entry);
        old = new;
    }
    answer(Value::Array(told))
}

/// One change in their words, and the words that stood after it.
fn change(memory: &Memory, version: &Version, old: &Value) -> (Value, Value) {
    let text = version.content.as_ref().map_or(Value::Null, |content| content["text"].clone());
    let (event, new) = match version.operation {
        Operation::Create => ("ADD", text),
        Operation::Forget | Operation::Erase | Operation::Remove => ("DELETE", Value::Null),
        Operation::Update | Operation::Supersede | Operation::Archive | Operation::Restore => {
            ("UPDATE", text)
        }
    };
    let entry = json!({
        "id": format!("{}.{}", memory.id, version.number),
        "memory_id": memory.id,
        "input": [],
        "old_memory": old,
        "new_memory": new,
        "user_id": memory.scope.user,
        "agent_id": memory.scope.agent,
        "app_id": memory.scope.app,
        "session_id": memory.scope.run,
        "categories": memory.categories,
        "event": event,
        "metadata": version.content.as_ref().map_or(Value::Null, |content| content["metadata"].clone()),
        "created_at": memory.created_at,
        "updated_at": version.at,
    });
    (entry, new)
}

/// What somebody says of a memory.
#[derive(Debug, Deserialize)]
pub(super) struct Said {
    memory_id: MemoryId,
    feedback: Option<String>,
    feedback_reason: Option<String>,
}

/// Notes feedback.
pub(super) async fn feedback(
    State(surface): State<Surface>,
    As(principal): As,
    JsonBody(said): JsonBody<Said>,
) -> Answer<Value> {
    let meant = match said.feedback.as_deref() {
        Some("POSITIVE") => Some(Feedback::Helpful),
        Some("NEGATIVE") => Some(Feedback::Irrelevant),
        Some("VERY_NEGATIVE") => Some(Feedback::Wrong),
        None => None,
        Some(other) => {
            let shown: String = other.chars().take(64).collect();
            let problem = format!("`{shown}`: expected POSITIVE, NEGATIVE, VERY_NEGATIVE or null");
            return Err(Problem::new("feedback", problem).into());
        }
    };
    there(&surface, &principal, said.memory_id).await?;
    if let Some(meant) = meant {
        surface.engine.feedback(&principal, said.memory_id, meant).await?;
    }
    answer(json!({
        "id": said.memory_id, "feedback": said.feedback, "feedback_reason": said.feedback_reason,
    }))
}
