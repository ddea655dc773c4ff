//! One held candidate.

use axum::extract::State;
use dreamkeeper_api::candidate::Held;
use dreamkeeper_domain::id::CandidateId;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Shows a held candidate with its quotes and why it is held.
#[utoipa::path(
    get, path = "/dk/v1/quarantine/{id}", tag = "Quarantine",
    params(("id" = String, Path, format = "uuid", description = "The candidate's id")),
    responses((status = 200, description = "The candidate", body = Held)),
)]
pub(in crate::native) async fn get_held(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<CandidateId>,
) -> Answer<Held> {
    json(surface.engine.held(&principal, id).await?)
}
