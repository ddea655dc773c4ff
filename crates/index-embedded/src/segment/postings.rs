//! Postings: which rows have a term, and how often.
//!
//! Rows are covered by runs, each a block of rows whose terms are sorted; a run is never changed but for
//! erasure. New rows make a new run; neighbours of like size are merged, so that there are few.

use dreamkeeper_domain::text::TermHash;

use super::bytes::vec_bytes;

/// The bits of an entry that hold the number of occurrences; the others hold the row.
const COUNT_BITS: u32 = 8;
const COUNT_MAX: u32 = (1 << COUNT_BITS) - 1;
/// Rows of one run: what the other bits can tell.
const RUN_ROWS_MAX: u32 = 1 << (32 - COUNT_BITS);

/// A row of a run, counted from its first, with the number of occurrences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry(u32);

impl Entry {
    fn new(row: u32, count: u32) -> Self {
        Self(row << COUNT_BITS | count.min(COUNT_MAX))
    }

    /// The row, counted from the run's first.
    pub(crate) fn row(self) -> u32 {
        self.0 >> COUNT_BITS
    }

    pub(crate) fn count(self) -> u32 {
        self.0 & COUNT_MAX
    }
}

/// The terms of a block of rows.
#[derive(Debug, Default)]
pub(crate) struct Run {
    pub(crate) first: u32,
    pub(crate) row_count: u32,
    terms: Vec<TermHash>,
    /// Where each term's entries begin, and one more: where the last ends.
    starts: Vec<u32>,
    entries: Vec<Entry>,
}

impl Run {
    /// The rows that have a term, in order.
    pub(crate) fn entries(&self, term: TermHash) -> &[Entry] {
        match self.terms.binary_search(&term) {
            Ok(place) => self.at(place),
            Err(_) => &[],
        }
    }

    fn at(&self, place: usize) -> &[Entry] {
        &self.entries[self.starts[place] as usize..self.starts[place + 1] as usize]
    }

    /// A run of occurrences (term, row counted from `first`), in any order.
    fn gather(first: u32, row_count: u32, mut occurrences: Vec<(TermHash, u32)>) -> Self {
        occurrences.sort_unstable();
        let mut run = Self { first, row_count, ..Self::default() };
        run.entries.reserve_exact(occurrences.chunk_by(|a, b| a == b).count());
        for of_term in occurrences.chunk_by(|a, b| a.0 == b.0) {
            run.terms.push(of_term[0].0);
            run.starts.push(run.entries.len() as u32);
            let rows = of_term.chunk_by(|a, b| a.1 == b.1);
            run.entries.extend(rows.map(|same| Entry::new(same[0].1, same.len() as u32)));
        }
        run.close()
    }

    fn close(mut self) -> Self {
        self.starts.push(self.entries.len() as u32);
        self.terms.shrink_to_fit();
        self.starts.shrink_to_fit();
        self
    }

    /// One run of two that stand side by side.
    fn merge(&self, later: &Self) -> Self {
        let shift = (later.first - self.first) << COUNT_BITS;
        let mut run =
            Self { first: self.first, row_count: self.row_count + later.row_count, ..Self::default() };
        run.entries.reserve_exact(self.entries.len() + later.entries.len());
        let (mut here, mut there) = (0, 0);
        while here < self.terms.len() || there < later.terms.len() {
            let (a, b) = (self.terms.get(here), later.terms.get(there));
            let Some(term) = a.into_iter().chain(b).min().copied() else { break };
            run.terms.push(term);
            run.starts.push(run.entries.len() as u32);
            if a == Some(&term) {
                run.entries.extend_from_slice(self.at(here));
                here += 1;
            }
            if b == Some(&term) {
                run.entries.extend(later.at(there).iter().map(|entry| Entry(entry.0 + shift)));
                there += 1;
            }
        }
        run.close()
    }

