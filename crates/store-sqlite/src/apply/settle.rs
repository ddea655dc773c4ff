//! Settling: what became of events that a worker holds; refused as a whole when it holds one no more.

use dreamkeeper_domain::changeset::{ApplyError, Outcome};
use dreamkeeper_domain::event::{LearnReport, Settlement};
use dreamkeeper_domain::id::EventId;
use dreamkeeper_domain::limits::EVENT_ATTEMPTS_MAX;
use jiff::tz::TimeZone;
use rusqlite::{OptionalExtension, params};

use super::Applying;
use super::queue::Work;
use crate::error::Failure;
use crate::rows::{Moment, from_json, id_bytes, to_json};

/// An event that the worker holds.
struct Running {
    row: i64,
    session: Option<i64>,
    attempts: u32,
}

impl Applying<'_> {
    pub(super) fn settle(
        &mut self,
        worker: &str,
        events: &[EventId],
        settlement: &Settlement,
    ) -> Result<Outcome, Failure> {
        let mut changed = Vec::with_capacity(events.len());
        // It may bring words anew.
        self.emptied_sessions.clear();
        let mut settlement = settlement.clone();
        if self.read_erased(events)? {
            settlement.empty_words();
        }
        for (place, id) in events.iter().enumerate() {
            let lost = || ApplyError::LeaseLost { worker: worker.to_owned(), event: *id };
            let running = self.running(worker, *id)?.ok_or_else(lost)?;
            self.settle_one(&running, &settlement, place == 0)?;
            changed.push((running.row, running.session));
        }
        self.mark_first(changed.into_iter())?;
        Ok(Outcome::Done)
    }

    /// Whether a message that these events bring was erased, which may have been while they were read.
    fn read_erased(&self, events: &[EventId]) -> Result<bool, Failure> {
        let mut statement = self.conn.prepare_cached("SELECT work FROM event WHERE id = ?1")?;
        for id in events {
            let work: Option<String> =
                statement.query_row([id_bytes(id.as_uuid())], |row| row.get(0)).optional()?;
            let Some(work) = work else { continue };
            let work: Work = from_json(&work, "an event's work")?;
            if self.cites_erased(&work.messages)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn running(&self, worker: &str, id: EventId) -> Result<Option<Running>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT row, session, attempts FROM event WHERE id = ?1 AND state = 1 AND worker = ?2 \
             AND lease_until > ?3",
        )?;
        let params = params![id_bytes(id.as_uuid()), worker, Moment(self.changes.at)];
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Running { row: row.get(0)?, session: row.get(1)?, attempts: row.get(2)? })
        };
        Ok(statement.query_row(params, read).optional()?)
    }

    fn settle_one(&self, event: &Running, settlement: &Settlement, is_first: bool) -> Result<(), Failure> {
        match settlement {
            Settlement::Succeeded(report) => {
                let report =
                    if is_first { self.reported(event.row, report)? } else { LearnReport::default() };
                self.conn
                    .prepare_cached(
                        "UPDATE event SET state = 2, worker = NULL, lease_until = NULL, settled_at = ?2, \
                         error = NULL, report = ?3 WHERE row = ?1",
                    )?
                    .execute(params![event.row, Moment(self.changes.at), to_json(&report)?])?;
                Ok(())
            }
            Settlement::Retry { error, counts: true, .. } if event.attempts >= EVENT_ATTEMPTS_MAX => {
                self.fail_event(event.row, error)
            }
            Settlement::Retry { at, error, counts } => {
                self.conn
                    .prepare_cached(
                        "UPDATE event SET state = 0, worker = NULL, lease_until = NULL, due_at = ?2, error = ?3, \
                         attempts = max(attempts - ?4, 0) WHERE row = ?1",
                    )?
                    .execute(params![event.row, Moment(*at), error, i64::from(!counts)])?;
                Ok(())
            }
            Settlement::Failed { error } => self.fail_event(event.row, error),
            Settlement::Released => {
                self.conn
                    .prepare_cached(
                        "UPDATE event SET state = 0, worker = NULL, lease_until = NULL, \
                         attempts = max(attempts - 1, 0) WHERE row = ?1",
                    )?
                    .execute([event.row])?;
                Ok(())
            }
        }
    }

    /// A report as it is kept: its spending counted, nothing in it of what was erased meanwhile.
    fn reported(&self, row: i64, report: &LearnReport) -> Result<LearnReport, Failure> {
        let mut report = report.clone();
        for decision in &mut report.decisions {
            let memories = decision.verdict.memories();
            let mut gone = self.cites_erased(&decision.messages)?;
            for memory in &memories {
                gone |= self.is_memory_erased(*memory)?;
            }
            if gone {
                decision.empty();
            }
            let messages = decision.messages.iter().map(|id| super::message_subject(*id));
            let memories = memories.into_iter().map(super::memory_subject);
            self.note_event_subjects(row, messages.chain(memories))?;
        }
        self.count_spending(&report)?;
        Ok(report)
    }

    fn count_spending(&self, report: &LearnReport) -> Result<(), Failure> {
        let tokens = report.prompt_tokens + report.answer_tokens;
        if u64::from(report.calls) + tokens + report.micro_cost == 0 {
            return Ok(());
        }
        let day = self.changes.at.to_zoned(TimeZone::UTC).date();
        self.conn
            .prepare_cached(
                "INSERT INTO spending (day, calls, tokens, micro_cost) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (day) DO UPDATE SET calls = calls + ?2, tokens = tokens + ?3, \
                 micro_cost = micro_cost + ?4",
            )?
            .execute(params![day.to_string(), report.calls, tokens, report.micro_cost])?;
        Ok(())
    }

    /// Notes what an event tells of, for erasing.
    pub(super) fn note_event_subjects(
        &self,
        row: i64,
        subjects: impl Iterator<Item = Vec<u8>>,
    ) -> Result<(), Failure> {
        let sql = "INSERT OR IGNORE INTO event_subject (subject, event) VALUES (?1, ?2)";
        let mut statement = self.conn.prepare_cached(sql)?;
        for subject in subjects {
            statement.execute(params![subject, row])?;
        }
        Ok(())
    }
}
