//! Rows: what is told of a passage but searched by nobody.

use std::collections::HashMap;

use dreamkeeper_domain::passage::{Owner, PassageSeq, Span};
use dreamkeeper_domain::text::Cues;
use jiff::Timestamp;

use super::bytes::{make_room, map_bytes, vec_bytes};

/// One passage.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) seq: PassageSeq,
    pub(crate) owner: Owner,
    pub(crate) span: Span,
    pub(crate) at: Timestamp,
    pub(crate) recorded_at: Timestamp,
    pub(crate) cues: Cues,
    /// The number of its session and its place there, for a message's passage.
    pub(crate) turn: Turn,
}

/// Where a row stands in its session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn {
    /// [`Turn::NONE`] for a passage that stands in none.
    pub(crate) session: u32,
    pub(crate) ordinal: u32,
}

impl Turn {
    pub(crate) const NONE: Self = Self { session: u32::MAX, ordinal: 0 };

    pub(crate) fn is_some(self) -> bool {
        self.session != u32::MAX
    }
}

/// The rows of a segment in the order in which they came, found by place.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    all: Vec<Row>,
    /// By place; made when a row first comes after one of a later place, for until then rows are sorted.
    by_seq: Option<HashMap<PassageSeq, u32>>,
}

impl Rows {
    pub(crate) fn all(&self) -> &[Row] {
        &self.all
    }

    pub(crate) fn get(&self, row: u32) -> &Row {
        &self.all[row as usize]
    }

    pub(crate) fn len(&self) -> u32 {
        self.all.len() as u32
    }

    /// The row of a place.
    pub(crate) fn find(&self, seq: PassageSeq) -> Option<u32> {
        match &self.by_seq {
            Some(rows) => rows.get(&seq).copied(),
            // What is new mostly comes last.
            None if self.all.last().is_none_or(|last| last.seq < seq) => None,
            None => self.all.binary_search_by_key(&seq, |row| row.seq).ok().map(|row| row as u32),
        }
    }

    pub(crate) fn push(&mut self, row: Row) {
        let is_late = self.all.last().is_some_and(|last| last.seq > row.seq);
        if is_late && self.by_seq.is_none() {
            self.by_seq = Some(self.all.iter().map(|row| row.seq).zip(0..).collect());
        }
        if let Some(rows) = &mut self.by_seq {
            rows.insert(row.seq, self.all.len() as u32);
        }
        make_room(&mut self.all, 1);
        self.all.push(row);
    }

    /// Gives back what is reserved beyond what is held.
    pub(crate) fn shrink(&mut self) {
        self.all.shrink_to_fit();
    }

    pub(crate) fn bytes(&self) -> usize {
        vec_bytes(&self.all) + self.by_seq.as_ref().map_or(0, map_bytes)
    }
}
