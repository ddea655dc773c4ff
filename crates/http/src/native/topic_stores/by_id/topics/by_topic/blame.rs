//! Blame: who brought each line of a topic.

use axum::extract::State;
use dreamkeeper_api::topic::{Blame, BlamedLine, Topic};
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_engine::topics::TopicRef;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameters;
use crate::router::Surface;

/// Tells of each line of a topic which version brought it.
#[utoipa::path(
    get, path = "/dk/v1/topic-stores/{id}/topics/{topic}/blame", tag = "Topics",
    params(("id" = String, Path, format = "uuid", description = "The store's id"), ("topic" = String, Path, description = "The topic's id, or its path, percent-encoded")),
    responses((status = 200, description = "The lines", body = Blame)),
)]
pub(in crate::native) async fn blame_topic(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameters(id, topic): PathParameters<StoreId, TopicRef>,
) -> Answer<Blame> {
    let blame = surface.engine.blame_topic(&principal, id, &topic).await?;
    let lines = blame.lines.into_iter();
    json(Blame {
        topic: Topic::of(blame.topic.head, None),
        versions: blame.versions.into_iter().map(Into::into).collect(),
        lines: lines.map(|line| BlamedLine { text: line.text, version: line.version }).collect(),
    })
}
