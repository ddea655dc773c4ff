//! Names that memories are found by.

use axum::extract::State;
use dreamkeeper_api::learn::Name;
use dreamkeeper_api::page::List;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::query::{NamesQuery, Query, page_count};
use crate::router::Surface;

/// Lists the people, places and things that memories under a scope name, the most named first.
#[utoipa::path(
    get, path = "/dk/v1/names", tag = "Relations", params(NamesQuery),
    responses((status = 200, description = "The names", body = List<Name>)),
)]
pub(in crate::native) async fn list_names(
    State(surface): State<Surface>,
    As(principal): As,
    Query(query): Query<NamesQuery>,
) -> Answer<List<Name>> {
    let limit = page_count(query.limit)?;
    json(List::of(surface.engine.names(&principal, &query.scope(), limit).await?))
}
