//! Dream: proposes what to tidy.

use axum::extract::State;
use dreamkeeper_api::dream::{Dream, DreamRequest};
use dreamkeeper_domain::dream::DreamOutput;
use dreamkeeper_engine::dream::NewDream;

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::router::Surface;

/// Dreams over a store of topics, the memories of a scope, or both, and answers when it is done.
///
/// A dream writes only what it proposes, unless the caller, who must hold `approve`, asks for changes to be adopted at
/// once. One dream at a time holds a target.
#[utoipa::path(
    post, path = "/dk/v1/dreams", tag = "Dreams", request_body = DreamRequest,
    responses((status = 200, description = "The dream, which has ended", body = Dream)),
)]
pub(in crate::native) async fn run_dream(
    State(surface): State<Surface>,
    As(principal): As,
    JsonBody(request): JsonBody<DreamRequest>,
) -> Answer<Dream> {
    let mut new = NewDream::over(request.target.into());
    new.sessions = request.sessions;
    new.instructions = request.instructions;
    new.model = request.model;
    new.auto = request.auto.into_iter().map(Into::into).collect();
    if request.adopt_all {
        new.output = DreamOutput::UpdateExisting;
    }
    if let Some(count) = request.changes_max {
        new.budget.changes_max = count;
    }
    json(surface.engine.dream(&principal, new).await?)
}
