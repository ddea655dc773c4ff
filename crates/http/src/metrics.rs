//! Metrics: what is counted, told in Prometheus' text form at `/metrics`.
//!
//! Counts and times only: a route is told as the document names it, and no space, key or person is told at all.

mod learning;
mod levels;
mod upkeep;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use dreamkeeper_domain::key::Permission;
use dreamkeeper_engine::learn::Told;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use tokio::sync::broadcast;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::learning::Learning;
use self::levels::Levels;
use self::upkeep::Upkeep;
use crate::caller::Credential;
use crate::failure::Failure;
use crate::router::Surface;

/// Upper bounds of the classes of times, in seconds: from a read in memory to a slow model.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0, 120.0];

/// What is counted since the process began. Cheap to clone; all clones count together.
#[derive(Clone)]
pub struct Metrics {
    inner: Arc<Inner>,
}

struct Inner {
    registry: Registry,
    requests: Family<Answered, Counter>,
    request_seconds: Family<Route, Histogram>,
    learning: Learning,
    levels: Levels,
    upkeep: Upkeep,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: String,
    route: String,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("dreamkeeper");
        let requests = Family::default();
        registry.register("requests", "Requests by route and status", requests.clone());
        let request_seconds = Family::new_with_constructor(histogram as fn() -> Histogram);
        registry.register("request_seconds", "How long requests took, by route", request_seconds.clone());
        let (learning, levels) = (Learning::new(&mut registry), Levels::new(&mut registry));
        let upkeep = Upkeep::new(&mut registry);
        Self { inner: Arc::new(Inner { registry, requests, request_seconds, learning, levels, upkeep }) }
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Metrics {
    /// Counts what learning does for as long as it is polled; its owner drops it to stop.
    pub async fn follow(&self, mut told: broadcast::Receiver<Told>) {
        loop {
            match told.recv().await {
                Ok(told) => self.inner.learning.count(&told),
                Err(broadcast::error::RecvError::Lagged(count)) => self.inner.learning.missed(count),
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    }

    /// Counts what maintenance did.
    pub fn maintained(&self, done: &dreamkeeper_engine::Maintained) {
        self.inner.upkeep.count(done);
    }

    /// Counts a request that was answered.
    pub(crate) fn request(&self, method: &str, route: &str, status: u16, elapsed: Duration) {
        // Anybody can send any method: only known ones are told apart.
        let method = match method {
            "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" => method,
            _ => "other",
        };
        let (method, route) = (method.to_owned(), route.to_owned());
        let answered = Answered { method: method.clone(), route: route.clone(), status };
        self.inner.requests.get_or_create(&answered).inc();
        self.inner.request_seconds.get_or_create(&Route { method, route }).observe(elapsed.as_secs_f64());
    }
}

fn histogram() -> Histogram {
    Histogram::new(SECONDS)
}

/// The route.
pub(crate) fn routes() -> OpenApiRouter<Surface> {
    OpenApiRouter::new().routes(routes!(metrics))
}

/// Tells what was counted since the process began, in Prometheus' text form.
///
/// A server on loopback tells it without a key; any other needs one that may `admin`, because the counts are of all
/// spaces together.
#[utoipa::path(
    get, path = "/metrics", tag = "About", security(()),
    responses((status = 200, description = "Counts and times", body = String, content_type = "text/plain")),
)]
async fn metrics(State(surface): State<Surface>, request: Request) -> Result<Response, Failure> {
    let credential = Credential::of(&request);
    if surface.options.local_space.is_none() {
        credential.settle(&surface).await?.require(Permission::Admin)?;
    }
    let inner = &surface.options.metrics.inner;
    inner.levels.measure(&surface.engine).await?;
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _infallible = encode(&mut text, &inner.registry);
    let form = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, form)], text).into_response())
}
