//! Reject: changes stay out.

use axum::extract::State;
use dreamkeeper_api::dream::{DreamChanges, RejectChangesRequest};
use dreamkeeper_domain::id::DreamId;

use super::changes::get::told;
use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Refuses changes of a dream; later dreams do not propose them again.
#[utoipa::path(
    post, path = "/dk/v1/dreams/{id}/reject", tag = "Dreams", request_body = RejectChangesRequest,
    params(("id" = String, Path, format = "uuid", description = "The dream's id")),
    responses((status = 200, description = "The dream and its changes", body = DreamChanges)),
)]
pub(in crate::native) async fn reject_changes(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<DreamId>,
    JsonBody(request): JsonBody<RejectChangesRequest>,
) -> Answer<DreamChanges> {
    let refused = (request.changes.as_slice(), request.reason);
    json(told(surface.engine.reject_changes(&principal, id, refused).await?))
}
