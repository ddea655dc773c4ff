//! Maintain: archives and prunes by the written policy.

use axum::extract::State;
use axum::response::Response;
use dreamkeeper_api::maintenance::{ArchivedMemory, MaintainRequest, Maintained, WorkLine};

use crate::body::OptionalJsonBody;
use crate::caller::As;
use crate::router::Surface;
use crate::work;

/// Archives memories and takes away old events by the written policy; `dry_run` only tells.
///
/// What is archived can be restored. Answers in lines of JSON: progress, then the result. It ends when the client
/// goes away; what was done stays done.
#[utoipa::path(
    post, path = "/dk/v1/maintenance/maintain", tag = "Maintenance", request_body = MaintainRequest,
    responses((
        status = 200, description = "Lines of progress, then the result",
        body = WorkLine<Maintained>, content_type = "application/x-ndjson"
    )),
)]
pub(in crate::native) async fn maintain(
    State(surface): State<Surface>,
    As(principal): As,
    OptionalJsonBody(request): OptionalJsonBody<MaintainRequest>,
) -> Response {
    work::answer(move |reporter| async move {
        let tell = move |progress: dreamkeeper_engine::MaintainProgress| {
            reporter.tell(progress.done, progress.total);
        };
        let done = surface.engine.maintain(&principal, request.dry_run, &tell).await?;
        if !done.dry_run {
            surface.options.metrics.maintained(&done);
        }
        Ok(told(done))
    })
    .await
}

fn told(done: dreamkeeper_engine::Maintained) -> Maintained {
    let archived = done.archived.into_iter().map(|archived| ArchivedMemory {
        id: archived.memory,
        text: archived.text,
        rule: archived.rule.to_string(),
        because: archived.because,
    });
    Maintained {
        dry_run: done.dry_run,
        memory_count: done.memory_count,
        archived_count: done.archived_counts.values().sum(),
        archived: archived.collect(),
        archived_by_rule: done
            .archived_counts
            .into_iter()
            .map(|(rule, count)| (rule.to_string(), count))
            .collect(),
        event_count: done.pruned.event_count,
        held_count: done.pruned.held_count,
        sessions_erased: done.sessions_erased,
        stores_purged: done.stores_purged,
    }
}
