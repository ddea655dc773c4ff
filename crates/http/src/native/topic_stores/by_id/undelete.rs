//! Undelete: a hidden store comes back.

use axum::extract::State;
use dreamkeeper_api::topic::TopicStore;
use dreamkeeper_domain::id::StoreId;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Brings a deleted store back that is not destroyed yet.
#[utoipa::path(
    post, path = "/dk/v1/topic-stores/{id}/undelete", tag = "Topics",
    params(("id" = String, Path, format = "uuid", description = "The store's id")),
    responses((status = 200, description = "The store", body = TopicStore)),
)]
pub(in crate::native) async fn undelete_topic_store(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<StoreId>,
) -> Answer<TopicStore> {
    json(surface.engine.undelete_topic_store(&principal, id).await?)
}
