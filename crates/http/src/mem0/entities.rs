//! Entities: the users, agents, apps and runs that memories stand for.

use std::collections::BTreeMap;

use axum::extract::State;
use dreamkeeper_api::error::Problem;
use dreamkeeper_api::mem0::filter::Asked;
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::ListMemories;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{list, several};
use crate::answer::{Answer, json as answer};
use crate::caller::As;
use crate::path::PathParameters;
use crate::router::Surface;

/// What is counted of one entity.
struct Tally {
    memory_count: usize,
    created_at: Timestamp,
    updated_at: Timestamp,
}

type Entities = BTreeMap<(&'static str, String), Tally>;

/// Lists every entity with the number of its memories.
pub(super) async fn list_entities(State(surface): State<Surface>, As(principal): As) -> Answer<Value> {
    let all = list::every(&surface, &principal, ListMemories::default()).await?;
    let mut entities = Entities::new();
    all.iter().for_each(|memory| count(&mut entities, memory));
    let total = |wanted: &str| entities.keys().filter(|(word, _)| *word == wanted).count();
    let totals = [total("user"), total("agent"), total("app"), total("run")];
    let results: Vec<Value> = entities.iter().map(told).collect();
    answer(json!({
        "count": results.len(), "next": null, "previous": null, "results": results,
        "total_users": totals[0], "total_agents": totals[1], "total_apps": totals[2], "total_runs": totals[3],
    }))
}

fn count(entities: &mut Entities, memory: &Memory) {
    let scope = &memory.scope;
    let named = [("user", &scope.user), ("agent", &scope.agent), ("app", &scope.app), ("run", &scope.run)];
    for (word, name) in named {
        let Some(name) = name else { continue };
        let tally = entities.entry((word, name.clone())).or_insert(Tally {
            memory_count: 0,
            created_at: memory.created_at,
            updated_at: memory.updated_at,
        });
        tally.memory_count += 1;
        tally.created_at = tally.created_at.min(memory.created_at);
        tally.updated_at = tally.updated_at.max(memory.updated_at);
    }
}

fn told(((word, name), tally): (&(&'static str, String), &Tally)) -> Value {
    json!({
        "id": name, "name": name, "type": word, "owner": null, "metadata": {},
        "created_at": tally.created_at, "updated_at": tally.updated_at, "total_memories": tally.memory_count,
    })
}

/// Hides every memory of an entity.
pub(super) async fn delete_entity(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameters(word, name): PathParameters<String, String>,
) -> Answer<Value> {
    let mut scope = Scope::default();
    match word.as_str() {
        "user" => scope.user = Some(name),
        "agent" => scope.agent = Some(name),
        "app" => scope.app = Some(name),
        "run" => scope.run = Some(name),
        _ => return Err(Problem::new("type", "is no entity: expected user, agent, app or run").into()),
    }
    let count = several::forget_all(&surface, &principal, Asked { scope, filter: None }).await?;
    answer(json!({ "message": format!("Entity deleted successfully! ({count} memories)"), "event_id": null }))
}
