//! Cancel: a dream under way is stopped.

use axum::extract::State;
use dreamkeeper_api::dream::Dream;
use dreamkeeper_domain::id::DreamId;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Stops a dream that is under way; nothing of it is kept but the record.
#[utoipa::path(
    post, path = "/dk/v1/dreams/{id}/cancel", tag = "Dreams",
    params(("id" = String, Path, format = "uuid", description = "The dream's id")),
    responses((status = 200, description = "The dream", body = Dream)),
)]
pub(in crate::native) async fn cancel_dream(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<DreamId>,
) -> Answer<Dream> {
    json(surface.engine.cancel_dream(&principal, id).await?)
}
