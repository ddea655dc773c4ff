//! Remove: takes a state key's value away; its history stays.

use axum::extract::State;
use dreamkeeper_api::state::StateEntry;
use dreamkeeper_engine::SetState;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::query::{Query, RemoveStateQuery};
use crate::router::Surface;

/// Removes a state key of one exact scope; its history stays.
#[utoipa::path(
    delete, path = "/dk/v1/state/{key}", tag = "State",
    params(("key" = String, Path, description = "The key"), RemoveStateQuery),
    responses((status = 200, description = "The entry, now without a value", body = StateEntry)),
)]
pub(in crate::native) async fn remove_state(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(key): PathParameter<String>,
    Query(query): Query<RemoveStateQuery>,
) -> Answer<StateEntry> {
    let set = SetState {
        scope: query.scope(),
        key,
        value: None,
        expected_version: query.expected_version,
        reason: query.reason,
    };
    json(surface.engine.set_state(&principal, set).await?)
}
