//! Revokes a key.

use axum::extract::State;
use axum::http::StatusCode;
use dreamkeeper_domain::id::KeyId;

use crate::caller::As;
use crate::failure::Failure;
use crate::path::PathParameter;
use crate::router::Surface;

/// Revokes a key at once and for good.
#[utoipa::path(
    delete, path = "/dk/v1/keys/{id}", tag = "Keys",
    params(("id" = String, Path, format = "uuid", description = "The key's id")),
    responses((status = 204, description = "It opens nothing any more")),
)]
pub(in crate::native) async fn revoke_key(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<KeyId>,
) -> Result<StatusCode, Failure> {
    surface.engine.revoke_key(&principal, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
