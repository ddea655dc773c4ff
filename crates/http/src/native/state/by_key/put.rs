//! Set: a value for a state key, compared and set by version.

use axum::extract::State;
use dreamkeeper_api::state::{SetStateRequest, StateEntry};
use dreamkeeper_engine::SetState;

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::path::PathParameter;
use crate::query::{Query, ScopeQuery};
use crate::router::Surface;

/// Sets a state key of one exact scope.
#[utoipa::path(
    put, path = "/dk/v1/state/{key}", tag = "State", request_body = SetStateRequest,
    params(("key" = String, Path, description = "The key"), ScopeQuery),
    responses((status = 200, description = "The entry as it is now", body = StateEntry)),
)]
pub(in crate::native) async fn set_state(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(key): PathParameter<String>,
    Query(query): Query<ScopeQuery>,
    JsonBody(request): JsonBody<SetStateRequest>,
) -> Answer<StateEntry> {
    let set = SetState {
        scope: query.scope(),
        key,
        value: Some(request.value),
        expected_version: request.expected_version,
        reason: request.reason,
    };
    json(surface.engine.set_state(&principal, set).await?)
}
