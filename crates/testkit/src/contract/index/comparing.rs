//! Comparing two answers: the same in all that is counted, near in all that is computed.

use std::collections::BTreeSet;

use dreamkeeper_domain::passage::{Owner, PassageSeq};
use dreamkeeper_domain::ports::{Candidate, Nomination, SegmentStats};
use dreamkeeper_domain::scope::SegmentKey;

/// How far a cosine may lie from the exact one: vectors may be held in whole numbers.
const COSINE_TOLERANCE: f32 = 2e-3;
/// How far other numbers may lie, as a share: sums may be taken in another order.
const SHARE_TOLERANCE: f32 = 1e-4;

/// Asserts that two answers say the same. Only for requests whose bounds leave nothing out, or whose best
/// are clearly the best.
pub(super) fn assert_agree(found: &Nomination, exact: &Nomination) {
    assert!(found.segments.is_sorted_by(|a, b| a.key < b.key), "segments come by key, each once");
    let filled = |nomination: &Nomination| -> Vec<SegmentStats> {
        nomination.segments.iter().filter(|stats| stats.passage_count > 0).cloned().collect()
    };
    let (found_segments, exact_segments) = (filled(found), filled(exact));
    assert_eq!(found_segments.len(), exact_segments.len(), "the same segments were looked into");
    for (found, exact) in found_segments.iter().zip(&exact_segments) {
        assert_stats_agree(found, exact);
    }
    assert!(
        found.candidates.is_sorted_by(|a, b| (a.segment, a.seq) < (b.segment, b.seq)),
        "candidates come by segment and place, each once"
    );
    assert_eq!(told(found), told(exact), "the same passages are told");
    for (one, other) in found.candidates.iter().zip(&exact.candidates) {
        assert_eq!(key_of(found, one), key_of(exact, other), "in their segment");
        assert_candidates_agree(one, other);
    }
}

fn assert_stats_agree(found: &SegmentStats, exact: &SegmentStats) {
    let counted =
        |stats: &SegmentStats| (stats.key.clone(), stats.passage_count, stats.document_frequency.clone());
    assert_eq!(counted(found), counted(exact));
    assert_near(found.term_count_mean, exact.term_count_mean, "mean of terms");
    assert_eq!(found.idf.len(), exact.idf.len());
    for (found, exact) in found.idf.iter().zip(&exact.idf) {
        assert_near(*found, *exact, "inverse document frequency");
    }
    let far = |a: f32, b: f32| (a - b).abs() > COSINE_TOLERANCE;
    assert!(!far(found.cosine_mean, exact.cosine_mean), "{found:?} against {exact:?}");
    assert!(!far(found.cosine_deviation, exact.cosine_deviation), "{found:?} against {exact:?}");
}

fn assert_candidates_agree(found: &Candidate, exact: &Candidate) {
    let counted = |candidate: &Candidate| Candidate {
        segment: 0,
        lexical: 0.0,
        cosine: candidate.cosine.map(|_| 0.0),
        ..candidate.clone()
    };
    assert_eq!(counted(found), counted(exact));
    assert_near(found.lexical, exact.lexical, "lexical score");
    if let (Some(found), Some(exact)) = (found.cosine, exact.cosine) {
        assert!((found - exact).abs() <= COSINE_TOLERANCE, "cosine {found} against {exact}");
    }
}

fn assert_near(found: f32, exact: f32, what: &str) {
    assert!(
        (found - exact).abs() <= SHARE_TOLERANCE * exact.abs().max(1.0),
        "{what}: {found} against {exact}"
    );
}

/// The segment that a candidate is in.
pub(super) fn key_of<'nomination>(
    nomination: &'nomination Nomination,
    candidate: &Candidate,
) -> &'nomination SegmentKey {
    &nomination.segments[candidate.segment].key
}

/// What is told of, and whether it is nominated.
pub(super) fn told(nomination: &Nomination) -> Vec<(PassageSeq, bool)> {
    nomination.candidates.iter().map(|candidate| (candidate.seq, candidate.nominated)).collect()
}

/// Whose passages are nominated.
pub(super) fn nominated_owners(nomination: &Nomination) -> BTreeSet<Owner> {
    let nominated = nomination.candidates.iter().filter(|candidate| candidate.nominated);
    nominated.map(|candidate| candidate.owner).collect()
}

/// Whose passages are told of, nominated or not.
pub(super) fn told_owners(nomination: &Nomination) -> BTreeSet<Owner> {
    nomination.candidates.iter().map(|candidate| candidate.owner).collect()
}
