//! Quarantine, and the summaries of sessions.

use dreamkeeper_domain::candidate::{Closing, Held, HeldStatus};
use dreamkeeper_domain::changeset::Outcome;
use dreamkeeper_domain::id::{CandidateId, MessageId};
use dreamkeeper_domain::summary::Summary;
use rusqlite::{OptionalExtension, params};

use super::{Applying, conflict, memory_subject, message_subject, not_found};
use crate::codes::Coded;
use crate::error::Failure;
use crate::rows::{Moment, from_json, id_bytes, to_json};

impl Applying<'_> {
    pub(super) fn hold(&mut self, held: &Held) -> Result<Outcome, Failure> {
        let mut held = held.clone();
        let messages = held.candidate.messages();
        if self.cites_erased(&messages)? {
            held.empty(&self.changes.actor, self.changes.at);
        }
        let ids = self.scope_rows(&held.candidate.scope)?.ids;
        let inserted = self
            .conn
            .prepare_cached(
                "INSERT OR IGNORE INTO held (id, ids, held_at, status, content) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                id_bytes(held.candidate.id.as_uuid()),
                ids,
                Moment(held.held_at),
                Coded(held.status),
                to_json(&held)?,
            ])?;
        if inserted == 1 {
            let row = self.conn.last_insert_rowid();
            for message in messages {
                self.note_held_subject(row, &message_subject(message))?;
            }
            if let Some(memory) = held.closed.and_then(|closed| closed.memory) {
                self.note_held_subject(row, &memory_subject(memory))?;
            }
        }
        Ok(Outcome::Done)
    }

    fn note_held_subject(&self, row: i64, subject: &[u8]) -> Result<(), Failure> {
        let sql = "INSERT OR IGNORE INTO held_subject (subject, held) VALUES (?1, ?2)";
        self.conn.prepare_cached(sql)?.execute(params![subject, row])?;
        Ok(())
    }

    pub(super) fn close_held(
        &self,
        id: CandidateId,
        status: HeldStatus,
        closing: &Closing,
    ) -> Result<Outcome, Failure> {
        let record = format!("candidate {id}");
        if status == HeldStatus::Waiting {
            return Err(Failure::defect(format!("{record} was to be closed as waiting")));
        }
        let found: Option<(i64, String)> = self
            .conn
            .prepare_cached("SELECT row, content FROM held WHERE id = ?1")?
            .query_row([id_bytes(id.as_uuid())], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((row, content)) = found else { return Err(not_found(record)) };
        let mut held: Held = from_json(&content, "a held candidate")?;
        if held.status != HeldStatus::Waiting {
            return Err(conflict(record, "version 1, waiting".to_owned(), 2));
        }
        held.status = status;
        held.closed = Some(closing.clone());
        self.write_held(row, &held)?;
        if let Some(memory) = closing.memory {
            self.note_held_subject(row, &memory_subject(memory))?;
        }
        Ok(Outcome::Done)
    }

    pub(super) fn write_held(&self, row: i64, held: &Held) -> Result<(), Failure> {
        self.conn
            .prepare_cached("UPDATE held SET status = ?2, content = ?3 WHERE row = ?1")?
            .execute(params![row, Coded(held.status), to_json(held)?])?;
        Ok(())
    }

    pub(super) fn put_summary(&mut self, summary: &Summary) -> Result<Outcome, Failure> {
        let session = self.session_named(summary.session)?.clone();
        // Its messages may have been erased while it was written.
        let is_whole = match summary.continues {
            Some(upto) => self.summary_stands(session.row, upto)?,
            None => true,
        };
        if is_whole && !self.cites_erased(&summary.messages)? {
            let summary = Summary { session: session.id, ..summary.clone() };
            self.conn
                .prepare_cached(
                    "INSERT INTO summary (session, upto, content) VALUES (?1, ?2, ?3) \
                     ON CONFLICT (session) DO UPDATE SET upto = ?2, content = ?3 WHERE upto <= ?2",
                )?
                .execute(params![session.row, summary.upto, to_json(&summary)?])?;
        }
        Ok(Outcome::Done)
    }

    /// Whether the summary of a session still stands that reached up to there, or one that goes on from it.
    fn summary_stands(&self, session: i64, upto: u32) -> Result<bool, Failure> {
        let sql = "SELECT 1 FROM summary WHERE session = ?1 AND upto >= ?2";
        Ok(self.conn.prepare_cached(sql)?.exists(params![session, upto])?)
    }

    pub(super) fn cites_erased<'ids>(
        &self,
        messages: impl IntoIterator<Item = &'ids MessageId>,
    ) -> Result<bool, Failure> {
        for id in messages {
            if self.is_message_erased(*id)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
