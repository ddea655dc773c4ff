//! Segment: the passages of one user (or agent, or of neither) in memory, as columns that a query scans.
//!
//! Knows nothing of loading, following and locks; `search` reads it, `slot` keeps it current.

mod bytes;
mod classes;
mod postings;
mod reading;
mod rows;
mod sessions;
mod vectors;

use std::collections::{HashMap, HashSet};

use dreamkeeper_domain::passage::{EmbedderIdentity, Owner, PassageSeq, StoredPassage, Vector};
use dreamkeeper_domain::scope::SegmentKey;
use dreamkeeper_domain::text::is_stop_term;
use jiff::Timestamp;

use bytes::make_room;
use classes::Classes;
pub(crate) use classes::{Class, Sort};
use postings::Postings;
pub(crate) use postings::{Entry, Run};
use rows::Rows;
pub(crate) use rows::{Row, Turn};
use sessions::Sessions;
#[cfg(test)]
pub(crate) use vectors::SKETCH_ROWS_MIN;
pub(crate) use vectors::Table;
use vectors::Vectors;

/// Set beside the class of a row that is no longer current.
const RETIRED: u32 = 1 << 31;
/// In place of the class of a row that was erased.
const ERASED: u32 = u32::MAX;

/// An owner's passages before a place are not current from a moment on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Retirement {
    pub(crate) owner: Owner,
    pub(crate) before: PassageSeq,
    pub(crate) at: Timestamp,
}

/// The passages of one segment.
#[derive(Debug)]
pub(crate) struct Segment {
    key: SegmentKey,
    rows: Rows,
    /// The class of each row, or [`RETIRED`] with it, or [`ERASED`]; read for every row of every query.
    standing: Vec<u32>,
    /// How many terms each row has, stop words not counted.
    lengths: Vec<u16>,
    classes: Classes,
    sessions: Sessions,
    postings: Postings,
    vectors: Vectors,
    retired_at: HashMap<u32, Timestamp>,
    erased_count: u32,
    current_count: u32,
    current_terms: u64,
    /// Up to here the store was read: what is told of earlier places is here already, or was erased.
    loaded_to: Option<PassageSeq>,
    /// What was told of owners, for passages of theirs that are told late.
    retirements: HashMap<Owner, Vec<Retirement>>,
    erased: HashSet<Owner>,
}

impl Segment {
    pub(crate) fn new(key: SegmentKey) -> Self {
        Self {
            key,
            rows: Rows::default(),
            standing: Vec::new(),
            lengths: Vec::new(),
            classes: Classes::default(),
            sessions: Sessions::default(),
            postings: Postings::default(),
            vectors: Vectors::default(),
            retired_at: HashMap::new(),
            erased_count: 0,
            current_count: 0,
            current_terms: 0,
            loaded_to: None,
            retirements: HashMap::new(),
            erased: HashSet::new(),
        }
    }

    /// Takes what the store held when it was read, whole.
    pub(crate) fn loaded(mut self) -> Self {
        self.loaded_to = self.rows.all().last().map(|row| row.seq);
        self.rows.shrink();
        self.vectors.shrink();
        self.standing.shrink_to_fit();
        self.lengths.shrink_to_fit();
        self
    }

    /// Adds passages that it does not hold yet.
    pub(crate) fn add(&mut self, passages: &[StoredPassage]) {
        let first = self.rows.len();
        let mut occurrences = Vec::new();
        for stored in passages {
            let is_old = self.loaded_to.is_some_and(|loaded_to| stored.seq <= loaded_to);
            let owner = &stored.passage.owner;
            if is_old || self.erased.contains(owner) || self.rows.find(stored.seq).is_some() {
                continue;
            }
            let row = self.rows.len() - first;
            let terms = stored.passage.terms.iter().filter(|term| !is_stop_term(**term));
            let before = occurrences.len();
            occurrences.extend(terms.map(|term| (*term, row)));
            self.add_row(stored, (occurrences.len() - before) as u32);
        }
        self.postings.append(self.rows.len() - first, occurrences);
    }

    fn add_row(&mut self, stored: &StoredPassage, length: u32) {
        let StoredPassage { seq, passage } = stored;
        let row = self.rows.len();
        let turn = passage.turn.map_or(Turn::NONE, |turn| Turn {
            session: self.sessions.put(turn.session, turn.ordinal, row),
            ordinal: turn.ordinal,
        });
        self.rows.push(Row {
            seq: *seq,
            owner: passage.owner,
            span: passage.span,
            at: passage.at,
            recorded_at: passage.recorded_at,
            cues: passage.cues,
            turn,
        });
        make_room(&mut self.standing, 1);
        self.standing.push(self.classes.number(passage));
        make_room(&mut self.lengths, 1);
        self.lengths.push(length.min(u32::from(u16::MAX)) as u16);
        self.current_count += 1;
        self.current_terms += u64::from(self.lengths[row as usize]);
        if let Some((embedder, vector)) = &passage.vector {
            self.vectors.set(row, embedder, vector);
        }
        let told = self.retirements.get(&passage.owner).and_then(|told| earliest(told, *seq));
        let told = told.filter(|at| passage.recorded_at < *at);
        if let Some(at) = passage.retired_at.or(told) {
            self.retire_row(row, at);
        }
    }

