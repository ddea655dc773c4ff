//! Memories by scope and filter.

use axum::extract::State;
use dreamkeeper_api::filter::FilterExpression;
use dreamkeeper_api::memory::{ListMemoriesRequest, Memory};
use dreamkeeper_api::page::Page;
use dreamkeeper_engine::ListMemories;

use crate::answer::{Answer, json};
use crate::body::OptionalJsonBody;
use crate::caller::As;
use crate::router::Surface;

/// Lists memories by scope and filter, newest change first.
#[utoipa::path(
    post, path = "/dk/v1/memories/list", tag = "Memories", request_body = ListMemoriesRequest,
    responses((status = 200, description = "One page of memories", body = Page<Memory>)),
)]
pub(in crate::native) async fn list_memories(
    State(surface): State<Surface>,
    As(principal): As,
    OptionalJsonBody(request): OptionalJsonBody<ListMemoriesRequest>,
) -> Answer<Page<Memory>> {
    let list = ListMemories {
        scope: request.scope.into(),
        filter: request.filter.as_ref().map(FilterExpression::parse).transpose()?,
        statuses: request.statuses.into_iter().map(Into::into).collect(),
        expired: request.expired,
        after: request.after,
        limit: request.limit,
    };
    let page = surface.engine.list_memories(&principal, list).await?;
    json((surface.engine.with_importance(&principal, page.items).await?, page.next))
}
