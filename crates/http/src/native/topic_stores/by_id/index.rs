//! Index: one line for each topic of a store.

use axum::extract::State;
use dreamkeeper_api::topic::WrittenTopic;
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_engine::topics::TopicWriting;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::native::topic_stores::told;
use crate::path::PathParameter;
use crate::router::Surface;

/// Writes the index `/MEMORY.md` anew: one line for each topic, what people wrote into it stays.
#[utoipa::path(
    post, path = "/dk/v1/topic-stores/{id}/index", tag = "Topics",
    params(("id" = String, Path, format = "uuid", description = "The store's id")),
    responses((status = 200, description = "The index", body = WrittenTopic)),
)]
pub(in crate::native) async fn refresh_topic_index(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<StoreId>,
) -> Answer<WrittenTopic> {
    let written = surface.engine.refresh_topic_index(&principal, id, TopicWriting::default()).await?;
    json(told(written))
}
