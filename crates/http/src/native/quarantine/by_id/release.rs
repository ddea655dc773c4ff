//! Release: a person lets a held candidate through.

use axum::extract::State;
use dreamkeeper_api::candidate::ReleaseRequest;
use dreamkeeper_api::memory::Memory;
use dreamkeeper_domain::id::CandidateId;

use crate::answer::{Answer, json};
use crate::body::OptionalJsonBody;
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Lets a held candidate through: it is decided about as if nothing had held it.
///
/// With `raise` the memory stands under the caller's own origin, because a person vouches for it.
#[utoipa::path(
    post, path = "/dk/v1/quarantine/{id}/release", tag = "Quarantine", request_body = ReleaseRequest,
    params(("id" = String, Path, format = "uuid", description = "The candidate's id")),
    responses((status = 200, description = "The memory that came of it", body = Memory)),
)]
pub(in crate::native) async fn release_held(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<CandidateId>,
    OptionalJsonBody(request): OptionalJsonBody<ReleaseRequest>,
) -> Answer<Memory> {
    json(surface.engine.release(&principal, id, (request.raise, request.reason)).await?)
}
