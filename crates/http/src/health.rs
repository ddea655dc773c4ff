//! Health: whether the process is up and its store answers. Says nothing else to anybody.

use axum::extract::State;
use dreamkeeper_api::error::ErrorCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::failure::Failure;
use crate::router::Surface;

/// The routes.
pub(crate) fn routes() -> OpenApiRouter<Surface> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz))
}

/// Tells that the process is up.
#[utoipa::path(
    get, path = "/healthz", tag = "About", security(()),
    responses((status = 200, description = "`ok`", body = String, content_type = "text/plain")),
)]
async fn healthz() -> &'static str {
    "ok"
}

/// Tells that the store answers.
#[utoipa::path(
    get, path = "/readyz", tag = "About", security(()),
    responses((status = 200, description = "`ok`", body = String, content_type = "text/plain")),
)]
async fn readyz(State(surface): State<Surface>) -> Result<&'static str, Failure> {
    // What the store said goes to nobody who has no key.
    let unready = |_| Failure::new(ErrorCode::Unavailable, "the store does not answer");
    surface.engine.spaces().await.map(|_| "ok").map_err(unready)
}
