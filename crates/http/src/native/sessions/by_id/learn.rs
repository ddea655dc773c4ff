//! Learn: from messages that a session holds already.

use axum::extract::State;
use dreamkeeper_api::learn::{LearnRequest, Queued};
use dreamkeeper_domain::id::SessionId;
use dreamkeeper_engine::LearnFrom;

use crate::answer::{Answer, json};
use crate::body::OptionalJsonBody;
use crate::caller::As;
use crate::path::PathParameter;
use crate::router::Surface;

/// Learns from the messages of a session, from a place on.
///
/// Learning from a message twice changes nothing the second time. With `wait` it is answered when it is done, as long
/// as that takes; events that a model could not be reached for are answered as they wait.
#[utoipa::path(
    post, path = "/dk/v1/sessions/{id}/learn", tag = "Learning", request_body = LearnRequest,
    params(("id" = String, Path, format = "uuid", description = "The session's id")),
    responses((status = 200, description = "The learning events", body = Queued)),
)]
pub(in crate::native) async fn learn_session(
    State(surface): State<Surface>,
    As(principal): As,
    PathParameter(session): PathParameter<SessionId>,
    OptionalJsonBody(request): OptionalJsonBody<LearnRequest>,
) -> Answer<Queued> {
    let from = LearnFrom { session, from: request.from, wait: request.wait };
    let queued = surface.engine.learn(&principal, from).await?;
    json(Queued { events: queued.events, learned: queued.settled.into_iter().map(Into::into).collect() })
}
