//! Sessions: opened once; their counters are kept in memory while a ChangeSet runs and written at its end.

use std::collections::HashMap;

use dreamkeeper_domain::changeset::Outcome;
use dreamkeeper_domain::id::SessionId;
use dreamkeeper_domain::limits::SESSION_IDLE_MINUTES;
use dreamkeeper_domain::session::Session;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, Row, params};
use uuid::Uuid;

use super::{Applying, not_found};
use crate::error::Failure;
use crate::rows::{Moment, id_bytes, uuid_at};

/// What a ChangeSet needs of a session that it writes to.
#[derive(Debug, Clone)]
pub(super) struct OpenSession {
    pub(super) row: i64,
    pub(super) id: SessionId,
    message_count: u32,
    opened_at: Timestamp,
    last_at: Timestamp,
    last_recorded_at: Timestamp,
    dirty: bool,
}

/// The sessions of a ChangeSet: by row, and the rows by the ids that its writes use.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    rows: HashMap<SessionId, i64>,
    open: HashMap<i64, OpenSession>,
}

const COLUMNS: &str = "row, id, message_count, opened_at, last_at, last_recorded_at";

fn read(row: &Row<'_>) -> rusqlite::Result<OpenSession> {
    Ok(OpenSession {
        row: row.get(0)?,
        id: SessionId::from_uuid(uuid_at(row, 1)?),
        message_count: row.get(2)?,
        opened_at: row.get::<_, Moment>(3)?.0,
        last_at: row.get::<_, Moment>(4)?.0,
        last_recorded_at: row.get::<_, Moment>(5)?.0,
        dirty: false,
    })
}

impl Applying<'_> {
    pub(super) fn open_session(&mut self, session: &Session) -> Result<Outcome, Failure> {
        let rows = self.scope_rows(&session.scope)?;
        let there = match (self.find_session(session.id.as_uuid())?, &session.key) {
            (None, Some(key)) => self.find_session_by_key(rows.ids, key)?,
            (None, None) => self.find_current_session(rows.ids, session.last_recorded_at)?,
            (found, _) => found,
        };
        if let Some(found) = there {
            let id = found.id;
            self.remember(session.id, found);
            return Ok(Outcome::Session { id, created: false });
        }
        self.conn
            .prepare_cached(
                "INSERT INTO session (id, key, ids, scope, opened_at, last_at, last_recorded_at, message_count, \
                 temporary) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8)",
            )?
            .execute(params![
                id_bytes(session.id.as_uuid()),
                session.key,
                rows.ids,
                rows.scope,
                Moment(session.opened_at),
                Moment(session.last_at),
                Moment(session.last_recorded_at),
                session.temporary,
            ])?;
        let made = OpenSession {
            row: self.conn.last_insert_rowid(),
            id: session.id,
            message_count: 0,
            opened_at: session.opened_at,
            last_at: session.last_at,
            last_recorded_at: session.last_recorded_at,
            dirty: false,
        };
        self.remember(session.id, made);
        Ok(Outcome::Session { id: session.id, created: true })
    }

    /// The session that a write of this ChangeSet names.
    pub(super) fn session_named(&mut self, id: SessionId) -> Result<&mut OpenSession, Failure> {
        if !self.sessions.rows.contains_key(&id) {
            let found = self.find_session(id.as_uuid())?.ok_or_else(|| not_found(format!("session {id}")))?;
            self.remember(id, found);
        }
        let row = self.sessions.rows.get(&id);
        row.and_then(|row| self.sessions.open.get_mut(row))
            .ok_or_else(|| Failure::defect(format!("session {id} was not remembered")))
    }

    /// Writes the counters of every session that got messages.
    pub(super) fn flush_sessions(&self) -> Result<(), Failure> {
        let mut statement = self.conn.prepare_cached(
            "UPDATE session SET message_count = ?2, opened_at = ?3, last_at = ?4, last_recorded_at = ?5 \
             WHERE row = ?1",
        )?;
        for session in self.sessions.open.values().filter(|session| session.dirty) {
            statement.execute(params![
                session.row,
                session.message_count,
                Moment(session.opened_at),
                Moment(session.last_at),
                Moment(session.last_recorded_at),
            ])?;
        }
        Ok(())
    }

    fn remember(&mut self, named: SessionId, session: OpenSession) {
        self.sessions.rows.insert(named, session.row);
        // A session that is there already may have counters that are not written yet.
        self.sessions.open.entry(session.row).or_insert(session);
    }

    fn find_session(&self, id: Uuid) -> Result<Option<OpenSession>, Failure> {
        let sql = format!("SELECT {COLUMNS} FROM session WHERE id = ?1");
        Ok(self.conn.prepare_cached(&sql)?.query_row([id_bytes(id)], read).optional()?)
    }

    fn find_session_by_key(&self, ids: i64, key: &str) -> Result<Option<OpenSession>, Failure> {
        let sql = format!("SELECT {COLUMNS} FROM session WHERE ids = ?1 AND key = ?2");
        Ok(self.conn.prepare_cached(&sql)?.query_row(params![ids, key], read).optional()?)
    }

    /// The latest recorded keyless session of exact ids, unless it is idle by a moment.
    fn find_current_session(&self, ids: i64, moment: Timestamp) -> Result<Option<OpenSession>, Failure> {
        // Messages of this ChangeSet count too.
        self.flush_sessions()?;
        let sql = format!(
            "SELECT {COLUMNS} FROM session WHERE ids = ?1 AND key IS NULL \
             ORDER BY last_recorded_at DESC, id DESC LIMIT 1"
        );
        let found = self.conn.prepare_cached(&sql)?.query_row([ids], read).optional()?;
        let idle = SignedDuration::from_mins(SESSION_IDLE_MINUTES);
        Ok(found.filter(|found| moment.duration_since(found.last_recorded_at) < idle))
    }
}

impl OpenSession {
    /// Takes one more message; gives its ordinal.
    pub(super) fn take_message(&mut self, at: Timestamp, recorded_at: Timestamp) -> u32 {
        let ordinal = self.message_count;
        if ordinal == 0 {
            self.opened_at = recorded_at;
        }
        self.last_at = at;
        self.last_recorded_at = recorded_at;
        self.message_count += 1;
        self.dirty = true;
        ordinal
    }
}
