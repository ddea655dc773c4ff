//! One state key of one exact scope.

use axum::extract::State;
use dreamkeeper_api::state::StateEntry;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::query::{Query, ScopeQuery};
use crate::router::Surface;

/// Reads a state key of one exact scope.
#[utoipa::path(
    get, path = "/dk/v1/state/{key}", tag = "State",
    params(("key" = String, Path, description = "The key"), ScopeQuery),
    responses((status = 200, description = "The entry", body = StateEntry)),
)]
pub(in crate::native) async fn get_state(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(key): PathParameter<String>,
    Query(query): Query<ScopeQuery>,
) -> Answer<StateEntry> {
    json(surface.engine.state(&principal, &query.scope(), &key).await?)
}
