//! Erasing what was learned: held candidates, decisions, summaries and what was served go with their source.

use dreamkeeper_domain::candidate::{Candidate, Held};
use dreamkeeper_domain::event::{Decision, ERROR_EMPTIED, LearnReport};
use dreamkeeper_domain::id::{MemoryId, MessageId};
use dreamkeeper_domain::summary::Summary;
use rusqlite::{OptionalExtension, params};

use super::queue::Work;
use super::{Applying, memory_subject, message_subject};
use crate::error::Failure;
use crate::rows::{from_json, id_bytes, to_json};

impl Applying<'_> {
    /// Takes away what was learned from the message of a row.
    pub(super) fn erase_learned_of_message(&mut self, id: MessageId, row: i64) -> Result<(), Failure> {
        let subject = message_subject(id);
        let quotes = |proposal: &Candidate| proposal.messages().contains(&id);
        self.rewrite_events(&subject, quotes, |decision| decision.messages.contains(&id))?;
        self.empty_held(&subject)?;
        self.empty_words_of_session(row)?;
        self.erase_message_in_changes(id)?;
        self.erase_summary(id, row)
    }

    /// Takes away what tells what a memory said.
    pub(super) fn erase_learned_of_memory(&self, id: MemoryId, row: i64) -> Result<(), Failure> {
        let subject = memory_subject(id);
        self.rewrite_events(&subject, |_| false, |decision| decision.verdict.memories().contains(&id))?;
        self.empty_held(&subject)?;
        self.empty_changes_of_memory(id)?;
        self.conn.prepare_cached("DELETE FROM usefulness WHERE memory = ?1")?.execute([row])?;
        let sentences = "DELETE FROM served_sentence WHERE memory = ?1";
        self.conn.prepare_cached(sentences)?.execute([id_bytes(id.as_uuid())])?;
        Ok(())
    }

    /// Takes away proposals that quote it, and empties decisions that tell of it, in every event that was
    /// noted for a subject.
    fn rewrite_events(
        &self,
        subject: &[u8],
        quotes: impl Fn(&Candidate) -> bool,
        tells: impl Fn(&Decision) -> bool,
    ) -> Result<(), Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT row, work, report FROM event_subject JOIN event ON row = event WHERE subject = ?1",
        )?;
        let events: Vec<(i64, String, String)> = statement
            .query_map([subject], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        for (row, work, report) in events {
            let mut work: Work = from_json(&work, "an event's work")?;
            let mut report: LearnReport = from_json(&report, "an event's report")?;
            work.proposals.retain(|proposal| !quotes(proposal));
            report.decisions.iter_mut().filter(|decision| tells(decision)).for_each(Decision::empty);
            self.conn
                .prepare_cached("UPDATE event SET work = ?2, report = ?3 WHERE row = ?1")?
                .execute(params![row, to_json(&work)?, to_json(&report)?])?;
        }
        Ok(())
    }

    /// Takes away warnings and errors of every event of a message's session: a model was shown the message with
    /// later ones too, and may have repeated it. Once for a session is enough, however many of it are erased.
    fn empty_words_of_session(&mut self, message: i64) -> Result<(), Failure> {
        let sql = "SELECT session FROM message WHERE row = ?1";
        let session: i64 = self.conn.prepare_cached(sql)?.query_row([message], |row| row.get(0))?;
        if self.emptied_sessions.insert(session) {
            self.conn
                .prepare_cached(
                    "UPDATE event SET report = json_set(report, '$.warnings', json('[]')), \
                     error = CASE WHEN error IS NULL THEN NULL ELSE ?2 END \
                     WHERE session = ?1 AND (error IS NOT NULL OR json_array_length(report, '$.warnings') > 0)",
                )?
                .execute(params![session, ERROR_EMPTIED])?;
        }
        Ok(())
    }

    fn empty_held(&self, subject: &[u8]) -> Result<(), Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT row, content FROM held_subject JOIN held ON row = held WHERE subject = ?1",
        )?;
        let found: Vec<(i64, String)> = statement
            .query_map([subject], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        for (row, content) in found {
            let mut held: Held = from_json(&content, "a held candidate")?;
            held.empty(&self.changes.actor, self.changes.at);
            self.write_held(row, &held)?;
        }
        Ok(())
    }

    fn erase_summary(&self, id: MessageId, message: i64) -> Result<(), Failure> {
        let found: Option<(i64, u32, String)> = self
            .conn
            .prepare_cached(
                "SELECT y.session, m.ordinal, y.content FROM message m JOIN summary y ON y.session = m.session \
                 WHERE m.row = ?1",
            )?
            .query_row([message], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let Some((session, ordinal, content)) = found else { return Ok(()) };
        let summary: Summary = from_json(&content, "a summary")?;
        if ordinal < summary.upto || summary.messages.contains(&id) {
            self.conn.prepare_cached("DELETE FROM summary WHERE session = ?1")?.execute([session])?;
        }
        Ok(())
    }
}
