//! What every refusal on mem0's wire looks like: `detail` for its Python client, `error` for its documents.

use axum::Json;
use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::failure::Refused;

const ROUTES: [&str; 16] = [
    "/v1/ping",
    "/v1/memories",
    "/v2/memories",
    "/v3/memories",
    "/v1/batch",
    "/v1/feedback",
    "/v1/events",
    "/v1/event",
    "/v1/entities",
    "/v2/entities",
    "/v1/exports",
    "/v1/summary",
    "/v2/profiles",
    "/api/v1",
    "/memories",
    "/search",
];

/// Says a refusal in this wire's words where the request came on it, whatever layer below gave it.
pub(crate) async fn wire(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_theirs = ROUTES
        .iter()
        .any(|route| path.strip_prefix(*route).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    let response = next.run(request).await;
    if is_theirs { translated(response) } else { response }
}

fn translated(mut response: Response) -> Response {
    let Some(Refused(body)) = response.extensions_mut().remove::<Refused>() else { return response };
    let report = body.error;
    let told = json!({ "detail": report.message, "error": report.message, "code": report.code });
    let mut answer = (response.status(), Json(told)).into_response();
    for (name, value) in response.headers() {
        // The new body has another length; the server tells it.
        if name != header::CONTENT_LENGTH {
            answer.headers_mut().entry(name).or_insert(value.clone());
        }
    }
    *answer.extensions_mut() = std::mem::take(response.extensions_mut());
    answer
}
