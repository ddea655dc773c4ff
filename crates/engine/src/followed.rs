//! Followed: what the index is told of the passages that writes brought or retired, once they are applied.

use dreamkeeper_domain::changeset::Outcome;
use dreamkeeper_domain::passage::{Owner, Passage, PassageSeq};
use dreamkeeper_domain::ports::IndexChange;
use dreamkeeper_domain::scope::SegmentKey;
use jiff::Timestamp;

use crate::passages;

/// One write of a memory or topic.
pub(crate) struct Followed {
    pub(crate) segment: SegmentKey,
    pub(crate) owner: Owner,
    /// The passages that it brings.
    pub(crate) passages: Vec<Passage>,
    /// Whether earlier passages go.
    pub(crate) retires: bool,
}

/// What changed, by the outcomes of these writes in order: earlier passages retire, new ones come at their places.
pub(crate) fn index_changes(
    followed: Vec<Followed>,
    outcomes: &[Outcome],
    at: Timestamp,
) -> Vec<IndexChange> {
    let (mut changes, mut added) = (Vec::new(), Vec::new());
    for (write, outcome) in followed.into_iter().zip(outcomes) {
        if write.retires {
            // Without new ones every place that was given so far is before.
            let before = first_place(outcome).unwrap_or(PassageSeq(u64::MAX));
            changes.push(IndexChange::Retired { segment: write.segment, owner: write.owner, before, at });
        }
        added.push(write.passages);
    }
    changes.push(IndexChange::Added(passages::placed(added, outcomes)));
    changes
}

fn first_place(outcome: &Outcome) -> Option<PassageSeq> {
    match outcome {
        Outcome::Topic { passages, .. } | Outcome::Memory { passages, .. } => passages.first().copied(),
        _ => None,
    }
}
