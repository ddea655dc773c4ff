//! Doctor: whether the space is sound; what is derived is made anew where it is not.

use axum::extract::State;
use axum::response::Response;
use dreamkeeper_api::maintenance::{Health, WorkLine};

use crate::caller::As;
use crate::router::Surface;
use crate::work;

/// Checks everything that is stored, and mends passages that differ from the text they were cut from.
///
/// Answers in lines of JSON: progress, then the result. It ends when the client goes away; what was mended
/// stays mended.
#[utoipa::path(
    post, path = "/dk/v1/maintenance/doctor", tag = "Maintenance",
    responses((
        status = 200, description = "Lines of progress, then what was mended and what is wrong still",
        body = WorkLine<Health>, content_type = "application/x-ndjson"
    )),
)]
pub(in crate::native) async fn doctor(State(surface): State<Surface>, As(principal): As) -> Response {
    work::answer(|reporter| async move {
        let tell = move |progress: dreamkeeper_engine::DoctorProgress| {
            reporter.tell(progress.done, progress.total);
        };
        let health = surface.engine.doctor(&principal, &tell).await?;
        let mended = health.mended.into_iter().map(|(fault, count)| (fault.as_str().to_owned(), count));
        Ok(Health {
            problems: health.problems,
            checked_count: health.checked_count,
            mended: mended.collect(),
            stale_passage_count: health.stale_passage_count,
        })
    })
    .await
}
