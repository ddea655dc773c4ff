//! Summaries in recall: what the latest sessions were about, served first to who asks for them.
//!
//! They answer no question; they tell where things stand. The floor holds for them as for messages.

use std::sync::Arc;

use dreamkeeper_domain::limits;
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::receipt::Section;
use dreamkeeper_domain::summary::Summary;
use dreamkeeper_language::authority::matters;

use super::answer::RecalledSummary;
use super::conversation::floor;
use super::request::RecallRequest;
use crate::VerbError;

/// Sessions that are looked at: some may lie below the floor.
const LOOKED_AT: usize = 20;

/// The summaries of the scope's latest sessions, the latest first. A filter tests records that a summary has nothing
/// of, so that none passes one. Only the newest of a session is kept: asked as of an earlier moment there is none that
/// was made later.
pub(crate) async fn read(
    space: &Arc<dyn SpaceStore>,
    request: &RecallRequest,
) -> Result<Vec<RecalledSummary>, VerbError> {
    if !request.sections.contains(&Section::Summaries) || request.filter.is_some() {
        return Ok(Vec::new());
    }
    let may_be_served = |summary: &Summary| {
        summary.origin >= floor(request.min_origin)
            && request.as_of.is_none_or(|moment| summary.made_at <= moment)
    };
    let found = space.summaries(&request.scope, LOOKED_AT).await?;
    let served = found.into_iter().filter(may_be_served).take(limits::SUMMARIES_RECALL_COUNT_MAX);
    Ok(served.map(|summary| RecalledSummary { matters: matters(&summary.text), summary }).collect())
}