    /// Keeps only the rows that `keeps` names, counted from the segment's first.
    fn retain(&mut self, keeps: &impl Fn(u32) -> bool) {
        let old = std::mem::take(self);
        self.first = old.first;
        self.row_count = old.row_count;
        for (place, term) in old.terms.iter().enumerate() {
            let start = self.entries.len();
            self.entries.extend(old.at(place).iter().filter(|entry| keeps(old.first + entry.row())));
            if self.entries.len() > start {
                self.terms.push(*term);
                self.starts.push(start as u32);
            }
        }
        self.starts.push(self.entries.len() as u32);
        self.entries.shrink_to_fit();
    }
}

/// The postings of a segment.
#[derive(Debug, Default)]
pub(crate) struct Postings {
    runs: Vec<Run>,
}

impl Postings {
    /// The runs; together they cover every row, in order.
    pub(crate) fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// Appends rows: `occurrences` are (term, row counted from the first new one).
    pub(crate) fn append(&mut self, row_count: u32, occurrences: Vec<(TermHash, u32)>) {
        if row_count == 0 {
            return;
        }
        let first = self.runs.last().map_or(0, |run| run.first + run.row_count);
        self.runs.push(Run::gather(first, row_count, occurrences));
        while let [.., earlier, last] = self.runs.as_slice()
            && earlier.row_count <= last.row_count.saturating_mul(2)
            && earlier.row_count + last.row_count <= RUN_ROWS_MAX
        {
            let merged = earlier.merge(last);
            self.runs.truncate(self.runs.len() - 2);
            self.runs.push(merged);
        }
    }

    /// Takes the terms of all other rows out.
    pub(crate) fn retain(&mut self, keeps: impl Fn(u32) -> bool) {
        self.runs.iter_mut().for_each(|run| run.retain(&keeps));
    }

    /// The postings after every row has moved to where `moved` tells; rows that are gone have none.
    pub(crate) fn rearranged(&self, row_count: u32, moved: &[Option<u32>]) -> Self {
        let mut postings = Self::default();
        let mut occurrences = Vec::new();
        for run in &self.runs {
            for (place, term) in run.terms.iter().enumerate() {
                for entry in run.at(place) {
                    let Some(row) = moved[(run.first + entry.row()) as usize] else { continue };
                    occurrences.extend(std::iter::repeat_n((*term, row), entry.count() as usize));
                }
            }
        }
        postings.append(row_count, occurrences);
        postings
    }

    pub(crate) fn bytes(&self) -> usize {
        let of_run = |run: &Run| vec_bytes(&run.terms) + vec_bytes(&run.starts) + vec_bytes(&run.entries);
        vec_bytes(&self.runs) + self.runs.iter().map(of_run).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(postings: &Postings, term: u32) -> Vec<(u32, u32)> {
        let of_run = |run: &Run| -> Vec<_> {
            let entries = run.entries(TermHash(term)).iter();
            entries.map(|entry| (run.first + entry.row(), entry.count())).collect()
        };
        postings.runs().iter().flat_map(of_run).collect()
    }

    #[test]
    fn rows_appended_one_by_one_are_found_in_order_and_in_few_runs() {
        let mut postings = Postings::default();
        for row in 0..1_000_u32 {
            postings.append(1, vec![(TermHash(7), 0), (TermHash(row % 3), 0), (TermHash(7), 0)]);
        }
        assert_eq!(listed(&postings, 7), (0..1_000).map(|row| (row, 2)).collect::<Vec<_>>());
        assert_eq!(listed(&postings, 1).len(), 333);
        assert!(postings.runs().len() <= 10, "{}", postings.runs().len());
    }

    #[test]
    fn a_term_whose_rows_are_all_gone_is_forgotten() {
        let mut postings = Postings::default();
        postings.append(2, vec![(TermHash(1), 0), (TermHash(2), 1)]);
        postings.retain(|row| row != 0);
        assert_eq!(listed(&postings, 1), []);
        assert_eq!(postings.runs()[0].terms, [TermHash(2)]);
        assert_eq!(listed(&postings.rearranged(1, &[None, Some(0)]), 2), [(0, 1)]);
    }
}
