//! An index that holds nothing: each question reads every passage of its segments from the store and works
//! the signals out from the formulas. The exact search that a real index is measured against.

mod signals;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use dreamkeeper_domain::id::{SessionId, SpaceId};
use dreamkeeper_domain::limits::PAGE_COUNT_MAX;
use dreamkeeper_domain::passage::{Owner, Passage, PassageSeq, StoredPassage};
use dreamkeeper_domain::ports::{
    Candidate, IndexChange, IndexStats, Nomination, NominationRequest, PassageIndex, PortError,
    SegmentSelection, SpaceStore,
};
use dreamkeeper_domain::scope::SegmentKey;

use crate::properties::Seen;

/// The slow and obviously right [`PassageIndex`].
#[derive(Debug, Clone, Copy, Default)]
pub struct NaiveIndex;

#[async_trait]
impl PassageIndex for NaiveIndex {
    async fn nominate(
        &self,
        _space: SpaceId,
        store: &Arc<dyn SpaceStore>,
        request: &NominationRequest,
    ) -> Result<Nomination, PortError> {
        let mut keys = match &request.segments {
            SegmentSelection::One(key) => vec![key.clone()],
            SegmentSelection::All => store.segments().await?.into_iter().map(|found| found.key).collect(),
        };
        keys.sort();
        let mut segments = Vec::new();
        for key in keys {
            let passages = all_passages(&**store, &key).await?;
            segments.push((key, passages));
        }
        Ok(nominate_among(&segments, request))
    }

    async fn follow(&self, _space: SpaceId, _changes: Vec<IndexChange>) -> Result<(), PortError> {
        Ok(())
    }

    async fn discard(&self, _space: SpaceId) -> Result<(), PortError> {
        Ok(())
    }

    fn stats(&self) -> IndexStats {
        IndexStats::default()
    }
}

/// The exact answer to a request over these segments, which come by key.
pub(crate) fn nominate_among(
    segments: &[(SegmentKey, Vec<StoredPassage>)],
    request: &NominationRequest,
) -> Nomination {
    let mut nomination = Nomination::default();
    let mut allowed = Vec::new();
    for (place, (key, passages)) in segments.iter().enumerate() {
        let stats = signals::segment_stats(key.clone(), passages, request);
        let found = passages.iter().filter(|stored| may_be_nominated(&stored.passage, request));
        allowed.extend(found.map(|stored| signals::candidate(stored, place, &stats, request)));
        nomination.segments.push(stats);
    }
    let nominated = nominated(&allowed, request);
    let told = told(&allowed, &nominated, request.window);
    nomination.candidates = allowed
        .into_iter()
        .filter(|candidate| told.contains(&candidate.seq))
        .map(|candidate| Candidate { nominated: nominated.contains(&candidate.seq), ..candidate })
        .collect();
    nomination
}

/// Every passage of a segment, page by page.
pub(crate) async fn all_passages(
    store: &dyn SpaceStore,
    segment: &SegmentKey,
) -> Result<Vec<StoredPassage>, PortError> {
    let mut passages: Vec<StoredPassage> = Vec::new();
    loop {
        let after = passages.last().map(|stored| stored.seq);
        let page = store.passages(segment, after, PAGE_COUNT_MAX).await?;
        let Some(first) = page.first() else { return Ok(passages) };
        assert!(
            after.is_none_or(|after| first.seq > after),
            "a page of passages begins after the one before"
        );
        passages.extend(page);
    }
}

/// Whether the request lets a passage through: as a hit and as a neighbour alike.
pub(crate) fn may_be_nominated(passage: &Passage, request: &NominationRequest) -> bool {
    let there = match request.as_of {
        None => passage.retired_at.is_none(),
        Some(moment) => {
            passage.recorded_at <= moment && passage.retired_at.is_none_or(|retired| moment < retired)
        }
    };
    let wanted = match passage.owner {
        Owner::Message(_) => request.messages,
        Owner::Memory(_) => request.memories,
        Owner::Topic(_) => request.topics,
    };
    there
        && wanted
        && request.scope.covers(&passage.scope)
        && passage.origin >= request.min_origin
        && request.filter.as_ref().is_none_or(|filter| filter.admits(&Seen(passage)))
        && request.owners.as_ref().is_none_or(|owners| owners.contains(&passage.owner))
}

fn nominated(allowed: &[Candidate], request: &NominationRequest) -> BTreeSet<PassageSeq> {
    let mut nominated = BTreeSet::new();
    let sort = |owner: Owner| match owner {
        Owner::Message(_) => 0,
        Owner::Memory(_) => 1,
        Owner::Topic(_) => 2,
    };
    for wanted in 0..3 {
        let of_sort = || allowed.iter().filter(move |found| sort(found.owner) == wanted);
        let by_terms = of_sort().filter(|found| found.term_bits != 0).map(|found| (found.lexical, found.seq));
        nominated.extend(best(by_terms.collect(), request.lexical_count_max));
        let by_vector = of_sort().filter_map(|found| Some((found.cosine?, found.seq)));
        nominated.extend(best(by_vector.collect(), request.vector_count_max));
    }
    nominated
}

/// The best of these; of equals the later place first.
fn best(mut scored: Vec<(f32, PassageSeq)>, count_max: usize) -> Vec<PassageSeq> {
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(Reverse(a.1).cmp(&Reverse(b.1))));
    scored.into_iter().take(count_max).map(|(_, seq)| seq).collect()
}

/// What is nominated, with all passages of messages that stand within the window of a nominated message.
fn told(allowed: &[Candidate], nominated: &BTreeSet<PassageSeq>, window: u32) -> BTreeSet<PassageSeq> {
    let hits: Vec<(SessionId, u32)> = allowed
        .iter()
        .filter(|candidate| nominated.contains(&candidate.seq))
        .filter_map(|candidate| candidate.turn.map(|turn| (turn.session, turn.ordinal)))
        .collect();
    let near = |candidate: &Candidate| {
        candidate.turn.is_some_and(|turn| {
            hits.iter().any(|(session, ordinal)| {
                *session == turn.session && ordinal.abs_diff(turn.ordinal) <= window
            })
        })
    };
    allowed
        .iter()
        .filter(|candidate| nominated.contains(&candidate.seq) || near(candidate))
        .map(|candidate| candidate.seq)
        .collect()
}
