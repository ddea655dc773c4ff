//! Erase: destroys content for good.

use axum::extract::State;
use dreamkeeper_api::erase::{self, EraseRequest, Erased};
use dreamkeeper_engine::EraseTarget;

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::router::Surface;

/// Destroys content for good, from every version, index, quote and receipt.
///
/// Ids, times, actors and operations stay. Repeating an interrupted erase finishes it.
#[utoipa::path(
    post, path = "/dk/v1/erase", tag = "Erase", request_body = EraseRequest,
    responses((status = 200, description = "What was erased", body = Erased)),
)]
pub(in crate::native) async fn erase(
    State(surface): State<Surface>,
    As(principal): As,
    JsonBody(request): JsonBody<EraseRequest>,
) -> Answer<Erased> {
    let target = match request.target {
        erase::EraseTarget::Memory(id) => EraseTarget::Memory(id),
        erase::EraseTarget::Message(id) => EraseTarget::Message(id),
        erase::EraseTarget::Session(id) => EraseTarget::Session(id),
        erase::EraseTarget::TopicStore(id) => EraseTarget::TopicStore(id),
        erase::EraseTarget::Scope(scope) => EraseTarget::Scope(scope.into()),
    };
    let erased = surface.engine.erase(&principal, target, request.reason).await?;
    json(Erased {
        memory_count: erased.memory_count,
        message_count: erased.message_count,
        state_count: erased.state_count,
        store_count: erased.store_count,
    })
}
