//! How full the queue of learning is.

use axum::extract::State;
use dreamkeeper_api::event::QueueStats;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::router::Surface;

/// Tells how many learning events wait, run and were given up.
#[utoipa::path(
    get, path = "/dk/v1/queue", tag = "Learning",
    responses((status = 200, description = "The queue", body = QueueStats)),
)]
pub(in crate::native) async fn queue_stats(
    State(surface): State<Surface>,
    As(principal): As,
) -> Answer<QueueStats> {
    json(surface.engine.queue_stats(&principal).await?)
}
