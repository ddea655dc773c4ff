//! One change of a dream.

use axum::extract::State;
use dreamkeeper_api::dream::Change;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::ChangePath;
use crate::router::Surface;

/// Tells a change whole: diffs, reason, evidence, and what becomes of each claim.
#[utoipa::path(
    get, path = "/dk/v1/dreams/{id}/changes/{number}", tag = "Dreams",
    params(
        ("id" = String, Path, format = "uuid", description = "The dream's id"),
        ("number" = u32, Path, description = "The change's number within the dream"),
    ),
    responses((status = 200, description = "The change", body = Change)),
)]
pub(in crate::native) async fn get_change(
    State(surface): State<Surface>,
    As(principal): As,
    ChangePath { dream, number }: ChangePath,
) -> Answer<Change> {
    json(surface.engine.get_change(&principal, dream, number).await?.change)
}
