//! Ping: their clients ask once, when they are made, whose key it is.

use axum::Json;
use serde_json::{Value, json};

use crate::caller::As;

/// Tells the space as organisation and project. The label of the user is no address: their clients would tell it
/// to their telemetry.
pub(super) async fn ping(As(principal): As) -> Json<Value> {
    let space = principal.space.to_string();
    Json(json!({ "status": "ok", "org_id": space, "project_id": space, "user_email": "local" }))
}
