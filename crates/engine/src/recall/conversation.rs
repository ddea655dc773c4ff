//! Conversation in recall: the turns that fit, ranked, and read from the store with those around them.

use std::sync::Arc;

use dreamkeeper_domain::id::MessageId;
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::Span;
use dreamkeeper_domain::ports::{Nomination, SpaceStore, Surroundings};
use dreamkeeper_language::authority::matters;
use jiff::tz::TimeZone;

use super::answer::{NeighbourTurn, RecalledMessage, Score};
use super::query::Query;
use super::request::RecallRequest;
use super::score::{Context, score};
use super::signals::{Parts, explain};
use super::silence::confidences;
use super::turns::gather;
use crate::VerbError;

/// Bytes of a neighbouring turn that are shown.
const NEIGHBOUR_BYTES_MAX: usize = 320;

/// A turn that fits, not read yet.
#[derive(Debug, Clone)]
pub(crate) struct Fitting {
    id: MessageId,
    span: Span,
    /// How sure it is that it belongs.
    pub(crate) confidence: f32,
    parts: Parts,
}

impl Fitting {
    /// Which message it is.
    pub(crate) fn id(&self) -> MessageId {
        self.id
    }
}

/// The nominated turns, best first.
pub(crate) fn rank(
    query: &Query,
    nomination: &Nomination,
    request: &RecallRequest,
    zone: &TimeZone,
) -> Vec<Fitting> {
    let (turns, grounds) = gather(query, nomination);
    let context = Context { zone, without: &request.without };
    let scored = score(query, &turns, &grounds, &context);
    let confidences = confidences(query, &scored, (&turns, &grounds), zone);
    let fitting = scored.into_iter().zip(confidences).filter_map(|(scored, confidence)| {
        let turn = &turns[scored.turn];
        let span = nomination.candidates.get(turn.best)?.span;
        Some(Fitting { id: turn.id, span, confidence, parts: scored.parts })
    });
    fitting.collect()
}

/// Whether a message's origin is let through: at the default floor the assistant's turns are too.
pub(crate) fn floor(min_origin: Origin) -> Origin {
    if min_origin == Origin::User { Origin::Assistant } else { min_origin }
}

/// Reads the turns with their neighbours, in the same order; what has been erased meanwhile is left out.
pub(crate) async fn read(
    space: &Arc<dyn SpaceStore>,
    fitting: &[Fitting],
    request: &RecallRequest,
) -> Result<Vec<RecalledMessage>, VerbError> {
    let ids: Vec<MessageId> = fitting.iter().map(|fitting| fitting.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let around = space.surroundings(&ids, request.neighbours).await?;
    let recalled = fitting.iter().filter_map(|fitting| {
        let message = around.messages.iter().find(|message| message.id == fitting.id)?;
        recalled(fitting, message, &around, request)
    });
    Ok(recalled.collect())
}

fn recalled(
    fitting: &Fitting,
    message: &Message,
    around: &Surroundings,
    request: &RecallRequest,
) -> Option<RecalledMessage> {
    // An erased message has no text, so that the span names nothing.
    let quote = fitting.span.of(&message.text())?.to_owned();
    let session = around.sessions.iter().find(|session| session.id == message.session);
    let (before, after) = neighbours(message, around, request);
    Some(RecalledMessage {
        id: message.id,
        session: message.session,
        session_key: session.and_then(|session| session.key.clone()),
        ordinal: message.ordinal,
        client_id: message.client_id.clone(),
        role: message.role,
        author: message.author.clone(),
        origin: message.origin,
        at: message.at,
        zone: message.zone.clone(),
        matters: matters(&quote),
        quote,
        span: fitting.span,
        score: Score { value: fitting.confidence, parts: explain(&fitting.parts) },
        before,
        after,
    })
}

/// The turns before and after a message that the request may see: its scope, its floor, its moment.
fn neighbours(
    message: &Message,
    around: &Surroundings,
    request: &RecallRequest,
) -> (Vec<NeighbourTurn>, Vec<NeighbourTurn>) {
    let is_seen = |turn: &&Message| {
        turn.session == message.session
            && turn.ordinal != message.ordinal
            && turn.ordinal.abs_diff(message.ordinal) <= request.neighbours
            && !turn.erased
            && turn.origin >= floor(request.min_origin)
            && request.scope.covers(&turn.scope)
            && request.as_of.is_none_or(|moment| turn.recorded_at <= moment)
    };
    let seen = around.messages.iter().filter(is_seen);
    let (before, after): (Vec<&Message>, Vec<&Message>) =
        seen.partition(|turn| turn.ordinal < message.ordinal);
    let show = |turns: Vec<&Message>| turns.into_iter().map(shown).collect();
    (show(before), show(after))
}

fn shown(turn: &Message) -> NeighbourTurn {
    let mut text = turn.text();
    if text.len() > NEIGHBOUR_BYTES_MAX {
        let end = (0..=NEIGHBOUR_BYTES_MAX).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    NeighbourTurn { id: turn.id, ordinal: turn.ordinal, role: turn.role, author: turn.author.clone(), text }
}
