//! Search: what a query finds in one segment after another.
//!
//! First every row is scored and the best are selected; then what is told of them and of the turns around
//! them is gathered. Scores of a segment depend on nothing outside it.

mod admission;
mod lexical;
mod query;
mod selection;
mod telling;
mod vector;

use std::collections::{HashMap, HashSet};

use dreamkeeper_domain::id::SessionId;
use dreamkeeper_domain::passage::{PassageSeq, Turn};
use dreamkeeper_domain::ports::{Candidate, Nomination, SegmentStats};

use crate::segment::Segment;
use admission::Admission;
use lexical::Lexicon;
pub(crate) use query::Query;
use selection::Selection;
use telling::Telling;
use vector::Cosines;

/// A query on its way through the segments that it looks into.
pub(crate) struct Search {
    query: Query,
    selection: Selection,
    nomination: Nomination,
    scratch: Scratch,
}

/// Buffers that segments share, so that a thousand small ones are searched without a thousand allocations.
#[derive(Default)]
struct Scratch {
    admitted: Vec<Admitted>,
    scores: Vec<f32>,
    dots: Vec<i32>,
    likenesses: Vec<i32>,
    chosen: Vec<u32>,
}

/// What a row may be nominated as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Admitted {
    No,
    AsMessage,
    AsMemory,
    AsTopic,
}

impl Search {
    pub(crate) fn new(query: Query) -> Self {
        let selection = Selection::new(&query.request);
        Self { query, selection, nomination: Nomination::default(), scratch: Scratch::default() }
    }

    /// Looks into one more segment; they are to come in order of key.
    pub(crate) fn look_into(&mut self, segment: &Segment) {
        let Self { query, selection, nomination, scratch } = self;
        let number = nomination.segments.len();
        let admission = Admission::new(segment, query);
        admission.admit_all(&mut scratch.admitted);
        let lexicon = Lexicon::new(segment, query);
        lexicon.select(scratch, number, &mut selection.lexical);
        let cosines = Cosines::new(segment, query);
        let spread = cosines.as_ref().map(|cosines| cosines.select(scratch, number, &mut selection.vector));
        let spread = spread.unwrap_or_default();
        let telling = Telling {
            segment,
            query,
            lexicon: &lexicon,
            cosines: cosines.as_ref(),
            admitted: &scratch.admitted,
            number,
        };
        telling.tell(&selection.rows_of(number), &mut nomination.candidates);
        nomination.segments.push(SegmentStats {
            key: segment.key().clone(),
            passage_count: segment.current_count(),
            term_count_mean: segment.length_mean(),
            document_frequency: lexicon.document_frequency(),
            idf: lexicon.idf(),
            cosine_mean: spread.mean,
            cosine_deviation: spread.deviation,
        });
    }

    /// What was found.
    pub(crate) fn finish(self) -> Nomination {
        let Self { query, selection, mut nomination, .. } = self;
        if nomination.segments.len() > 1 {
            leave_out_the_overtaken(&selection, query.request.window, &mut nomination.candidates);
        }
        nomination
    }
}

/// A segment's best may be overtaken by a later segment's: then they and their neighbours are not told.
fn leave_out_the_overtaken(selection: &Selection, window: u32, candidates: &mut Vec<Candidate>) {
    let nominated: HashSet<PassageSeq> = selection.places().collect();
    let mut turns: HashMap<SessionId, Vec<u32>> = HashMap::new();
    for candidate in candidates.iter_mut() {
        candidate.nominated = nominated.contains(&candidate.seq);
        if let Some(turn) = candidate.turn.filter(|_| candidate.nominated) {
            turns.entry(turn.session).or_default().push(turn.ordinal);
        }
    }
    candidates.retain(|candidate| {
        let is_near = |turn: Turn| {
            let near = turns.get(&turn.session);
            near.is_some_and(|near| near.iter().any(|other| other.abs_diff(turn.ordinal) <= window))
        };
        candidate.nominated || candidate.turn.is_some_and(is_near)
    });
}
