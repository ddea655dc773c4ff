//! Ground: a memory's quotes are found in their messages by code, or refused (invariant 1).

use std::collections::BTreeSet;
use std::sync::Arc;

use dreamkeeper_domain::id::{MessageId, SessionId};
use dreamkeeper_domain::memory::Evidence;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::passage::Span;
use dreamkeeper_domain::ports::SpaceStore;

use crate::VerbError;

/// A quote that a new memory rests on: code finds it in the message, or refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRef {
    /// The message.
    pub message: MessageId,
    /// The words, verbatim.
    pub quote: String,
    /// Where they stand, in bytes of the message's text; found by search unless told.
    pub span: Option<Span>,
}

/// Finds every quote in its message; answers the lowest origin among the messages.
pub(crate) async fn ground(
    space: &Arc<dyn SpaceStore>,
    references: &[EvidenceRef],
) -> Result<(Vec<Evidence>, Option<Origin>), VerbError> {
    let ids: Vec<MessageId> = references.iter().map(|reference| reference.message).collect();
    let messages = space.messages(&ids).await?;
    refuse_temporary(space, messages.iter().map(|message| message.session), "evidence").await?;
    let mut evidence = Vec::with_capacity(references.len());
    let mut floor = None;
    for (place, reference) in references.iter().enumerate() {
        let message = messages.iter().find(|message| message.id == reference.message);
        let message = message.ok_or_else(|| VerbError::not_found("message", reference.message))?;
        let span = find_quote(&message.text(), reference)
            .ok_or_else(|| VerbError::invalid(format!("evidence[{place}].quote"), not_said(reference)))?;
        floor = Some(floor.map_or(message.origin, |floor: Origin| floor.min(message.origin)));
        evidence.push(Evidence { message: message.id, span, quote: reference.quote.clone() });
    }
    Ok((evidence, floor))
}

/// Refuses what would rest on a temporary session, which leaves nothing.
pub(crate) async fn refuse_temporary(
    space: &Arc<dyn SpaceStore>,
    sessions: impl Iterator<Item = SessionId>,
    field: &str,
) -> Result<(), VerbError> {
    for id in sessions.collect::<BTreeSet<SessionId>>() {
        if space.session(id).await?.is_some_and(|session| session.temporary) {
            let problem = format!("session {id} is temporary: nothing may rest on what was said in it");
            return Err(VerbError::invalid(field, problem));
        }
    }
    Ok(())
}

fn find_quote(text: &str, reference: &EvidenceRef) -> Option<Span> {
    if reference.quote.trim().is_empty() {
        return None;
    }
    if let Some(span) = reference.span {
        return (span.of(text)? == reference.quote).then_some(span);
    }
    let start = text.find(&reference.quote)?;
    Some(Span { start: start as u32, end: (start + reference.quote.len()) as u32 })
}

fn not_said(reference: &EvidenceRef) -> String {
    let quote: String = reference.quote.chars().take(80).collect();
    format!("message {} does not say `{quote}` there: a quote must be verbatim", reference.message)
}
