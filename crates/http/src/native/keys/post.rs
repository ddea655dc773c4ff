//! A new key; the only answer that ever holds a secret.

use axum::extract::State;
use dreamkeeper_api::key::{NewKey, NewKeyRequest};

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::router::Surface;

/// Makes a key of the space. Its secret is shown this once.
#[utoipa::path(
    post, path = "/dk/v1/keys", tag = "Keys", request_body = NewKeyRequest,
    responses((status = 200, description = "The key with its secret", body = NewKey)),
)]
pub(in crate::native) async fn create_key(
    State(surface): State<Surface>,
    As(principal): As,
    JsonBody(request): JsonBody<NewKeyRequest>,
) -> Answer<NewKey> {
    let new = dreamkeeper_engine::NewKey {
        name: request.name,
        permissions: request.permissions.into_iter().map(Into::into).collect(),
        ceiling: request.ceiling.into(),
        expires_at: request.expires_at.map(|moment| moment.0),
    };
    let made = surface.engine.create_key(&principal, new).await?;
    json(NewKey { key: made.key.into(), secret: made.secret.reveal().to_owned() })
}
