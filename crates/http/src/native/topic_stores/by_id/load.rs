//! Load: what an agent reads before it works.

use axum::extract::State;
use dreamkeeper_api::topic::{LoadTopicsRequest, LoadedTopic, LoadedTopics};
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_domain::limits;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_engine::topics::LoadTopics;

use crate::answer::{Answer, json};
use crate::body::OptionalJsonBody;
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Loads the index of a store and whole topics for a task, within a token budget.
#[utoipa::path(
    post, path = "/dk/v1/topic-stores/{id}/load", tag = "Topics", request_body = LoadTopicsRequest,
    params(("id" = String, Path, format = "uuid", description = "The store's id")),
    responses((status = 200, description = "What was loaded", body = LoadedTopics)),
)]
pub(in crate::native) async fn load_topics(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<StoreId>,
    OptionalJsonBody(request): OptionalJsonBody<LoadTopicsRequest>,
) -> Answer<LoadedTopics> {
    let load = LoadTopics {
        store: id,
        task: request.task,
        min_origin: request.min_origin.map_or(Origin::User, Into::into),
        as_of: request.as_of.map(|moment| moment.0),
        token_budget: request.token_budget.unwrap_or(limits::RECALL_TOKENS_DEFAULT),
    };
    let loaded = surface.engine.load_topics(&principal, load).await?;
    let topics = loaded.topics.into_iter();
    json(LoadedTopics {
        index: loaded.index,
        topics: topics.map(|loaded| LoadedTopic { topic: loaded.topic.into(), fit: loaded.fit }).collect(),
        omitted_count: loaded.omitted_count,
        token_count: loaded.token_count,
        text: loaded.text,
    })
}
