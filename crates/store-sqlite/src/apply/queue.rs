//! The queue: events in order of their sessions. `first` marks what a worker may begin with, so that
//! leasing is a look-up however much waits.

use std::collections::BTreeSet;

use dreamkeeper_domain::candidate::Candidate;
use dreamkeeper_domain::changeset::{ApplyError, Outcome};
use dreamkeeper_domain::event::{EventState, LearnEvent, LearnReport};
use dreamkeeper_domain::id::{EventId, MessageId};
use dreamkeeper_domain::limits::{EVENT_ATTEMPTS_MAX, QUEUE_EVENTS_MAX};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::{Applying, not_found};
use crate::codes::Coded;
use crate::error::Failure;
use crate::read::events::waiting_count;
use crate::rows::{Moment, id_bytes, to_json, uuid_at};

/// What an expired lease leaves as the error of an event that was tried too often.
const NEVER_SETTLED: &str = "its worker never came back with it, too often";

/// What an event brings, as its column holds it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Work {
    /// The messages, in order.
    pub(crate) messages: Vec<MessageId>,
    /// Candidates that were proposed outright.
    pub(crate) proposals: Vec<Candidate>,
}

impl Applying<'_> {
    pub(super) fn enqueue(&mut self, event: &LearnEvent) -> Result<Outcome, Failure> {
        let messages = event.messages.iter().copied().filter(|id| !self.known.contains(id)).collect();
        let mut work = Work { messages, proposals: Vec::new() };
        for proposal in &event.proposals {
            if !self.cites_erased(&proposal.messages())? {
                work.proposals.push(proposal.clone());
            }
        }
        if work.messages.is_empty() && work.proposals.is_empty() {
            return Ok(Outcome::Done);
        }
        let session = event.session.map(|id| Ok::<_, Failure>(self.session_named(id)?.row)).transpose()?;
        let id = id_bytes(event.id.as_uuid());
        if self.conn.prepare_cached("SELECT 1 FROM event WHERE id = ?1")?.exists([id])? {
            return Ok(Outcome::Enqueued { id: event.id });
        }
        let waiting = waiting_count(self.conn, self.changes.at)?;
        if waiting >= QUEUE_EVENTS_MAX as u64 {
            return Err(ApplyError::QueueFull { waiting }.into());
        }
        let row = self.insert_event(event, session, &work)?;
        for proposal in &work.proposals {
            self.note_event_subjects(row, proposal.messages().into_iter().map(super::message_subject))?;
        }
        Ok(Outcome::Enqueued { id: event.id })
    }

    fn insert_event(
        &mut self,
        event: &LearnEvent,
        session: Option<i64>,
        work: &Work,
    ) -> Result<i64, Failure> {
        let scope = self.scope_rows(&event.scope)?;
        let others = "SELECT 1 FROM event WHERE session = ?1 AND state < 2";
        let first = match session {
            Some(session) => !self.conn.prepare_cached(others)?.exists([session])?,
            None => true,
        };
        self.conn
            .prepare_cached(
                "INSERT INTO event (id, session, scope, ids, created_at, state, first, attempts, due_at, work, \
                 report) VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6, 0, ?7, ?8, ?9)",
            )?
            .execute(params![
                id_bytes(event.id.as_uuid()),
                session,
                scope.scope,
                scope.ids,
                Moment(event.created_at),
                first,
                Moment(event.due_at),
                to_json(work)?,
                to_json(&LearnReport::default())?,
            ])?;
        Ok(self.conn.last_insert_rowid())
    }

    pub(super) fn lease(
        &mut self,
        (worker, until): (&str, Timestamp),
        count_max: usize,
    ) -> Result<Outcome, Failure> {
        self.take_back_expired()?;
        let count_max = count_max.max(1);
        let mut rows: Vec<i64> = Vec::new();
        for (first, session) in self.ready(count_max)? {
            let mut due = match session {
                Some(session) => self.due_of(session, count_max + 1)?,
                None => vec![first],
            };
            if rows.is_empty() {
                due.truncate(count_max);
            } else if rows.len() + due.len() > count_max {
                break;
            }
            rows.extend(due);
        }
        let mut update = self.conn.prepare_cached(
            "UPDATE event SET state = ?2, first = 0, attempts = attempts + 1, worker = ?3, lease_until = ?4 \
             WHERE row = ?1 RETURNING id",
        )?;
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            let running = Coded(EventState::Running);
            let id = update.query_row(params![row, running, worker, Moment(until)], |row| uuid_at(row, 0))?;
            events.push(EventId::from_uuid(id));
        }
        Ok(Outcome::Leased { events })
    }

    /// The first events that are due, longest due first, with their sessions.
    fn ready(&self, limit: usize) -> Result<Vec<(i64, Option<i64>)>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT row, session FROM event WHERE first = 1 AND due_at <= ?1 ORDER BY due_at, row LIMIT ?2",
        )?;
        let now = Moment(self.changes.at);
        let rows = statement.query_map(params![now, limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The events of a session of which nothing is running, in order, up to the first that is not due.
    fn due_of(&self, session: i64, limit: usize) -> Result<Vec<i64>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT row, due_at FROM event WHERE session = ?1 AND state < 2 ORDER BY row LIMIT ?2",
        )?;
        let mut rows = statement.query(params![session, limit])?;
        let mut due = Vec::new();
        while let Some(row) = rows.next()? {
            if row.get::<_, Moment>(1)?.0 > self.changes.at {
                break;
            }
            due.push(row.get(0)?);
        }
        Ok(due)
    }

    fn take_back_expired(&self) -> Result<(), Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT row, session, attempts FROM event WHERE state = 1 AND lease_until <= ?1",
        )?;
        let expired: Vec<(i64, Option<i64>, u32)> = statement
            .query_map([Moment(self.changes.at)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        for (row, _, attempts) in &expired {
            if *attempts >= EVENT_ATTEMPTS_MAX {
                self.fail_event(*row, NEVER_SETTLED)?;
            } else {
                self.conn
                    .prepare_cached(
                        "UPDATE event SET state = 0, worker = NULL, lease_until = NULL WHERE row = ?1",
                    )?
                    .execute([row])?;
            }
        }
        self.mark_first(expired.iter().map(|(row, session, _)| (*row, *session)))
    }

    /// Gives back what any worker holds.
    pub(super) fn free_leases(&self) -> Result<Outcome, Failure> {
        let sql = "UPDATE event SET state = 0, worker = NULL, lease_until = NULL, attempts = max(attempts - 1, 0) \
                   WHERE state = 1 RETURNING row, session";
        let mut statement = self.conn.prepare_cached(sql)?;
        let freed: Vec<(i64, Option<i64>)> =
            statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        self.mark_first(freed.into_iter())?;
        Ok(Outcome::Done)
    }

    pub(super) fn fail_event(&self, row: i64, error: &str) -> Result<(), Failure> {
        self.conn
            .prepare_cached(
                "UPDATE event SET state = ?2, worker = NULL, lease_until = NULL, settled_at = ?3, error = ?4 \
                 WHERE row = ?1",
            )?
            .execute(params![row, Coded(EventState::Failed), Moment(self.changes.at), error])?;
        Ok(())
    }

    /// Marks anew what a worker may begin with, after these events changed.
    pub(super) fn mark_first(
        &self,
        changed: impl Iterator<Item = (i64, Option<i64>)>,
    ) -> Result<(), Failure> {
        let mut sessions = BTreeSet::new();
        for (row, session) in changed {
            match session {
                Some(session) => {
                    sessions.insert(session);
                }
                None => {
                    let sql = "UPDATE event SET first = (state = 0) WHERE row = ?1";
                    self.conn.prepare_cached(sql)?.execute([row])?;
                }
            }
        }
        for session in sessions {
            self.conn
                .prepare_cached("UPDATE event SET first = 0 WHERE session = ?1 AND first = 1")?
                .execute([session])?;
            self.conn
                .prepare_cached(
                    "UPDATE event SET first = 1 WHERE row = (SELECT min(row) FROM event WHERE session = ?1 \
                     AND state < 2) AND NOT EXISTS (SELECT 1 FROM event WHERE session = ?1 AND state = 1)",
                )?
                .execute([session])?;
        }
        Ok(())
    }

    pub(super) fn requeue(&self, id: EventId) -> Result<Outcome, Failure> {
        let found: Option<(i64, Option<i64>)> = self
            .conn
            .prepare_cached("SELECT row, session FROM event WHERE id = ?1")?
            .query_row([id_bytes(id.as_uuid())], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (row, session) = found.ok_or_else(|| not_found(format!("event {id}")))?;
        let changed = self
            .conn
            .prepare_cached(
                "UPDATE event SET state = 0, attempts = 0, due_at = ?2, settled_at = NULL, error = NULL \
                 WHERE row = ?1 AND state = ?3",
            )?
            .execute(params![row, Moment(self.changes.at), Coded(EventState::Failed)])?;
        if changed == 1 {
            self.mark_first(std::iter::once((row, session)))?;
        }
        Ok(Outcome::Done)
    }
}
