//! What mem0's service has and this server has not.

use axum::Json;
use axum::http::{StatusCode, Uri};
use serde_json::{Value, json};

/// Says so, in their shape.
pub(super) async fn absent(uri: Uri) -> (StatusCode, Json<Value>) {
    let message = format!("`{}` is not served here: see docs/clients/mem0.md for what is", uri.path());
    (StatusCode::NOT_IMPLEMENTED, Json(json!({ "detail": message, "error": message })))
}
