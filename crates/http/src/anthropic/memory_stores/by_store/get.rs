//! One memory store.

use axum::extract::State;
use dreamkeeper_api::anthropic::store::MemoryStore;
use dreamkeeper_domain::id::StoreId;

use crate::answer::{Answer, json};
use crate::anthropic::parameters::{IdInPath, NoQuery, WireQuery};
use crate::caller::As;
use crate::router::Surface;

/// Tells a memory store, also an archived one.
pub(in crate::anthropic) async fn get_store(
    State(surface): State<Surface>,
    As(principal): As,
    IdInPath(id): IdInPath<StoreId>,
    WireQuery(NoQuery {}): WireQuery<NoQuery>,
) -> Answer<MemoryStore> {
    json(surface.engine.topic_store(&principal, id).await?)
}
