//! Every version of a state key.

use axum::extract::State;
use dreamkeeper_api::history::Version;
use dreamkeeper_api::page::List;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::query::{Query, ScopeQuery};
use crate::router::Surface;

/// Tells every version of a state key of one exact scope, oldest first.
#[utoipa::path(
    get, path = "/dk/v1/state/{key}/history", tag = "State",
    params(("key" = String, Path, description = "The key"), ScopeQuery),
    responses((status = 200, description = "The versions", body = List<Version>)),
)]
pub(in crate::native) async fn state_history(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(key): PathParameter<String>,
    Query(query): Query<ScopeQuery>,
) -> Answer<List<Version>> {
    json(List::of(surface.engine.state_history(&principal, &query.scope(), &key).await?))
}
