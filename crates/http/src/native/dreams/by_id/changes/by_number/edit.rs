//! Edit: a person's own words in the place of a change's.

use axum::extract::State;
use dreamkeeper_api::dream::{Change, EditChangeRequest};

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::path::ChangePath;
use crate::router::Surface;

/// Gives one topic of a change other content. The change counts as the caller's own and waits for review again.
#[utoipa::path(
    post, path = "/dk/v1/dreams/{id}/changes/{number}/edit", tag = "Dreams", request_body = EditChangeRequest,
    params(
        ("id" = String, Path, format = "uuid", description = "The dream's id"),
        ("number" = u32, Path, description = "The change's number within the dream"),
    ),
    responses((status = 200, description = "The change as edited", body = Change)),
)]
pub(in crate::native) async fn edit_change(
    State(surface): State<Surface>,
    As(principal): As,
    ChangePath { dream, number }: ChangePath,
    JsonBody(request): JsonBody<EditChangeRequest>,
) -> Answer<Change> {
    let words = (request.path.as_str(), request.content);
    json(surface.engine.edit_change(&principal, (dream, number), words).await?.change)
}