    /// Marks passages as no longer current.
    pub(crate) fn retire(&mut self, retirements: &[Retirement]) {
        let mut told: HashMap<Owner, Vec<Retirement>> = HashMap::new();
        for retirement in retirements {
            told.entry(retirement.owner).or_default().push(*retirement);
        }
        for row in 0..self.rows.len() {
            let held = self.rows.get(row);
            let at = told.get(&held.owner).and_then(|told| earliest(told, held.seq));
            // What was recorded since is a later text of its owner, whatever place the retirement names.
            if let Some(at) = at.filter(|at| held.recorded_at <= *at) {
                self.retire_row(row, at);
            }
        }
        for (owner, told) in told {
            self.retirements.entry(owner).or_default().extend(told);
        }
    }

    fn retire_row(&mut self, row: u32, at: Timestamp) {
        if self.standing[row as usize] & RETIRED != 0 {
            return;
        }
        self.standing[row as usize] |= RETIRED;
        self.retired_at.insert(row, at);
        self.current_count -= 1;
        self.current_terms -= u64::from(self.lengths[row as usize]);
    }

    /// Takes every trace of some owners' passages out of memory, but for their places.
    pub(crate) fn erase(&mut self, owners: &[Owner]) {
        let owners: HashSet<Owner> = owners.iter().copied().collect();
        let is_of_them = |row: &Row| owners.contains(&row.owner);
        let rows: Vec<u32> =
            self.rows.all().iter().zip(0..).filter(|(row, _)| is_of_them(row)).map(|(_, row)| row).collect();
        for row in &rows {
            self.erase_row(*row);
        }
        if !rows.is_empty() {
            let standing = &self.standing;
            self.postings.retain(|row| standing[row as usize] != ERASED);
        }
        self.erased.extend(owners);
        if self.erased_count > 64 && self.erased_count > self.rows.len() / 8 {
            self.compact();
        }
    }

    fn erase_row(&mut self, row: u32) {
        let standing = &mut self.standing[row as usize];
        if *standing == ERASED {
            return;
        }
        if *standing & RETIRED == 0 {
            self.current_count -= 1;
            self.current_terms -= u64::from(self.lengths[row as usize]);
        }
        *standing = ERASED;
        self.lengths[row as usize] = 0;
        self.retired_at.remove(&row);
        self.vectors.clear(row);
        self.erased_count += 1;
    }

    /// Gives passages new vectors; those that are not here are passed over.
    pub(crate) fn set_vectors(&mut self, embedder: &EmbedderIdentity, vectors: &[(PassageSeq, Vector)]) {
        for (seq, vector) in vectors {
            let Some(row) = self.rows.find(*seq) else { continue };
            if self.standing[row as usize] != ERASED {
                self.vectors.set(row, embedder, vector);
            }
        }
    }

    /// Closes the gaps that erased rows have left, and puts the others in order of place.
    fn compact(&mut self) {
        let mut kept: Vec<u32> =
            (0..self.rows.len()).filter(|row| self.standing[*row as usize] != ERASED).collect();
        kept.sort_unstable_by_key(|row| self.rows.get(*row).seq);
        let mut moved = vec![None; self.standing.len()];
        let mut next = Self::new(self.key.clone());
        for (&from, to) in kept.iter().zip(0_u32..) {
            moved[from as usize] = Some(to);
            next.take_row(self, from, to);
        }
        next.postings = self.postings.rearranged(next.rows.len(), &moved);
        next.vectors = self.vectors.rearranged(&moved);
        next.current_count = self.current_count;
        next.current_terms = self.current_terms;
        next.loaded_to = self.loaded_to;
        next.retirements = std::mem::take(&mut self.retirements);
        next.erased = std::mem::take(&mut self.erased);
        *self = next;
    }

    fn take_row(&mut self, other: &Self, from: u32, to: u32) {
        let mut row = other.rows.get(from).clone();
        if row.turn.is_some() {
            let session = other.sessions.id(row.turn.session);
            row.turn.session = self.sessions.put(session, row.turn.ordinal, to);
        }
        self.rows.push(row);
        let standing = other.standing[from as usize];
        let class = &other.classes.all()[(standing & !RETIRED) as usize];
        self.standing.push(self.classes.number_of(class) | standing & RETIRED);
        self.lengths.push(other.lengths[from as usize]);
        if let Some(at) = other.retired_at.get(&from) {
            self.retired_at.insert(to, *at);
        }
    }
}

/// From when on a passage at that place is not current any more.
fn earliest(retirements: &[Retirement], seq: PassageSeq) -> Option<Timestamp> {
    retirements.iter().filter(|told| seq < told.before).map(|told| told.at).min()
}
