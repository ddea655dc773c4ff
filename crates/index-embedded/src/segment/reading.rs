//! Reading: what a search asks of a segment.

use dreamkeeper_domain::passage::{EmbedderIdentity, Owner};
use dreamkeeper_domain::scope::SegmentKey;
use dreamkeeper_domain::text::TermHash;
use jiff::Timestamp;

use super::bytes::{map_bytes, vec_bytes};
use super::sessions::Sessions;
use super::{Class, ERASED, RETIRED, Row, Run, Segment, Table};

impl Segment {
    pub(crate) fn key(&self) -> &SegmentKey {
        &self.key
    }

    /// Rows, erased ones included.
    pub(crate) fn row_count(&self) -> u32 {
        self.rows.len()
    }

    /// Passages that it holds.
    pub(crate) fn held_count(&self) -> u32 {
        self.rows.len() - self.erased_count
    }

    /// Passages that are current.
    pub(crate) fn current_count(&self) -> u32 {
        self.current_count
    }

    /// Their mean number of terms.
    pub(crate) fn length_mean(&self) -> f32 {
        if self.current_count == 0 {
            return 0.0;
        }
        (self.current_terms as f64 / f64::from(self.current_count)) as f32
    }

    pub(crate) fn row(&self, row: u32) -> &Row {
        self.rows.get(row)
    }

    pub(crate) fn lengths(&self) -> &[u16] {
        &self.lengths
    }

    pub(crate) fn classes(&self) -> &[Class] {
        self.classes.all()
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    pub(crate) fn runs(&self) -> &[Run] {
        self.postings.runs()
    }

    pub(crate) fn table(&self, embedder: &EmbedderIdentity, dimensions: usize) -> Option<&Table> {
        self.vectors.table(embedder, dimensions)
    }

    /// The class of a current row; of any row that is not erased, when retired ones are asked for too.
    pub(crate) fn class(&self, row: u32, retired_too: bool) -> Option<u32> {
        let standing = self.standing[row as usize];
        match standing {
            ERASED => None,
            _ if retired_too => Some(standing & !RETIRED),
            _ => Some(standing).filter(|standing| standing & RETIRED == 0),
        }
    }

    pub(crate) fn is_current(&self, row: u32) -> bool {
        self.standing[row as usize] & RETIRED == 0
    }

    pub(crate) fn retired_at(&self, row: u32) -> Option<Timestamp> {
        self.retired_at.get(&row).copied()
    }

    /// In how many current rows each entry of a run stands.
    pub(crate) fn current_of(&self, run: &Run, term: TermHash) -> u32 {
        let entries = run.entries(term);
        if self.retired_at.is_empty() {
            return entries.len() as u32;
        }
        entries.iter().filter(|entry| self.is_current(run.first + entry.row())).count() as u32
    }

    /// What it takes of memory: what its collections have reserved.
    pub(crate) fn resident_bytes(&self) -> usize {
        size_of::<Self>()
            + self.rows.bytes()
            + vec_bytes(&self.standing)
            + vec_bytes(&self.lengths)
            + self.classes.bytes()
            + self.sessions.bytes()
            + self.postings.bytes()
            + self.vectors.bytes()
            + map_bytes(&self.retired_at)
            + map_bytes(&self.retirements)
            + self.erased.capacity() * 8 / 7 * (size_of::<Owner>() + 1)
    }
}
