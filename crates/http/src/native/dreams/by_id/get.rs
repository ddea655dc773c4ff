//! One dream.

use axum::extract::State;
use dreamkeeper_api::dream::Dream;
use dreamkeeper_domain::id::DreamId;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Tells where a dream stands, what it came to and what was adopted of it.
#[utoipa::path(
    get, path = "/dk/v1/dreams/{id}", tag = "Dreams",
    params(("id" = String, Path, format = "uuid", description = "The dream's id")),
    responses((status = 200, description = "The dream", body = Dream)),
)]
pub(in crate::native) async fn get_dream(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<DreamId>,
) -> Answer<Dream> {
    json(surface.engine.get_dream(&principal, id).await?.dream)
}
