//! Stream: what is learned, as it is decided.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event as Sent, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use dreamkeeper_api::error::ErrorCode;
use dreamkeeper_api::event::{Event, StreamedDecision};
use dreamkeeper_engine::VerbError;
use dreamkeeper_engine::learn::{Follow, Followed};
use futures_util::stream::{Stream, StreamExt, iter, unfold};
use serde::Serialize;

use crate::caller::As;
use crate::failure::Failure;
use crate::options::HttpOptions;
use crate::router::Surface;

/// A sign of life for proxies that end what is silent.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Tells each decision and each learning event as it is settled, as server-sent events.
///
/// `decision` holds one decision with the id of its event; `event` holds an event, whole, after its decisions;
/// `missed` holds how many events were settled faster than they were read. The stream begins with what is settled
/// from now on, and ends with the server.
#[utoipa::path(
    get, path = "/dk/v1/events/stream", tag = "Learning",
    responses((
        status = 200, description = "Server-sent events named `decision`, `event` and `missed`",
        body = String, content_type = "text/event-stream"
    )),
)]
pub(in crate::native) async fn stream_events(
    State(surface): State<Surface>,
    As(principal): As,
) -> Result<Response, Failure> {
    let follow = surface.engine.follow(&principal)?;
    let ended = stopped(surface.options.clone());
    let told = told(follow).take_until(Box::pin(ended));
    let sse = Sse::new(told).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok(sse.into_response())
}

fn told(follow: Follow) -> impl Stream<Item = Result<Sent, Infallible>> {
    let steps = unfold(Some(follow), |follow| async {
        let mut follow = follow?;
        match follow.next().await {
            Ok(followed) => Some((messages(followed), Some(follow))),
            Err(error) => {
                tracing::error!(%error, "a stream of events ended: an event cannot be read");
                Some((vec![failed(&error)], None))
            }
        }
    });
    steps.flat_map(|messages| iter(messages.into_iter().map(Ok)))
}

fn messages(followed: Followed) -> Vec<Sent> {
    match followed {
        Followed::Missed(count) => vec![message("missed", &count)],
        Followed::Event(event) => {
            let event = Event::from(*event);
            let decisions = event.report.iter().flat_map(|report| &report.decisions);
            let decisions = decisions
                .map(|decision| StreamedDecision { event: event.id, decision: decision.clone() })
                .map(|decision| message("decision", &decision));
            let mut messages: Vec<Sent> = decisions.collect();
            messages.push(message("event", &event).id(event.id.to_string()));
            messages
        }
    }
}

fn failed(_error: &VerbError) -> Sent {
    // What the store said is for the log.
    message("error", &ErrorCode::Internal)
}

fn message(name: &str, data: &impl Serialize) -> Sent {
    // Wire types are texts, numbers and lists: they always are JSON, and JSON has no line break.
    Sent::default().event(name).data(serde_json::to_string(data).unwrap_or_default())
}

/// Resolves when the server stops; never where nobody can say so.
async fn stopped(options: std::sync::Arc<HttpOptions>) {
    let mut stopped = options.stopped.clone();
    if stopped.wait_for(|stopped| *stopped).await.is_err() {
        std::future::pending::<()>().await;
    }
}
