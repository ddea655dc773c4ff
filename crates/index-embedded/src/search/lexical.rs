//! Lexical: BM25 of every row, term by term and block by block.

use dreamkeeper_domain::text::{TermHash, bm25};

use super::selection::Kinds;
use super::{Admitted, Query};
use crate::segment::{Entry, Run, Segment};

/// Rows scored at a time: their scores stay in the processor's nearest cache.
const BLOCK_ROWS: u32 = 4_096;

/// The query's terms as a segment weighs them.
pub(super) struct Lexicon<'search> {
    segment: &'search Segment,
    terms: Vec<Term>,
    length_mean: f32,
}

struct Term {
    hash: TermHash,
    document_frequency: u32,
    idf: f32,
    weight: f32,
}

impl<'search> Lexicon<'search> {
    pub(super) fn new(segment: &'search Segment, query: &Query) -> Self {
        let (count, length_mean) = (segment.current_count() as f32, segment.length_mean());
        let terms = query.request.terms.iter().zip(&query.background);
        let term = |(term, background): (&dreamkeeper_domain::ports::QueryTerm, &f32)| {
            let of_run = |run| segment.current_of(run, term.hash);
            let document_frequency = segment.runs().iter().map(of_run).sum();
            let idf = bm25::idf(count, document_frequency as f32, length_mean, *background);
            Term { hash: term.hash, document_frequency, idf, weight: term.weight }
        };
        Self { segment, terms: terms.map(term).collect(), length_mean }
    }

    pub(super) fn idf(&self) -> Vec<f32> {
        self.terms.iter().map(|term| term.idf).collect()
    }

    pub(super) fn document_frequency(&self) -> Vec<u32> {
        self.terms.iter().map(|term| term.document_frequency).collect()
    }

    /// Offers every admitted row in which a term occurs.
    pub(super) fn select(&self, scratch: &mut super::Scratch, number: usize, best: &mut Kinds) {
        let super::Scratch { admitted, scores, .. } = scratch;
        for run in self.segment.runs() {
            let mut cursors = self.cursors(run);
            if cursors.is_empty() {
                continue;
            }
            let end = run.first + run.row_count;
            for from in (run.first..end).step_by(BLOCK_ROWS as usize) {
                let to = (from + BLOCK_ROWS).min(end);
                scores.clear();
                scores.resize((to - from) as usize, 0.0);
                cursors.iter_mut().for_each(|cursor| self.score_block(cursor, (from, to), scores));
                let admitted: &[Admitted] = &admitted[from as usize..to as usize];
                for ((score, admitted), row) in scores.iter().zip(admitted).zip(from..) {
                    if *score > 0.0 {
                        best.offer((self.segment, number), row, *admitted, *score);
                    }
                }
            }
        }
    }

    /// A cursor for each term that occurs in a run.
    fn cursors<'lexicon>(&'lexicon self, run: &'search Run) -> Vec<Cursor<'lexicon>> {
        let terms = self.terms.iter().enumerate();
        let cursor = |(place, term): (usize, &'lexicon Term)| {
            let left = run.entries(term.hash);
            Cursor { place, term, first: run.first, left }
        };
        terms.map(cursor).filter(|cursor| !cursor.left.is_empty()).collect()
    }

    fn score_block(&self, cursor: &mut Cursor<'_>, (from, to): (u32, u32), scores: &mut [f32]) {
        let lengths = &self.segment.lengths()[from as usize..to as usize];
        let shift = from - cursor.first;
        let mut done = 0;
        for entry in cursor.left {
            let place = (entry.row() - shift) as usize;
            let (Some(score), Some(length)) = (scores.get_mut(place), lengths.get(place)) else { break };
            *score += self.share(cursor.term, entry.count(), *length);
            done += 1;
        }
        cursor.left = &cursor.left[done..];
    }

    fn share(&self, term: &Term, count: u32, length: u16) -> f32 {
        term.weight * bm25::term_score(term.idf, count as f32, f32::from(length), self.length_mean)
    }

    /// What the terms are worth in single rows, to be asked in rising order.
    pub(super) fn reader(&self) -> Reader<'_> {
        Reader { lexicon: self, runs: self.segment.runs(), cursors: Vec::new(), end: 0 }
    }
}

/// A term's entries in a run that are still ahead.
struct Cursor<'lexicon> {
    /// Its number in the request.
    place: usize,
    term: &'lexicon Term,
    /// The run's first row.
    first: u32,
    left: &'lexicon [Entry],
}

/// Reads single rows in rising order.
pub(super) struct Reader<'lexicon> {
    lexicon: &'lexicon Lexicon<'lexicon>,
    /// Runs not reached yet.
    runs: &'lexicon [Run],
    cursors: Vec<Cursor<'lexicon>>,
    /// The row after the current run's last.
    end: u32,
}

impl Reader<'_> {
    /// The score of a row and which terms it has; the same score that [`Lexicon::select`] gives.
    pub(super) fn read(&mut self, row: u32) -> (f32, u64) {
        while row >= self.end
            && let Some((run, rest)) = self.runs.split_first()
        {
            self.end = run.first + run.row_count;
            self.runs = rest;
            if row < self.end {
                self.cursors = self.lexicon.cursors(run);
            }
        }
        let length = self.lexicon.segment.lengths()[row as usize];
        let (mut score, mut bits) = (0.0, 0);
        for cursor in &mut self.cursors {
            cursor.left = skip_to(cursor.left, row - cursor.first);
            if let Some(entry) = cursor.left.first().filter(|entry| entry.row() == row - cursor.first) {
                score += self.lexicon.share(cursor.term, entry.count(), length);
                bits |= 1_u64.checked_shl(cursor.place as u32).unwrap_or(0);
            }
        }
        (score, bits)
    }
}

/// The entries from a row on: steps that double, then halves, for the next row is mostly near.
fn skip_to(entries: &[Entry], row: u32) -> &[Entry] {
    let mut step = 1;
    while entries.get(step).is_some_and(|entry| entry.row() < row) {
        step *= 2;
    }
    let from = step / 2;
    let reached = &entries[from.min(entries.len())..(step + 1).min(entries.len())];
    &entries[from.min(entries.len()) + reached.partition_point(|entry| entry.row() < row)..]
}
