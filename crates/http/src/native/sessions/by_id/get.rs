//! One session.

use axum::extract::State;
use dreamkeeper_api::session::Session;
use dreamkeeper_domain::id::SessionId;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Reads a session.
#[utoipa::path(
    get, path = "/dk/v1/sessions/{id}", tag = "Sessions",
    params(("id" = String, Path, format = "uuid", description = "The session's id")),
    responses((status = 200, description = "The session", body = Session)),
)]
pub(in crate::native) async fn get_session(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<SessionId>,
) -> Answer<Session> {
    json(surface.engine.session(&principal, id).await?)
}
