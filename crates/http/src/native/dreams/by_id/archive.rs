//! Archive: a dream leaves the list.

use axum::extract::State;
use dreamkeeper_api::dream::Dream;
use dreamkeeper_domain::id::DreamId;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Takes a dream that ended out of the list; it is still told by its id.
#[utoipa::path(
    post, path = "/dk/v1/dreams/{id}/archive", tag = "Dreams",
    params(("id" = String, Path, format = "uuid", description = "The dream's id")),
    responses((status = 200, description = "The dream", body = Dream)),
)]
pub(in crate::native) async fn archive_dream(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<DreamId>,
) -> Answer<Dream> {
    json(surface.engine.archive_dream(&principal, id).await?)
}
