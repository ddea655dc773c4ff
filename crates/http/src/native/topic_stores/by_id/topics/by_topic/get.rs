//! One topic.

use axum::extract::State;
use dreamkeeper_api::topic::Topic;
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_engine::topics::TopicRef;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameters;
use crate::query::{Query, TopicQuery};
use crate::router::Surface;

/// Reads a topic.
#[utoipa::path(
    get, path = "/dk/v1/topic-stores/{id}/topics/{topic}", tag = "Topics",
    params(("id" = String, Path, format = "uuid", description = "The store's id"), ("topic" = String, Path, description = "The topic's id, or its path, percent-encoded"), TopicQuery),
    responses((status = 200, description = "The topic with its content", body = Topic)),
)]
pub(in crate::native) async fn get_topic(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameters(id, topic): PathParameters<StoreId, TopicRef>,
    Query(query): Query<TopicQuery>,
) -> Answer<Topic> {
    let as_of = query.as_of.map(|moment| moment.0);
    json(surface.engine.topic(&principal, id, &topic, as_of).await?)
}
