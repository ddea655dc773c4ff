//! Doctor: whether the space is sound.

use axum::extract::State;
use dreamkeeper_api::maintenance::Health;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::router::Surface;

/// Checks everything that is stored, and lets the index be built anew from it.
#[utoipa::path(
    post, path = "/dk/v1/maintenance/doctor", tag = "Maintenance",
    responses((status = 200, description = "What is wrong, if anything", body = Health)),
)]
pub(in crate::native) async fn doctor(State(surface): State<Surface>, As(principal): As) -> Answer<Health> {
    let health = surface.engine.doctor(&principal).await?;
    json(Health { problems: health.problems, stale_passage_count: health.stale_passage_count })
}
