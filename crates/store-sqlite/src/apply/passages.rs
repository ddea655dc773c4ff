//! Passages: inserted beside their owner, retired by its next version, removed with its content.

use std::collections::HashMap;

use dreamkeeper_domain::id::SessionId;
use dreamkeeper_domain::passage::{Passage, PassageSeq};
use dreamkeeper_domain::scope::Scope;
use rusqlite::{OptionalExtension, params};

use super::Applying;
use crate::codes::{Coded, owner_columns};
use crate::error::Failure;
use crate::rows::{Moment, SEQ_MAX, id_bytes, place, terms_bytes, vector_bytes};

/// The passages `[from, to)` of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) segment: i64,
    pub(super) from: u64,
    pub(super) to: u64,
}

impl Places {
    /// The numbers, in order.
    pub(super) fn seqs(&self) -> Vec<PassageSeq> {
        (self.from..self.to).map(PassageSeq).collect()
    }
}

/// Where the owner of passages stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Standing {
    /// In a conversation, at a place that the store has given.
    Turn {
        /// The session.
        session: SessionId,
        /// The message's place.
        ordinal: u32,
    },
    /// In none.
    Alone,
}

/// Counters that a ChangeSet moves: written once, at its end.
#[derive(Debug, Default)]
pub(super) struct Counters {
    /// The next seq; `None` until it is needed.
    next: Option<u64>,
    /// Passages that came to (or left) each segment.
    added: HashMap<i64, i64>,
}

/// The name under which `meta` keeps the next seq.
pub(crate) const NEXT_SEQ: &str = "passage_seq_next";

impl Applying<'_> {
    /// Inserts an owner's passages in a row of seqs.
    pub(super) fn insert_passages(
        &mut self,
        owner_scope: &Scope,
        passages: &[Passage],
        standing: Standing,
    ) -> Result<Places, Failure> {
        let segment = self.scope_rows(owner_scope)?.segment;
        let from = self.take_seqs(passages.len() as u64)?;
        for (seq, passage) in (from..).zip(passages) {
            let rows = self.scope_rows(&passage.scope)?;
            if rows.segment != segment {
                return Err(Failure::defect("a passage's scope is in another segment than its owner's"));
            }
            self.insert_passage(place(segment, seq), passage, (rows.scope, standing))?;
        }
        *self.passages.added.entry(segment).or_default() += passages.len() as i64;
        Ok(Places { segment, from, to: from + passages.len() as u64 })
    }

    fn insert_passage(
        &mut self,
        place: i64,
        passage: &Passage,
        (scope, standing): (i64, Standing),
    ) -> Result<(), Failure> {
        let (owner_type, owner) = owner_columns(passage.owner);
        let (session, ordinal) = match standing {
            Standing::Turn { session, ordinal } => (Some(session), Some(ordinal)),
            Standing::Alone => (passage.turn.map(|turn| turn.session), passage.turn.map(|turn| turn.ordinal)),
        };
        let embedder = match &passage.vector {
            Some((identity, _)) => self.embedder_row(identity)?,
            None => 0,
        };
        let (_, seq) = crate::rows::place_parts(place);
        self.conn
            .prepare_cached(
                "INSERT INTO passage (place, owner_type, owner, span_start, span_end, session, ordinal, role, \
                 kind, speaker, origin, scope, at, recorded_at, retired_at, cues, source_hash, terms, embedder, \
                 seq, vector) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, \
                 ?17, ?18, ?19, ?20, ?21)",
            )?
            .execute(params![
                place,
                owner_type,
                owner,
                passage.span.start,
                passage.span.end,
                passage.turn.and(session).map(|id| id_bytes(id.as_uuid())),
                passage.turn.and(ordinal),
                passage.turn.map(|turn| Coded(turn.role)),
                passage.kind.map(Coded),
                passage.speaker,
                Coded(passage.origin),
                scope,
                Moment(passage.at),
                Moment(passage.recorded_at),
                passage.retired_at.map(Moment),
                passage.cues.0,
                passage.source_hash.cast_signed(),
                terms_bytes(&passage.terms),
                embedder,
                seq,
                passage.vector.as_ref().map(|(_, vector)| vector_bytes(vector)),
            ])?;
        Ok(())
    }

    /// Marks passages as no longer current.
    pub(super) fn retire_passages(&mut self, places: Places) -> Result<(), Failure> {
        let (from, to) = (place(places.segment, places.from), place(places.segment, places.to));
        self.conn
            .prepare_cached(
                "UPDATE passage SET retired_at = ?3 WHERE place >= ?1 AND place < ?2 AND retired_at IS NULL",
            )?
            .execute(params![from, to, Moment(self.changes.at)])?;
        Ok(())
    }

    /// Removes passages for good; gives how many there were.
    pub(super) fn remove_passages(&mut self, places: Places) -> Result<u32, Failure> {
        let (from, to) = (place(places.segment, places.from), place(places.segment, places.to));
        let count = self
            .conn
            .prepare_cached("DELETE FROM passage WHERE place >= ?1 AND place < ?2")?
            .execute(params![from, to])?;
        *self.passages.added.entry(places.segment).or_default() -= count as i64;
        Ok(count as u32)
    }

    /// Notes that passages came to a segment, or left it.
    pub(super) fn count_passages(&mut self, segment: i64, added: i64) {
        *self.passages.added.entry(segment).or_default() += added;
    }

    fn take_seqs(&mut self, count: u64) -> Result<u64, Failure> {
        let next = match self.passages.next {
            Some(next) => next,
            None => self
                .conn
                .prepare_cached("SELECT value FROM meta WHERE name = ?1")?
                .query_row([NEXT_SEQ], |row| row.get(0))
                .optional()?
                .unwrap_or(1),
        };
        if next + count > SEQ_MAX {
            return Err(Failure::defect(format!("a space gives at most {SEQ_MAX} passages in its life")));
        }
        self.passages.next = Some(next + count);
        Ok(next)
    }

    /// Writes the counters that moved.
    pub(super) fn flush_passage_counters(&mut self) -> Result<(), Failure> {
        if let Some(next) = self.passages.next {
            self.conn
                .prepare_cached(
                    "INSERT INTO meta (name, value) VALUES (?1, ?2) \
                     ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                )?
                .execute(params![NEXT_SEQ, next])?;
        }
        for (segment, added) in self.passages.added.iter().filter(|(_, added)| **added != 0) {
            self.conn
                .prepare_cached("UPDATE segment SET passage_count = passage_count + ?2 WHERE row = ?1")?
                .execute(params![segment, added])?;
        }
        Ok(())
    }
}
