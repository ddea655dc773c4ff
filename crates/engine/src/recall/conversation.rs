//! Conversation in recall: the turns that fit, ranked, and read from the store with those around them.

use std::collections::BTreeMap;
use std::sync::Arc;

use dreamkeeper_domain::id::{MessageId, SessionId};
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::Span;
use dreamkeeper_domain::ports::{Nomination, SpaceStore};
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
    let confidences = confidences(&scored, &turns, &grounds);
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
    let messages = space.messages(&ids).await?;
    let messages: BTreeMap<MessageId, Message> =
        messages.into_iter().map(|message| (message.id, message)).collect();
    let mut keys: BTreeMap<SessionId, Option<String>> = BTreeMap::new();
    let mut recalled = Vec::with_capacity(fitting.len());
    for fitting in fitting {
        let Some(message) = messages.get(&fitting.id).filter(|message| !message.erased) else { continue };
        if !keys.contains_key(&message.session) {
            let session = space.session(message.session).await?;
            keys.insert(message.session, session.and_then(|session| session.key));
        }
        let Some(quote) = fitting.span.of(&message.text()).map(str::to_owned) else { continue };
        let (before, after) = neighbours(space, message, request).await?;
        recalled.push(RecalledMessage {
            id: message.id,
            session: message.session,
            session_key: keys.get(&message.session).cloned().flatten(),
            ordinal: message.ordinal,
            client_id: message.client_id.clone(),
            role: message.role,
            author: message.author.clone(),
            origin: message.origin,
            at: message.at,
            zone: message.zone.clone(),
            quote,
            span: fitting.span,
            score: Score { value: fitting.confidence, parts: explain(&fitting.parts) },
            before,
            after,
        });
    }
    Ok(recalled)
}

/// The turns around a message that the request may see: its scope, its floor, its moment.
async fn neighbours(
    space: &Arc<dyn SpaceStore>,
    message: &Message,
    request: &RecallRequest,
) -> Result<(Vec<NeighbourTurn>, Vec<NeighbourTurn>), VerbError> {
    if request.neighbours == 0 {
        return Ok((Vec::new(), Vec::new()));
    }
    let from = message.ordinal.saturating_sub(request.neighbours);
    let to = message.ordinal.saturating_add(request.neighbours).saturating_add(1);
    let turns = space.turns(message.session, from, to).await?;
    let is_seen = |turn: &&Message| {
        !turn.erased
            && turn.origin >= floor(request.min_origin)
            && request.scope.covers(&turn.scope)
            && request.as_of.is_none_or(|moment| turn.recorded_at <= moment)
    };
    let seen: Vec<&Message> = turns.iter().filter(is_seen).collect();
    let side = |is_before: bool| {
        let there = seen.iter().filter(|turn| {
            if is_before { turn.ordinal < message.ordinal } else { turn.ordinal > message.ordinal }
        });
        there.map(|turn| shown(turn)).collect()
    };
    Ok((side(true), side(false)))
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
