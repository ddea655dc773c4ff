//! Router: every route, under the layers that every request passes.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use dreamkeeper_api::error::ErrorCode;
use dreamkeeper_engine::Engine;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::caller::authenticate;
use crate::failure::Failure;
use crate::guard::guard;
use crate::observe::{observe, panicked};
use crate::options::HttpOptions;
use crate::{anthropic, health, mem0, metrics, native};

/// What endpoints share.
#[derive(Clone)]
pub(crate) struct Surface {
    pub(crate) engine: Engine,
    pub(crate) options: Arc<HttpOptions>,
    places: Arc<Semaphore>,
}

impl Surface {
    /// Names a request, so that an answer and the log's line can be brought together.
    pub(crate) fn request_id(&self) -> String {
        self.random_hex::<8>()
    }

    /// That many random bytes, in hexadecimal.
    pub(crate) fn random_hex<const BYTES: usize>(&self) -> String {
        let mut bytes = [0; BYTES];
        self.engine.parts().entropy.fill(&mut bytes);
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The APIs over an engine. A listener adds a [`crate::Caller`] to each request.
pub fn router(engine: Engine, options: HttpOptions) -> Router {
    let places = Arc::new(Semaphore::new(options.requests_at_once_max));
    let surface = Surface { engine, options: Arc::new(options), places };
    let authenticated = || from_fn_with_state(surface.clone(), authenticate);
    let bounded = || from_fn_with_state(surface.clone(), bound);
    let routes = native::routes()
        .route_layer(bounded())
        .merge(native::long_routes())
        .route_layer(authenticated())
        .merge(open_routes());
    let (router, _document) = routes.split_for_parts();
    let theirs =
        anthropic::routes().merge(mem0::routes()).route_layer(bounded()).route_layer(authenticated());
    // The outermost layer stands last.
    router
        .merge(theirs)
        .fallback(unknown_route)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(surface.clone(), guard))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(anthropic::wire))
        .layer(from_fn(mem0::wire))
        .layer(from_fn_with_state(surface.clone(), observe))
        .with_state(surface)
}

/// Every route with its documentation.
pub(crate) fn documented_routes() -> OpenApiRouter<Surface> {
    native::routes().merge(native::long_routes()).merge(open_routes())
}

/// Routes that tell nothing of anybody and need no key.
fn open_routes() -> OpenApiRouter<Surface> {
    health::routes().merge(metrics::routes()).merge(native::open_routes())
}

/// Bounds how many requests run at once and for how long.
async fn bound(State(surface): State<Surface>, request: Request, next: Next) -> Response {
    let Ok(_place) = surface.places.try_acquire() else {
        return Failure::new(ErrorCode::Overloaded, "too many requests at once").into_response();
    };
    let limit = surface.options.timeout;
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let message = format!("not done within {} s", limit.as_secs_f64());
            Failure::new(ErrorCode::Timeout, message).into_response()
        }
    }
}

async fn unknown_route() -> Failure {
    Failure::new(ErrorCode::UnknownRoute, "there is no such route")
}

async fn method_not_allowed(method: Method) -> Failure {
    Failure::new(ErrorCode::MethodNotAllowed, format!("this route has no method {method}"))
}
