//! Messages: appended once, in order; a client id that is there already answers without a change.

use dreamkeeper_domain::changeset::{ApplyError, Outcome};
use dreamkeeper_domain::id::MessageId;
use dreamkeeper_domain::message::{Message, Part};
use dreamkeeper_domain::passage::Passage;
use dreamkeeper_domain::ports::{PortError, PortErrorKind};
use rusqlite::{OptionalExtension, Row, params};

use super::Applying;
use super::passages::{Places, Standing};
use crate::codes::{Code, Coded};
use crate::error::Failure;
use crate::rows::{Moment, from_json, id_bytes, to_json, uuid_at};

/// A message that is there already.
struct There {
    session: i64,
    id: MessageId,
    ordinal: u32,
    role: i64,
    author: Option<String>,
    erased: bool,
    parts: String,
}

const COLUMNS: &str = "session, id, ordinal, role, author, erased, parts";

fn read(row: &Row<'_>) -> rusqlite::Result<There> {
    Ok(There {
        session: row.get(0)?,
        id: MessageId::from_uuid(uuid_at(row, 1)?),
        ordinal: row.get(2)?,
        role: row.get(3)?,
        author: row.get(4)?,
        erased: row.get(5)?,
        parts: row.get(6)?,
    })
}

impl There {
    /// Whether it says what the other says. An erased one counts as the same: its content is not known any
    /// more, and a repeated import must neither fail on it nor bring it back.
    fn says_what(&self, message: &Message) -> Result<bool, Failure> {
        if self.erased {
            return Ok(true);
        }
        if self.role != message.role.code() || self.author != message.author {
            return Ok(false);
        }
        let parts: Vec<Part> = from_json(&self.parts, "a message's content")?;
        Ok(parts == message.parts)
    }
}

impl Applying<'_> {
    pub(super) fn append_message(
        &mut self,
        message: &Message,
        passages: &[Passage],
    ) -> Result<Outcome, Failure> {
        let session = self.session_named(message.session)?.clone();
        if let Some(client_id) = &message.client_id
            && let Some(there) = self.message_by_client_id(session.row, client_id)?
        {
            if !there.says_what(message)? {
                return Err(ApplyError::ClientIdReused { client_id: client_id.clone() }.into());
            }
            return Ok(Outcome::Duplicate { id: there.id, session: session.id, ordinal: there.ordinal });
        }
        if let Some(there) = self.message_by_id(message.id)? {
            if there.session != session.row || !there.says_what(message)? {
                return Err(id_taken(message.id));
            }
            return Ok(Outcome::Duplicate { id: there.id, session: session.id, ordinal: there.ordinal });
        }
        let ordinal = self.session_named(message.session)?.take_message(message.at, message.recorded_at);
        let standing = Standing::Turn { session: session.id, ordinal };
        let places = self.insert_passages(&message.scope, passages, standing)?;
        self.insert_message(message, (session.row, ordinal), &places)?;
        Ok(Outcome::Appended { id: message.id, session: session.id, ordinal, passages: places.seqs() })
    }

    fn insert_message(
        &mut self,
        message: &Message,
        turn: (i64, u32),
        places: &Places,
    ) -> Result<(), Failure> {
        let scope = self.scope_rows(&message.scope)?.scope;
        self.conn
            .prepare_cached(
                "INSERT INTO message (id, session, ordinal, client_id, role, author, origin, via, scope, at, \
                 zone, recorded_at, segment, passage_from, passage_to, parts) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
            )?
            .execute(params![
                id_bytes(message.id.as_uuid()),
                turn.0,
                turn.1,
                message.client_id,
                Coded(message.role),
                message.author,
                Coded(message.origin),
                Coded(message.via),
                scope,
                Moment(message.at),
                message.zone.as_ref().map(|zone| zone.as_str()),
                Moment(message.recorded_at),
                places.segment,
                places.from,
                places.to,
                to_json(&message.parts)?,
            ])?;
        Ok(())
    }

    fn message_by_client_id(&self, session: i64, client_id: &str) -> Result<Option<There>, Failure> {
        let sql = format!("SELECT {COLUMNS} FROM message WHERE session = ?1 AND client_id = ?2");
        Ok(self.conn.prepare_cached(&sql)?.query_row(params![session, client_id], read).optional()?)
    }

    fn message_by_id(&self, id: MessageId) -> Result<Option<There>, Failure> {
        let sql = format!("SELECT {COLUMNS} FROM message WHERE id = ?1");
        Ok(self.conn.prepare_cached(&sql)?.query_row([id_bytes(id.as_uuid())], read).optional()?)
    }
}

fn id_taken(id: MessageId) -> Failure {
    let message =
        format!("message {id} is there already with other content: messages never change; use a new id");
    Failure::Refused(PortError::new(PortErrorKind::Refused, message).into())
}
