//! The API's own description, for programs.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// The document never changes while the process runs.
static DOCUMENT: LazyLock<String> =
    LazyLock::new(|| crate::openapi().to_json().expect("a document of texts, lists and maps is JSON"));

/// Tells the API as an OpenAPI document.
#[utoipa::path(
    get, path = "/dk/v1/openapi.json", tag = "About", security(()),
    responses((status = 200, description = "This document", content_type = "application/json", body = Object)),
)]
pub(in crate::native) async fn openapi_json() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}
