//! Remove: a topic goes away, its versions stay.

use axum::extract::State;
use axum::http::StatusCode;
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_domain::topic::TopicNote;
use dreamkeeper_engine::topics::TopicRef;

use crate::caller::As;
use crate::failure::Failure;
use crate::path::PathParameters;
use crate::query::{Query, RemoveTopicQuery};
use crate::router::Surface;

/// Removes a topic; its versions stay, and it can be restored.
#[utoipa::path(
    delete, path = "/dk/v1/topic-stores/{id}/topics/{topic}", tag = "Topics",
    params(("id" = String, Path, format = "uuid", description = "The store's id"), ("topic" = String, Path, description = "The topic's id, or its path, percent-encoded"), RemoveTopicQuery),
    responses((status = 204, description = "It is removed")),
)]
pub(in crate::native) async fn remove_topic(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameters(id, topic): PathParameters<StoreId, TopicRef>,
    Query(query): Query<RemoveTopicQuery>,
) -> Result<StatusCode, Failure> {
    let note = TopicNote { reason: query.reason, session: query.session, dream: None };
    surface.engine.delete_topic(&principal, id, &topic, (query.expected_sha256, note)).await?;
    Ok(StatusCode::NO_CONTENT)
}
