//! The keys of the space.

use axum::extract::State;
use dreamkeeper_api::key::Key;
use dreamkeeper_api::page::List;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::router::Surface;

/// Lists the keys of the space, newest first, revoked ones too.
#[utoipa::path(
    get, path = "/dk/v1/keys", tag = "Keys",
    responses((status = 200, description = "The keys, without their secrets", body = List<Key>)),
)]
pub(in crate::native) async fn list_keys(
    State(surface): State<Surface>,
    As(principal): As,
) -> Answer<List<Key>> {
    json(List::of(surface.engine.keys(&principal).await?))
}
