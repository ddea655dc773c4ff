//! Append: records what was said, in order, in a session.

use axum::extract::State;
use axum::http::HeaderMap;
use dreamkeeper_api::error::Problem;
use dreamkeeper_api::learn;
use dreamkeeper_api::message::{self, AppendRequest, Appended, AppendedMessage};
use dreamkeeper_domain::changeset::IdempotencyKey;
use dreamkeeper_engine::{Append, Learn, NewMessage, SessionRef};

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::As;
use crate::router::Surface;

/// Appends messages to a session.
///
/// Durable when answered. A message with an `id` that its session holds already changes nothing, and so
/// does a request with an idempotency key that was used for the same request. What is said is learned from by a
/// worker afterwards, unless `learn` says otherwise.
#[utoipa::path(
    post, path = "/dk/v1/messages", tag = "Messages",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same as `idempotency_key` in the body")),
    request_body = AppendRequest,
    responses((status = 200, description = "Where each message stands", body = Appended)),
)]
pub(in crate::native) async fn append_messages(
    State(surface): State<Surface>,
    As(principal): As,
    headers: HeaderMap,
    JsonBody(request): JsonBody<AppendRequest>,
) -> Answer<Appended> {
    let idempotency_key = idempotency_key(&headers, request.idempotency_key.clone())?;
    let append = Append {
        session: match request.session {
            message::SessionRef::Id(id) => SessionRef::Id(id),
            message::SessionRef::Key(key) => SessionRef::Key(key),
            message::SessionRef::Current => SessionRef::Current,
        },
        scope: request.scope.into(),
        messages: read_all(request.messages)?,
        via: request.via.into(),
        idempotency_key,
        learn: read_learn(request.learn.unwrap_or(surface.options.learn)),
        temporary: request.temporary,
    };
    let appended = surface.engine.append(&principal, append).await?;
    let messages = appended.messages.into_iter().map(|message| AppendedMessage {
        id: message.id,
        ordinal: message.ordinal,
        duplicate: message.duplicate,
    });
    json(Appended {
        session: appended.session,
        session_created: appended.session_created,
        messages: messages.collect(),
        events: appended.events,
        learned: appended.learned.into_iter().map(Into::into).collect(),
        replayed: appended.replayed,
    })
}

fn read_learn(learn: learn::Learn) -> Learn {
    match learn {
        learn::Learn::Off => Learn::Off,
        learn::Learn::Later => Learn::Later,
        learn::Learn::Now => Learn::Now,
    }
}

fn read_all(messages: Vec<message::NewMessage>) -> Result<Vec<NewMessage>, Problem> {
    let read_at =
        |(place, message)| read(message).map_err(|problem| problem.under(&format!("messages[{place}]")));
    messages.into_iter().enumerate().map(read_at).collect()
}

fn read(message: message::NewMessage) -> Result<NewMessage, Problem> {
    let parts = message.content()?;
    let (at, zone) = message.said()?;
    Ok(NewMessage {
        client_id: message.id,
        role: message.role.into(),
        author: message.author,
        origin: message.origin.map(Into::into),
        parts,
        at,
        zone,
        labels: message.labels,
    })
}

/// The key of the header or the body; where both are given they must agree.
fn idempotency_key(headers: &HeaderMap, in_body: Option<String>) -> Result<Option<IdempotencyKey>, Problem> {
    let unreadable = |_| Problem::new("Idempotency-Key", "is no plain ASCII text");
    let in_header =
        headers.get("idempotency-key").map(|value| value.to_str().map_err(unreadable)).transpose()?;
    match (in_header, in_body) {
        (Some(header), Some(body)) if header != body => {
            Err(Problem::new("idempotency_key", "differs from the header Idempotency-Key: give one of them"))
        }
        (Some(key), _) => Ok(Some(IdempotencyKey(key.to_owned()))),
        (None, body) => Ok(body.map(IdempotencyKey)),
    }
}
