//! What every answer of this wire has: their error body, their headers, the id of the request.

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use dreamkeeper_api::anthropic::error::{WireError, status};
use dreamkeeper_api::error::Problem;

use crate::failure::{Failure, Refused};
use crate::observe::RequestId;

const ROUTES: &str = "/v1/memory_stores";
const BETAS: &str = "anthropic-beta";
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");
const WORKSPACE: HeaderName = HeaderName::from_static("anthropic-workspace-id");

/// Two names of the same beta, of which a request sends one.
const EXCLUSIVE: [&str; 2] = ["agent-memory-2026-07-22", "managed-agents-2026-04-01"];

/// Says an answer in this wire's words where the request came on it, whatever layer below gave it.
pub(crate) async fn wire(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_theirs = path.strip_prefix(ROUTES).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if !is_theirs {
        return next.run(request).await;
    }
    let id = request.extensions().get::<RequestId>().map(|RequestId(id)| id.clone());
    let workspace = request.headers().get(WORKSPACE).cloned();
    let response = translated(next.run(request).await, id.clone());
    with_headers(response, id.as_deref(), workspace)
}

fn translated(mut response: Response, id: Option<String>) -> Response {
    let Some(Refused(body)) = response.extensions_mut().remove::<Refused>() else { return response };
    let status = StatusCode::from_u16(status(body.error.code)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut told = (status, Json(WireError::of(&body, id))).into_response();
    for (name, value) in response.headers() {
        told.headers_mut().entry(name).or_insert(value.clone());
    }
    // The new body has another length; the server tells it.
    told.headers_mut().remove(axum::http::header::CONTENT_LENGTH);
    *told.extensions_mut() = std::mem::take(response.extensions_mut());
    if status == StatusCode::CONFLICT {
        // Their clients would send it again, twice, for nothing.
        told.headers_mut().insert(SHOULD_RETRY, HeaderValue::from_static("false"));
    }
    told
}

fn with_headers(mut response: Response, id: Option<&str>, workspace: Option<HeaderValue>) -> Response {
    let headers = response.headers_mut();
    if let Some(id) = id.and_then(|id| HeaderValue::from_str(id).ok()) {
        headers.insert(REQUEST_ID, id);
    }
    // A key belongs to one space: the header selects nothing, and comes back as it was.
    if let Some(workspace) = workspace {
        headers.insert(WORKSPACE, workspace);
    }
    response
}

/// Refuses a request that names both betas.
pub(super) async fn one_beta(request: Request, next: Next) -> Response {
    if EXCLUSIVE.iter().all(|beta| names(request.headers(), beta)) {
        let [first, second] = EXCLUSIVE;
        let problem = format!("names both `{first}` and `{second}`: send one of them");
        return Failure::from(Problem::new(BETAS, problem)).into_response();
    }
    next.run(request).await
}

fn names(headers: &HeaderMap, beta: &str) -> bool {
    let values = headers.get_all(BETAS).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|named| named.trim() == beta)
}
