//! A new topic.

use axum::extract::State;
use dreamkeeper_api::topic::{NewTopic, Topic};
use dreamkeeper_domain::id::StoreId;

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::native::topic_stores::writing;
use crate::path::PathParameter;
use crate::router::Surface;

/// Makes a topic; one that is there is never overwritten.
#[utoipa::path(
    post, path = "/dk/v1/topic-stores/{id}/topics", tag = "Topics", request_body = NewTopic,
    params(("id" = String, Path, format = "uuid", description = "The store's id")),
    responses((status = 200, description = "The topic", body = Topic)),
)]
pub(in crate::native) async fn create_topic(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<StoreId>,
    JsonBody(new): JsonBody<NewTopic>,
) -> Answer<Topic> {
    let writing = writing(new.origin, new.raise, (new.reason, new.session));
    let new = dreamkeeper_engine::topics::NewTopic { path: new.path, content: new.content, writing };
    json(surface.engine.create_topic(&principal, id, new).await?)
}
