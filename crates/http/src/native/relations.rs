//! Relations of a name.

use axum::extract::State;
use dreamkeeper_api::learn::Edge;
use dreamkeeper_api::page::List;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::query::{Query, RelationsQuery, page_count};
use crate::router::Surface;

/// Tells who or what stands how to a person or thing, newest first, each with the memory that says so.
#[utoipa::path(
    get, path = "/dk/v1/relations", tag = "Relations", params(RelationsQuery),
    responses((status = 200, description = "The relations", body = List<Edge>)),
)]
pub(in crate::native) async fn list_relations(
    State(surface): State<Surface>,
    As(principal): As,
    Query(query): Query<RelationsQuery>,
) -> Answer<List<Edge>> {
    let scope = query.scope();
    let limit = page_count(query.limit)?;
    let edges = surface.engine.relations(&principal, (&scope, &query.name), limit).await?;
    let edges =
        edges.into_iter().map(|edge| Edge { relation: edge.relation.into(), memory: edge.memory.into() });
    json(List { items: edges.collect() })
}
