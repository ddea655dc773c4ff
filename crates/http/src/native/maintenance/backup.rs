//! Backup: a copy of the space, made while serving.

use std::path::PathBuf;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use dreamkeeper_api::error::Problem;
use dreamkeeper_api::maintenance::{BackedUp, BackupRequest, WorkLine};

use crate::body::JsonBody;
use crate::caller::AsOperator;
use crate::failure::Failure;
use crate::router::Surface;
use crate::work;

/// Copies the space to a new file on the server's own disk, while serving.
///
/// For the operator only: a path on the server is nobody else's to name. Answers in lines of JSON.
#[utoipa::path(
    post, path = "/dk/v1/maintenance/backup", tag = "Maintenance", request_body = BackupRequest,
    responses((
        status = 200, description = "Lines of progress, then the result",
        body = WorkLine<BackedUp>, content_type = "application/x-ndjson"
    )),
)]
pub(in crate::native) async fn backup(
    State(surface): State<Surface>,
    AsOperator(principal): AsOperator,
    JsonBody(request): JsonBody<BackupRequest>,
) -> Response {
    let path = PathBuf::from(&request.path);
    if !path.is_absolute() {
        // The server's working directory is not the client's.
        let problem = format!("`{}` is relative: give an absolute path", request.path);
        return Failure::from(Problem::new("path", problem)).into_response();
    }
    work::answer(|reporter| async move {
        let tell = move |done, total| reporter.tell(done, total);
        surface.engine.backup(&principal, &path, &tell).await?;
        Ok(BackedUp { path: request.path })
    })
    .await
}
