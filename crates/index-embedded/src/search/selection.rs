//! Selection: the best rows so far, over all segments.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use dreamkeeper_domain::passage::PassageSeq;
use dreamkeeper_domain::ports::NominationRequest;

use super::Admitted;
use crate::segment::Segment;

/// The best by terms and by vector.
pub(super) struct Selection {
    pub(super) lexical: Kinds,
    pub(super) vector: Kinds,
}

impl Selection {
    pub(super) fn new(request: &NominationRequest) -> Self {
        let kinds = |limit| Kinds {
            messages: Best::new(limit),
            memories: Best::new(limit),
            topics: Best::new(limit),
        };
        Self { lexical: kinds(request.lexical_count_max), vector: kinds(request.vector_count_max) }
    }

    /// The selected rows of one segment, sorted, each once.
    pub(super) fn rows_of(&self, segment: usize) -> Vec<u32> {
        let mut rows: Vec<u32> =
            self.hits().filter(|hit| hit.segment == segment).map(|hit| hit.row).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// The places of everything selected.
    pub(super) fn places(&self) -> impl Iterator<Item = PassageSeq> {
        self.hits().map(|hit| hit.seq)
    }

    fn hits(&self) -> impl Iterator<Item = &Hit> {
        [&self.lexical, &self.vector]
            .into_iter()
            .flat_map(Kinds::all)
            .flat_map(|best| best.hits.iter().map(|Reverse(hit)| hit))
    }
}

/// Messages, memories and topics apart, so that none crowds another out.
pub(super) struct Kinds {
    messages: Best,
    memories: Best,
    topics: Best,
}

impl Kinds {
    /// Takes a row in if it is among the best of its kind.
    #[inline]
    pub(super) fn offer(&mut self, from: (&Segment, usize), row: u32, admitted: Admitted, score: f32) {
        let best = match admitted {
            Admitted::No => return,
            Admitted::AsMessage => &mut self.messages,
            Admitted::AsMemory => &mut self.memories,
            Admitted::AsTopic => &mut self.topics,
        };
        if score >= best.floor {
            let (segment, number) = from;
            best.take(Hit { score, seq: segment.row(row).seq, segment: number, row });
        }
    }

    fn all(&self) -> [&Best; 3] {
        [&self.messages, &self.memories, &self.topics]
    }

    /// At most so many of each kind.
    pub(super) fn limit(&self) -> usize {
        self.messages.limit
    }
}

/// The best so many.
struct Best {
    limit: usize,
    /// What scores less need not be offered.
    floor: f32,
    hits: BinaryHeap<Reverse<Hit>>,
}

impl Best {
    fn new(limit: usize) -> Self {
        let floor = if limit == 0 { f32::INFINITY } else { f32::NEG_INFINITY };
        Self { limit, floor, hits: BinaryHeap::new() }
    }

    fn take(&mut self, hit: Hit) {
        if self.limit == 0 {
            return;
        }
        self.hits.push(Reverse(hit));
        if self.hits.len() > self.limit {
            self.hits.pop();
        }
        if self.hits.len() == self.limit {
            self.floor = self.hits.peek().map_or(f32::NEG_INFINITY, |Reverse(worst)| worst.score);
        }
    }
}

/// A row with its score; of equals the later place is better.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Hit {
    score: f32,
    seq: PassageSeq,
    segment: usize,
    row: u32,
}

impl Eq for Hit {}

impl Ord for Hit {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(self.seq.cmp(&other.seq))
    }
}

impl PartialOrd for Hit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
