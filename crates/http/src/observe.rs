//! Observe: what every answer carries and what the log tells of it. Never a body, a query or a header.

use std::any::Any;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use dreamkeeper_api::error::ErrorCode;

use crate::failure::{Cause, Failure};
use crate::router::Surface;

/// The name of a request, for layers below.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What no answer goes without; a page has a policy of its own.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Names the request, times it, logs how it ended and completes the answer's headers.
pub(crate) async fn observe(State(surface): State<Surface>, mut request: Request, next: Next) -> Response {
    let id = surface.request_id();
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    // The route, not the path: a path can hold what a person wrote.
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let begun = Instant::now();
    let mut response = next.run(request).await;
    let elapsed = begun.elapsed();
    let elapsed_ms = elapsed.as_secs_f64() * 1_000.0;
    let status = response.status();
    surface.options.metrics.request(method.as_str(), &route, status.as_u16(), elapsed);
    let cause = response.extensions_mut().remove::<Cause>().map(|Cause(cause)| cause);
    if status.is_server_error() {
        tracing::error!(request = id, %method, route, %status, elapsed_ms, cause, "request failed");
    } else if status.is_client_error() {
        tracing::info!(request = id, %method, route, %status, elapsed_ms, "request refused");
    } else {
        tracing::debug!(request = id, %method, route, %status, elapsed_ms, "request served");
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    response
}

/// What a panic is answered with: nothing of it but that it was.
pub(crate) fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let words = panic.downcast_ref::<&str>().map(ToString::to_string);
    let words = words.or_else(|| panic.downcast_ref::<String>().cloned());
    let mut response = Failure::new(ErrorCode::Internal, "the server failed").into_response();
    response.extensions_mut().insert(Cause(format!("panic: {}", words.unwrap_or_default())));
    response
}
