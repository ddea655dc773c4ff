//! The running summary of a session.

use axum::extract::State;
use dreamkeeper_api::learn::Summary;
use dreamkeeper_domain::id::SessionId;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Tells what a session was about so far.
#[utoipa::path(
    get, path = "/dk/v1/sessions/{id}/summary", tag = "Sessions",
    params(("id" = String, Path, format = "uuid", description = "The session's id")),
    responses((status = 200, description = "The summary", body = Summary)),
)]
pub(in crate::native) async fn get_summary(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<SessionId>,
) -> Answer<Summary> {
    json(surface.engine.summary(&principal, id).await?)
}
