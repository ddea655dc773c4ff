//! What mem0 calls a memory, made from ours.

use dreamkeeper_domain::memory;
use serde_json::{Value, json};

use super::day;

/// A memory as their get and list tell it; both names of a run, because their documents use either.
pub fn told(memory: &memory::Memory) -> Value {
    json!({
        "id": memory.id,
        "memory": memory.text,
        "user_id": memory.scope.user,
        "agent_id": memory.scope.agent,
        "app_id": memory.scope.app,
        "run_id": memory.scope.run,
        "session_id": memory.scope.run,
        "metadata": memory.metadata,
        "categories": memory.categories,
        "created_at": memory.created_at,
        "updated_at": memory.updated_at,
        "expiration_date": memory.expires_at.map(day::of_end),
        "structured_attributes": null,
        "replaced_by": memory.superseded_by,
        "synthesized": false,
        "lifecycle_state": memory.status.as_str(),
    })
}

/// The same with how well it fits a question.
pub fn found(memory: &memory::Memory, score: f32) -> Value {
    let mut told = told(memory);
    told["score"] = json!(score);
    told
}
