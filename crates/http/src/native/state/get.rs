//! State entries under a scope.

use axum::extract::State;
use dreamkeeper_api::page::List;
use dreamkeeper_api::state::StateEntry;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::query::{Query, ScopeQuery};
use crate::router::Surface;

/// Lists state entries under a scope, by key.
#[utoipa::path(
    get, path = "/dk/v1/state", tag = "State", params(ScopeQuery),
    responses((status = 200, description = "The entries that have a value", body = List<StateEntry>)),
)]
pub(in crate::native) async fn list_state(
    State(surface): State<Surface>,
    As(principal): As,
    Query(query): Query<ScopeQuery>,
) -> Answer<List<StateEntry>> {
    json(List::of(surface.engine.list_state(&principal, &query.scope()).await?))
}
