//! Propose: candidates handed in outright.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use dreamkeeper_api::candidate::{NewCandidate, ProposeRequest, Proposed};
use dreamkeeper_engine::EvidenceRef;
use dreamkeeper_engine::learn::Proposal;

use crate::body::JsonBody;
use crate::caller::As;
use crate::failure::Failure;
use crate::router::Surface;

/// Hands in candidates, fire and forget: a worker checks each quote and decides about each candidate.
///
/// Durable when answered. A candidate without a quote waits in quarantine for a person; the event tells what became
/// of it.
#[utoipa::path(
    post, path = "/dk/v1/candidates", tag = "Learning", request_body = ProposeRequest,
    responses((status = 202, description = "The learning event of each candidate", body = Proposed)),
)]
pub(in crate::native) async fn propose(
    State(surface): State<Surface>,
    As(principal): As,
    JsonBody(request): JsonBody<ProposeRequest>,
) -> Result<(StatusCode, Json<Proposed>), Failure> {
    let proposals = request.candidates.into_iter().map(read).collect();
    let events = surface.engine.propose(&principal, proposals).await?;
    Ok((StatusCode::ACCEPTED, Json(Proposed { events })))
}

fn read(new: NewCandidate) -> Proposal {
    let evidence = new.evidence.into_iter().map(|reference| EvidenceRef {
        message: reference.message,
        quote: reference.quote,
        span: reference.span.map(Into::into),
    });
    Proposal {
        text: new.text,
        kind: new.kind.into(),
        scope: new.scope.into(),
        slot: new.slot.map(Into::into),
        entities: new.entities,
        relations: new.relations.into_iter().map(Into::into).collect(),
        time: new.time,
        importance: new.importance,
        categories: new.categories,
        evidence: evidence.collect(),
    }
}
