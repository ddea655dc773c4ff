//! One version of a memory.

use axum::extract::State;
use dreamkeeper_api::anthropic::version::MemoryVersion;
use dreamkeeper_api::anthropic::view::View;
use dreamkeeper_domain::id::{StoreId, TopicVersionId};

use crate::answer::{Answer, json};
use crate::anthropic::parameters::{IdsInPath, ViewQuery, WireQuery};
use crate::caller::As;
use crate::router::Surface;

/// Tells a version, with its content unless told.
pub(in crate::anthropic) async fn get_version(
    State(surface): State<Surface>,
    As(principal): As,
    IdsInPath(store, id): IdsInPath<StoreId, TopicVersionId>,
    WireQuery(query): WireQuery<ViewQuery>,
) -> Answer<MemoryVersion> {
    let version = surface.engine.topic_version(&principal, store, id).await?;
    json(MemoryVersion::seen(version, query.view.unwrap_or(View::Full)))
}
