//! Why: what an earlier recall served, on which quotes, said by whom.

use axum::extract::State;
use dreamkeeper_api::receipt::Why;
use dreamkeeper_domain::id::ReceiptId;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Tells what a recall served and why.
#[utoipa::path(
    get, path = "/dk/v1/receipts/{id}", tag = "Recall",
    params(("id" = String, Path, format = "uuid", description = "The receipt's id")),
    responses((status = 200, description = "What was served, and the memories as they are now", body = Why)),
)]
pub(in crate::native) async fn why(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<ReceiptId>,
) -> Answer<Why> {
    let why = surface.engine.why(&principal, id).await?;
    let memories_now = why.memories_now.into_iter().map(Into::into).collect();
    json(Why { receipt: why.receipt.into(), memories_now })
}
