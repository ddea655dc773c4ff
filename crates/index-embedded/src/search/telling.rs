//! Telling: what is gathered of the nominated rows and of the turns around them.

use dreamkeeper_domain::passage::Turn;
use dreamkeeper_domain::ports::Candidate;

use super::lexical::Lexicon;
use super::vector::Cosines;
use super::{Admitted, Query};
use crate::segment::Segment;

/// What is told of.
pub(super) struct Telling<'search> {
    pub(super) segment: &'search Segment,
    pub(super) query: &'search Query,
    pub(super) lexicon: &'search Lexicon<'search>,
    pub(super) cosines: Option<&'search Cosines<'search>>,
    pub(super) admitted: &'search [Admitted],
    /// The segment's number in the answer.
    pub(super) number: usize,
}

impl Telling<'_> {
    /// Appends the nominated rows, which are sorted, and the rows of turns near them, by place.
    pub(super) fn tell(&self, nominated: &[u32], into: &mut Vec<Candidate>) {
        let mut rows = self.with_neighbours(nominated);
        rows.sort_unstable();
        rows.dedup();
        let first = into.len();
        let mut reader = self.lexicon.reader();
        for row in rows {
            let is_nominated = nominated.binary_search(&row).is_ok();
            let (lexical, term_bits) = reader.read(row);
            into.extend(self.candidate(row, is_nominated).map(|told| Candidate {
                lexical,
                term_bits,
                ..told
            }));
        }
        into[first..].sort_by_key(|candidate| candidate.seq);
    }

    fn with_neighbours(&self, nominated: &[u32]) -> Vec<u32> {
        let mut rows = nominated.to_vec();
        for row in nominated {
            let turn = self.segment.row(*row).turn;
            if turn.is_some() {
                let window = self.query.request.window;
                let around = self.segment.sessions().around(turn.session, turn.ordinal, window);
                rows.extend(around.filter(|row| self.admitted[*row as usize] != Admitted::No));
            }
        }
        rows
    }

    /// All but the lexical signals; `None` for an erased row, which is never asked for.
    fn candidate(&self, row: u32, nominated: bool) -> Option<Candidate> {
        let held = self.segment.row(row);
        let class = &self.segment.classes()[self.segment.class(row, true)? as usize];
        let turn = class.role.filter(|_| held.turn.is_some()).map(|role| Turn {
            session: self.segment.sessions().id(held.turn.session),
            ordinal: held.turn.ordinal,
            role,
        });
        Some(Candidate {
            seq: held.seq,
            segment: self.number,
            owner: held.owner,
            span: held.span,
            turn,
            kind: class.kind,
            speaker: class.speaker.clone(),
            origin: class.origin,
            at: held.at,
            recorded_at: held.recorded_at,
            cues: held.cues,
            term_count: u32::from(self.segment.lengths()[row as usize]),
            lexical: 0.0,
            term_bits: 0,
            cosine: self.cosines.and_then(|cosines| cosines.of(row)),
            nominated,
        })
    }
}
