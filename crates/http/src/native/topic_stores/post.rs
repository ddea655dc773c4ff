//! A new store of topics.

use axum::extract::State;
use dreamkeeper_api::topic::{NewTopicStore, TopicStore};

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::router::Surface;

/// Makes a store of topics.
#[utoipa::path(
    post, path = "/dk/v1/topic-stores", tag = "Topics", request_body = NewTopicStore,
    responses((status = 200, description = "The store", body = TopicStore)),
)]
pub(in crate::native) async fn create_topic_store(
    State(surface): State<Surface>,
    As(principal): As,
    JsonBody(new): JsonBody<NewTopicStore>,
) -> Answer<TopicStore> {
    let new = dreamkeeper_engine::topics::NewTopicStore {
        name: new.name,
        description: new.description,
        metadata: new.metadata,
        scope: new.scope.into(),
        disk_origin: new.disk_origin.map(Into::into),
    };
    json(surface.engine.create_topic_store(&principal, new).await?)
}
