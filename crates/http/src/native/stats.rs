//! What the space holds.

use axum::extract::State;
use dreamkeeper_api::stats::Stats;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::router::Surface;

/// Tells what the space holds, on disk and in memory.
#[utoipa::path(
    get, path = "/dk/v1/stats", tag = "Maintenance",
    responses((status = 200, description = "Counts and sizes", body = Stats)),
)]
pub(in crate::native) async fn stats(State(surface): State<Surface>, As(principal): As) -> Answer<Stats> {
    let report = surface.engine.stats(&principal).await?;
    json(Stats { store: report.store.into(), index: report.index.into(), embedder: report.embedder })
}
