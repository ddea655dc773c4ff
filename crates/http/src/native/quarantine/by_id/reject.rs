//! Reject: a person refuses a held candidate.

use axum::extract::State;
use dreamkeeper_api::candidate::{Held, RejectRequest};
use dreamkeeper_domain::id::CandidateId;

use crate::answer::{Answer, json};
use crate::body::OptionalJsonBody;
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Refuses a held candidate; it stays listed as rejected.
#[utoipa::path(
    post, path = "/dk/v1/quarantine/{id}/reject", tag = "Quarantine", request_body = RejectRequest,
    params(("id" = String, Path, format = "uuid", description = "The candidate's id")),
    responses((status = 200, description = "The candidate as it is now", body = Held)),
)]
pub(in crate::native) async fn reject_held(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<CandidateId>,
    OptionalJsonBody(request): OptionalJsonBody<RejectRequest>,
) -> Answer<Held> {
    surface.engine.reject(&principal, id, request.reason).await?;
    json(surface.engine.held(&principal, id).await?)
}
