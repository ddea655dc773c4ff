//! Recall: what belongs to a question.

mod translate;

use axum::extract::State;
use dreamkeeper_api::recall::{Recall, RecallRequest};

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::router::Surface;

/// Finds what belongs to a question.
///
/// Answers in sections, with scores and evidence, and as fenced text for a prompt. Where nothing clears the
/// bar it says so, and how near the nearest was.
#[utoipa::path(
    post, path = "/dk/v1/recall", tag = "Recall", request_body = RecallRequest,
    responses((status = 200, description = "What belongs to the question", body = Recall)),
)]
pub(in crate::native) async fn recall(
    State(surface): State<Surface>,
    As(principal): As,
    JsonBody(request): JsonBody<RecallRequest>,
) -> Answer<Recall> {
    let explain = request.explain;
    let recall = surface.engine.recall(&principal, translate::request(request)?).await?;
    json(translate::answer(recall, explain))
}
