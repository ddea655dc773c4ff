//! Redact: what a version said is destroyed; that it was there stays told.

use axum::extract::State;
use dreamkeeper_api::anthropic::version::MemoryVersion;
use dreamkeeper_api::anthropic::view::View;
use dreamkeeper_domain::id::{StoreId, TopicVersionId};

use crate::answer::{Answer, json};
use crate::anthropic::parameters::{IdsInPath, NoQuery, WireQuery};
use crate::caller::As;
use crate::router::Surface;

/// Redacts a version that is not the current one of a live memory; again changes nothing.
pub(in crate::anthropic) async fn redact_version(
    State(surface): State<Surface>,
    As(principal): As,
    IdsInPath(store, id): IdsInPath<StoreId, TopicVersionId>,
    WireQuery(NoQuery {}): WireQuery<NoQuery>,
) -> Answer<MemoryVersion> {
    let version = surface.engine.redact_topic_version(&principal, store, id).await?;
    json(MemoryVersion::seen(version, View::Full))
}
