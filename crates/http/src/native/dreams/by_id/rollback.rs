//! Rollback: an adoption is taken back in one step.

use axum::extract::State;
use dreamkeeper_api::dream::{Collision, OnCollision, RollbackRequest, RolledBack};
use dreamkeeper_domain::id::DreamId;
use dreamkeeper_engine::dream;

use crate::answer::{Answer, json};
use crate::body::OptionalJsonBody;
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Takes an adoption back, byte for byte; its changes can be adopted again. Needs `approve`.
///
/// Where something was changed since that the rollback would change too, nothing is written and it is shown, unless
/// `on_collision` says otherwise.
#[utoipa::path(
    post, path = "/dk/v1/dreams/{id}/rollback", tag = "Dreams", request_body = RollbackRequest,
    params(("id" = String, Path, format = "uuid", description = "The dream's id")),
    responses((status = 200, description = "What was brought back", body = RolledBack)),
)]
pub(in crate::native) async fn roll_back_dream(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<DreamId>,
    OptionalJsonBody(request): OptionalJsonBody<RollbackRequest>,
) -> Answer<RolledBack> {
    let on_collision = match request.on_collision {
        OnCollision::Refuse => dream::OnCollision::Refuse,
        OnCollision::KeepLater => dream::OnCollision::KeepLater,
        OnCollision::RestoreEarlier => dream::OnCollision::RestoreEarlier,
    };
    let back = surface.engine.roll_back_dream(&principal, (id, request.adoption), on_collision).await?;
    let collision = |met: dream::Collision| Collision {
        place: met.place,
        before: met.before,
        adopted: met.adopted,
        now: met.now,
    };
    json(RolledBack {
        dream: back.dream.into(),
        done: back.done,
        restored_count: back.restored_count,
        collisions: back.collisions.into_iter().map(collision).collect(),
    })
}
