//! Several memories at once: by a scope, or one by one from a list.

use axum::extract::State;
use dreamkeeper_api::error::Problem;
use dreamkeeper_api::mem0::filter;
use dreamkeeper_domain::filter::Filter;
use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::limits::MEM0_BATCH_MAX;
use dreamkeeper_domain::memory::Status;
use dreamkeeper_engine::{ListMemories, Principal, Update};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{by_id, list};
use crate::answer::{Answer, json as answer};
use crate::body::JsonBody;
use crate::caller::As;
use crate::failure::Failure;
use crate::query::Query;
use crate::router::Surface;

/// Whose memories go; anything else that is said narrows, so that what is not understood must be refused.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct WhoseQuery {
    user_id: Option<String>,
    agent_id: Option<String>,
    app_id: Option<String>,
    run_id: Option<String>,
    // Sent by the clients beside every request.
    #[serde(rename = "org_id")]
    _org: Option<String>,
    #[serde(rename = "project_id")]
    _project: Option<String>,
    #[serde(rename = "source")]
    _source: Option<String>,
}

/// Hides every memory of somebody; `*` stands for anybody who is named at all. Nobody named is refused.
pub(super) async fn delete_all(
    State(surface): State<Surface>,
    As(principal): As,
    Query(query): Query<WhoseQuery>,
) -> Answer<Value> {
    let ids = [
        ("user_id", query.user_id),
        ("agent_id", query.agent_id),
        ("app_id", query.app_id),
        ("run_id", query.run_id),
    ];
    let given: Map<String, Value> =
        ids.into_iter().filter_map(|(key, id)| Some((key.to_owned(), Value::String(id?)))).collect();
    let asked = filter::read(&Value::Object(given))?;
    let count = forget_all(&surface, &principal, asked).await?;
    answer(json!({ "message": format!("Memories deleted successfully! ({count})"), "event_id": null }))
}

/// Hides all that a filter names and their clients can see; tells how many.
pub(super) async fn forget_all(
    surface: &Surface,
    principal: &Principal,
    asked: filter::Asked,
) -> Result<usize, Failure> {
    let filter: Option<Filter> = asked.filter;
    let statuses = vec![Status::Active, Status::Superseded, Status::Archived];
    let all = ListMemories { scope: asked.scope, filter, statuses, expired: true, ..ListMemories::default() };
    let all = list::every(surface, principal, all).await?;
    for memory in &all {
        surface.engine.forget(principal, memory.id, None).await?;
    }
    Ok(all.len())
}

/// The entries of a batch.
#[derive(Debug, Deserialize)]
pub(super) struct Batch {
    memories: Vec<Map<String, Value>>,
}

/// One entry of a batch, with the memory that it names.
type Entry = (MemoryId, Map<String, Value>);

impl Batch {
    /// Each entry with its id; refused whole where one has none.
    fn read(self) -> Result<Vec<Entry>, Problem> {
        let count = self.memories.len();
        if !(1..=MEM0_BATCH_MAX).contains(&count) {
            return Err(Problem::new(
                "memories",
                format!("has {count} entries: expected 1 to {MEM0_BATCH_MAX}"),
            ));
        }
        let read = |(place, entry): (usize, Map<String, Value>)| {
            let id = entry.get("memory_id").and_then(Value::as_str).and_then(|id| id.parse().ok());
            let field = format!("memories[{place}].memory_id");
            id.map(|id| (id, entry)).ok_or_else(|| Problem::new(field, "expected the UUID of a memory"))
        };
        self.memories.into_iter().enumerate().map(read).collect()
    }
}

/// Changes each memory of a list; nothing is changed where one is not there.
pub(super) async fn update_each(
    State(surface): State<Surface>,
    As(principal): As,
    JsonBody(batch): JsonBody<Batch>,
) -> Answer<Value> {
    let mut patches = Vec::new();
    for (id, entry) in batch.read()? {
        by_id::there(&surface, &principal, id).await?;
        patches.push((id, by_id::patch(&entry)?));
    }
    let count = patches.len();
    for (id, patch) in patches {
        surface.engine.update(&principal, id, Update { patch, ..Update::default() }).await?;
    }
    answer(json!({ "message": format!("Successfully updated {count} memories") }))
}

/// Hides each memory of a list; nothing is hidden where one is not there.
pub(super) async fn delete_each(
    State(surface): State<Surface>,
    As(principal): As,
    JsonBody(batch): JsonBody<Batch>,
) -> Answer<Value> {
    let batch = batch.read()?;
    for (id, _) in &batch {
        by_id::there(&surface, &principal, *id).await?;
    }
    for (id, _) in &batch {
        surface.engine.forget(&principal, *id, None).await?;
    }
    answer(json!({ "message": format!("Successfully deleted {} memories", batch.len()) }))
}
