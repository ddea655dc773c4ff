//! What a dream proposes.

use axum::extract::State;
use dreamkeeper_api::dream::DreamChanges;
use dreamkeeper_domain::id::DreamId;
use dreamkeeper_engine::dream::DreamView;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Lists the changes of a dream, by number; each one is told whole by its own address.
#[utoipa::path(
    get, path = "/dk/v1/dreams/{id}/changes", tag = "Dreams",
    params(("id" = String, Path, format = "uuid", description = "The dream's id")),
    responses((status = 200, description = "The dream and its changes", body = DreamChanges)),
)]
pub(in crate::native) async fn list_changes(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<DreamId>,
) -> Answer<DreamChanges> {
    json(told(surface.engine.get_dream(&principal, id).await?))
}

/// A dream with its changes on the wire.
pub(in crate::native) fn told(view: DreamView) -> DreamChanges {
    DreamChanges { dream: view.dream.into(), changes: view.changes.iter().map(Into::into).collect() }
}
