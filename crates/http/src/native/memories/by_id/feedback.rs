//! Feedback: what somebody says of a memory that was served.

use axum::extract::State;
use dreamkeeper_api::error::ErrorCode;
use dreamkeeper_api::learn::{FeedbackRequest, Usefulness};
use dreamkeeper_domain::id::MemoryId;

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::failure::Failure;
use crate::path::PathParameter;
use crate::router::Surface;

/// Notes that a memory was used, helped, did not belong or is wrong; it moves the memory in recall.
#[utoipa::path(
    post, path = "/dk/v1/memories/{id}/feedback", tag = "Memories", request_body = FeedbackRequest,
    params(("id" = String, Path, format = "uuid", description = "The memory's id")),
    responses((status = 200, description = "How the memory has fared", body = Usefulness)),
)]
pub(in crate::native) async fn give_feedback(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<MemoryId>,
    JsonBody(request): JsonBody<FeedbackRequest>,
) -> Answer<Usefulness> {
    let noted = surface.engine.feedback(&principal, id, request.feedback.into()).await?;
    match noted {
        Some(usefulness) => json(usefulness),
        None => Err(Failure::new(ErrorCode::NotFound, format!("the memory {id} was erased meanwhile"))),
    }
}
