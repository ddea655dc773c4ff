//! Reindex: a vector of the current embedder for every passage.

use axum::extract::State;
use axum::response::Response;
use dreamkeeper_api::maintenance::{Reindexed, WorkLine};

use crate::caller::As;
use crate::router::Surface;
use crate::work;

/// Embeds every passage whose vector is missing or of another embedder.
///
/// Answers in lines of JSON: progress, then the result. It ends when the client goes away; what was done
/// stays done, and the next one goes on from there.
#[utoipa::path(
    post, path = "/dk/v1/maintenance/reindex", tag = "Maintenance",
    responses((
        status = 200, description = "Lines of progress, then the result",
        body = WorkLine<Reindexed>, content_type = "application/x-ndjson"
    )),
)]
pub(in crate::native) async fn reindex(State(surface): State<Surface>, As(principal): As) -> Response {
    work::answer(|reporter| async move {
        let tell = move |progress: dreamkeeper_engine::ReindexProgress| {
            reporter.tell(progress.done, progress.total);
        };
        let done = surface.engine.reindex(&principal, &tell).await?;
        Ok(Reindexed { embedded_count: done.embedded_count, orphan_count: done.orphan_count })
    })
    .await
}
