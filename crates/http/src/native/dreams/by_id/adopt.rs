//! Adopt: accepted changes are written in one step.

use axum::extract::State;
use dreamkeeper_api::dream::{AdoptRequest, Adopted, RefusedChange};
use dreamkeeper_domain::id::DreamId;
use dreamkeeper_engine::dream::WhichChanges;

use crate::answer::{Answer, json};
use crate::body::OptionalJsonBody;
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Writes changes of a dream: the accepted ones, those named, or all that nobody rejected. Needs `approve`.
///
/// A change whose base is not as it was when the dream read it is refused and told; the others are written together.
#[utoipa::path(
    post, path = "/dk/v1/dreams/{id}/adopt", tag = "Dreams", request_body = AdoptRequest,
    params(("id" = String, Path, format = "uuid", description = "The dream's id")),
    responses((status = 200, description = "What was written", body = Adopted)),
)]
pub(in crate::native) async fn adopt_dream(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<DreamId>,
    OptionalJsonBody(request): OptionalJsonBody<AdoptRequest>,
) -> Answer<Adopted> {
    let which = match (request.all, request.changes) {
        (true, _) => WhichChanges::Remaining,
        (false, changes) if changes.is_empty() => WhichChanges::Accepted,
        (false, changes) => WhichChanges::Numbers(changes),
    };
    let adopted = surface.engine.adopt_dream(&principal, id, which).await?;
    let refused = adopted.refused.into_iter();
    json(Adopted {
        dream: adopted.dream.into(),
        changes: adopted.changes,
        refused: refused
            .map(|refused| RefusedChange { number: refused.number, reason: refused.reason })
            .collect(),
    })
}
