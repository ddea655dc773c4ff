//! Delete: a memory store is hidden with all that is in it, and destroyed later.

use axum::extract::State;
use dreamkeeper_api::anthropic::Deleted;
use dreamkeeper_api::anthropic::id::WireId;
use dreamkeeper_domain::id::StoreId;

use crate::answer::{Answer, json};
use crate::anthropic::parameters::{IdInPath, NoQuery, WireQuery};
use crate::caller::As;
use crate::router::Surface;

/// Deletes a memory store with its memories and their versions.
pub(in crate::anthropic) async fn delete_store(
    State(surface): State<Surface>,
    As(principal): As,
    IdInPath(id): IdInPath<StoreId>,
    WireQuery(NoQuery {}): WireQuery<NoQuery>,
) -> Answer<Deleted<StoreId>> {
    surface.engine.delete_topic_store(&principal, id).await?;
    json(Deleted { id: WireId(id), r#type: "memory_store_deleted" })
}
