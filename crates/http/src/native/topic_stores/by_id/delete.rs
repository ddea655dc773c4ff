//! Delete: a store is hidden, and destroyed later.

use axum::extract::State;
use dreamkeeper_api::topic::TopicStore;
use dreamkeeper_domain::id::StoreId;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Hides a store with all that is in it; its content is destroyed 30 days later.
#[utoipa::path(
    delete, path = "/dk/v1/topic-stores/{id}", tag = "Topics",
    params(("id" = String, Path, format = "uuid", description = "The store's id")),
    responses((status = 200, description = "The store, hidden", body = TopicStore)),
)]
pub(in crate::native) async fn delete_topic_store(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<StoreId>,
) -> Answer<TopicStore> {
    json(surface.engine.delete_topic_store(&principal, id).await?)
}
