//! Accept: changes may be adopted.

use axum::extract::State;
use dreamkeeper_api::dream::{AcceptChangesRequest, DreamChanges};
use dreamkeeper_domain::id::DreamId;

use super::changes::get::told;
use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Accepts changes of a dream; nothing is written until they are adopted. Needs `approve`.
#[utoipa::path(
    post, path = "/dk/v1/dreams/{id}/accept", tag = "Dreams", request_body = AcceptChangesRequest,
    params(("id" = String, Path, format = "uuid", description = "The dream's id")),
    responses((status = 200, description = "The dream and its changes", body = DreamChanges)),
)]
pub(in crate::native) async fn accept_changes(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<DreamId>,
    JsonBody(request): JsonBody<AcceptChangesRequest>,
) -> Answer<DreamChanges> {
    json(told(surface.engine.accept_changes(&principal, id, &request.changes).await?))
}
