//! Archive: a store is read-only from here on.

use axum::extract::State;
use dreamkeeper_api::topic::TopicStore;
use dreamkeeper_domain::id::StoreId;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Makes a store read-only for good; its topics leave recall.
#[utoipa::path(
    post, path = "/dk/v1/topic-stores/{id}/archive", tag = "Topics",
    params(("id" = String, Path, format = "uuid", description = "The store's id")),
    responses((status = 200, description = "The store", body = TopicStore)),
)]
pub(in crate::native) async fn archive_topic_store(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<StoreId>,
) -> Answer<TopicStore> {
    json(surface.engine.archive_topic_store(&principal, id).await?)
}
