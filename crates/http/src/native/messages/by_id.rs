//! One message.

use axum::extract::State;
use dreamkeeper_api::message::Message;

use crate::answer::{Answer, json};
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Reads a message.
#[utoipa::path(
    get, path = "/dk/v1/messages/{id}", tag = "Messages",
    params(("id" = String, Path, format = "uuid", description = "The message's id")),
    responses((status = 200, description = "The message", body = Message)),
)]
pub(in crate::native) async fn get_message(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(id): PathParameter<dreamkeeper_domain::id::MessageId>,
) -> Answer<Message> {
    json(surface.engine.message(&principal, id).await?)
}
