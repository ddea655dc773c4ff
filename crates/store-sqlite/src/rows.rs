//! Rows: how nouns stand in columns, and back. Times are kept to the microsecond, as the Clock port gives
//! them.

use std::collections::HashMap;
use std::sync::Arc;

use dreamkeeper_domain::actor::Actor;
use dreamkeeper_domain::id::{MessageId, SessionId};
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::passage::{EmbedderIdentity, Passage, PassageSeq, Span, StoredPassage, Turn, Vector};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;
use dreamkeeper_domain::text::{Cues, TermHash};
use dreamkeeper_domain::time::Zone;
use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::codes::{Coded, owner_of};
use crate::error::Failure;

/// A moment as a column: microseconds since 1970.
pub(crate) struct Moment(pub(crate) Timestamp);

impl ToSql for Moment {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.as_microsecond().into())
    }
}

impl FromSql for Moment {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let micros = value.as_i64()?;
        Timestamp::from_microsecond(micros).map(Self).map_err(|_| FromSqlError::OutOfRange(micros))
    }
}

/// An id as a column: its 16 bytes.
pub(crate) fn id_bytes(id: Uuid) -> [u8; 16] {
    id.into_bytes()
}

/// The id in a column.
pub(crate) fn uuid_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}

/// A value as JSON text.
pub(crate) fn to_json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value)
        .map_err(|error| Failure::defect(format!("a record cannot be written as JSON: {error}")))
}

/// A stored JSON text's value; `what` names the record in the error.
pub(crate) fn from_json<T: DeserializeOwned>(json: &str, what: &str) -> Result<T, Failure> {
    serde_json::from_str(json)
        .map_err(|error| Failure::corrupt(format!("{what} that cannot be read: {error}")))
}

/// The actor of a column.
pub(crate) fn actor(json: &str) -> Result<Actor, Failure> {
    from_json(json, "an actor")
}

/// Scopes of one read, each looked up once and shared.
pub(crate) struct Scopes<'conn> {
    conn: &'conn Connection,
    known: HashMap<i64, Arc<Scope>>,
}

impl<'conn> Scopes<'conn> {
    /// None known yet.
    pub(crate) fn new(conn: &'conn Connection) -> Self {
        Self { conn, known: HashMap::new() }
    }

    /// The scope of a row.
    pub(crate) fn get(&mut self, row: i64) -> Result<Arc<Scope>, Failure> {
        if let Some(scope) = self.known.get(&row) {
            return Ok(Arc::clone(scope));
        }
        let sql = "SELECT user, agent, app, run, labels FROM scope JOIN scope_ids ON scope_ids.row = ids \
                   WHERE scope.row = ?1";
        let found = self.conn.prepare_cached(sql)?.query_row([row], |row| {
            let labels: String = row.get(4)?;
            let scope = Scope {
                user: row.get(0)?,
                agent: row.get(1)?,
                app: row.get(2)?,
                run: row.get(3)?,
                ..Scope::default()
            };
            Ok((scope, labels))
        });
        let (mut scope, labels) = found
            .optional()?
            .ok_or_else(|| Failure::corrupt(format!("no scope {row}, which a record names")))?;
        scope.labels = from_json(&labels, "labels")?;
        let scope = Arc::new(scope);
        self.known.insert(row, Arc::clone(&scope));
        Ok(scope)
    }
}

/// The columns of a session, for [`session`].
pub(crate) const SESSION_COLUMNS: &str =
    "id, key, scope, opened_at, last_at, last_recorded_at, message_count, temporary, row";

/// The session of a row of [`SESSION_COLUMNS`].
pub(crate) fn session(row: &Row<'_>, scopes: &mut Scopes<'_>) -> Result<Session, Failure> {
    Ok(Session {
        id: SessionId::from_uuid(uuid_at(row, 0)?),
        key: row.get(1)?,
        scope: (*scopes.get(row.get(2)?)?).clone(),
        opened_at: row.get::<_, Moment>(3)?.0,
        last_at: row.get::<_, Moment>(4)?.0,
        last_recorded_at: row.get::<_, Moment>(5)?.0,
        message_count: row.get(6)?,
        temporary: row.get(7)?,
    })
}

/// The columns of a message without its content, for [`message_head`]; `m` is the message, `s` its session.
pub(crate) const MESSAGE_HEAD_COLUMNS: &str = "m.id, s.id, m.ordinal, m.client_id, m.role, m.author, m.origin, \
                                               m.via, m.scope, m.at, m.zone, m.recorded_at, m.erased";
/// Where the content stands when it is asked for after [`MESSAGE_HEAD_COLUMNS`].
pub(crate) const MESSAGE_PARTS_COLUMN: usize = 13;

/// A message without its content.
pub(crate) fn message_head(row: &Row<'_>, scopes: &mut Scopes<'_>) -> Result<Message, Failure> {
    let zone: Option<String> = row.get(10)?;
    Ok(Message {
        id: MessageId::from_uuid(uuid_at(row, 0)?),
        session: SessionId::from_uuid(uuid_at(row, 1)?),
        ordinal: row.get(2)?,
        client_id: row.get(3)?,
        role: row.get::<_, Coded<_>>(4)?.0,
        author: row.get(5)?,
        origin: row.get::<_, Coded<_>>(6)?.0,
        via: row.get::<_, Coded<_>>(7)?.0,
        scope: (*scopes.get(row.get(8)?)?).clone(),
        parts: Vec::new(),
        at: row.get::<_, Moment>(9)?.0,
        // A name that the zone database has lost since is read as no zone; the moment itself is in UTC.
        zone: zone.and_then(|name| Zone::new(&name).ok()),
        recorded_at: row.get::<_, Moment>(11)?.0,
        erased: row.get(12)?,
    })
}

/// A message with its content, from [`MESSAGE_HEAD_COLUMNS`] and `m.parts`.
pub(crate) fn message(row: &Row<'_>, scopes: &mut Scopes<'_>) -> Result<Message, Failure> {
    let mut message = message_head(row, scopes)?;
    let parts = row.get_ref(MESSAGE_PARTS_COLUMN)?.as_str().map_err(rusqlite::Error::from)?;
    message.parts = from_json(parts, "a message's content")?;
    Ok(message)
}

/// Bits of a place that hold the passage's seq; the segment's row stands above them.
const SEQ_BITS: u32 = 40;

/// Where a passage of a segment stands in the table.
pub(crate) fn place(segment: i64, seq: u64) -> i64 {
    debug_assert!(seq < 1 << SEQ_BITS, "a space has fewer than 2^40 passages");
    (segment << SEQ_BITS) | seq.cast_signed()
}

/// The segment and the seq of a place.
pub(crate) fn place_parts(place: i64) -> (i64, u64) {
    (place >> SEQ_BITS, (place & ((1 << SEQ_BITS) - 1)).cast_unsigned())
}

/// The largest number that a segment's row, or a seq, may have.
pub(crate) const SEGMENT_ROW_MAX: i64 = (1 << (63 - SEQ_BITS)) - 1;
/// The largest seq.
pub(crate) const SEQ_MAX: u64 = (1 << SEQ_BITS) - 1;

/// The columns of a passage, for [`Passages::read`].
pub(crate) const PASSAGE_COLUMNS: &str = "place, owner_type, owner, span_start, span_end, session, ordinal, role, \
                                          kind, speaker, origin, scope, at, recorded_at, retired_at, source_hash, \
                                          terms, embedder, vector, cues";

/// Reads passages; what many of them share (scopes, speakers, embedders) is made once.
pub(crate) struct Passages<'conn> {
    scopes: Scopes<'conn>,
    scope: Option<(i64, Arc<Scope>)>,
    speakers: HashMap<Box<str>, Arc<str>>,
    embedders: HashMap<i64, EmbedderIdentity>,
}

impl<'conn> Passages<'conn> {
    /// Knows the embedders, nothing else yet.
    pub(crate) fn new(conn: &'conn Connection) -> Result<Self, Failure> {
        let mut statement = conn.prepare_cached("SELECT row, identity FROM embedder")?;
        let embedders = statement
            .query_map([], |row| Ok((row.get(0)?, EmbedderIdentity(row.get(1)?))))?
            .collect::<Result<_, _>>()?;
        Ok(Self { scopes: Scopes::new(conn), scope: None, speakers: HashMap::new(), embedders })
    }

    /// The passage of a row of [`PASSAGE_COLUMNS`].
    pub(crate) fn read(&mut self, row: &Row<'_>) -> Result<StoredPassage, Failure> {
        let (_, seq) = place_parts(row.get(0)?);
        let owner_type: i64 = row.get(1)?;
        let owner = owner_of(owner_type, row.get(2)?)
            .ok_or_else(|| Failure::corrupt(format!("passage {seq} with owner type {owner_type}")))?;
        let passage = Passage {
            owner,
            span: Span { start: row.get(3)?, end: row.get(4)? },
            turn: turn(row)?,
            kind: row.get::<_, Option<Coded<_>>>(8)?.map(|coded| coded.0),
            speaker: self.speaker(row)?,
            origin: row.get::<_, Coded<_>>(10)?.0,
            scope: self.scope(row.get(11)?)?,
            at: row.get::<_, Moment>(12)?.0,
            recorded_at: row.get::<_, Moment>(13)?.0,
            retired_at: row.get::<_, Option<Moment>>(14)?.map(|moment| moment.0),
            terms: terms_of(blob(row, 16)?),
            cues: Cues(row.get(19)?),
            source_hash: row.get::<_, i64>(15)?.cast_unsigned(),
            vector: self.vector(row)?,
        };
        Ok(StoredPassage { seq: PassageSeq(seq), passage })
    }

    fn scope(&mut self, row: i64) -> Result<Arc<Scope>, Failure> {
        // Neighbours mostly share their scope.
        if let Some((known, scope)) = &self.scope
            && *known == row
        {
            return Ok(Arc::clone(scope));
        }
        let scope = self.scopes.get(row)?;
        self.scope = Some((row, Arc::clone(&scope)));
        Ok(scope)
    }

    fn speaker(&mut self, row: &Row<'_>) -> Result<Option<Arc<str>>, Failure> {
        let Some(name) = row.get_ref(9)?.as_str_or_null().map_err(rusqlite::Error::from)? else {
            return Ok(None);
        };
        if let Some(speaker) = self.speakers.get(name) {
            return Ok(Some(Arc::clone(speaker)));
        }
        let speaker: Arc<str> = name.into();
        self.speakers.insert(name.into(), Arc::clone(&speaker));
        Ok(Some(speaker))
    }

    fn vector(&self, row: &Row<'_>) -> Result<Option<(EmbedderIdentity, Vector)>, Failure> {
        let Some(bytes) = row.get_ref(18)?.as_blob_or_null().map_err(rusqlite::Error::from)? else {
            return Ok(None);
        };
        let embedder: i64 = row.get(17)?;
        let identity = self.embedders.get(&embedder).cloned();
        let vector = vector_of(bytes);
        identity
            .zip(vector)
            .map(Some)
            .ok_or_else(|| Failure::corrupt(format!("a vector of embedder {embedder}")))
    }
}

fn turn(row: &Row<'_>) -> Result<Option<Turn>, Failure> {
    let Some(session) = row.get::<_, Option<[u8; 16]>>(5)? else { return Ok(None) };
    let session = SessionId::from_uuid(Uuid::from_bytes(session));
    Ok(Some(Turn { session, ordinal: row.get(6)?, role: row.get::<_, Coded<_>>(7)?.0 }))
}

fn blob<'row>(row: &'row Row<'_>, column: usize) -> rusqlite::Result<&'row [u8]> {
    row.get_ref(column)?.as_blob().map_err(rusqlite::Error::from)
}

/// Term hashes as bytes.
pub(crate) fn terms_bytes(terms: &[TermHash]) -> Vec<u8> {
    terms.iter().flat_map(|term| term.0.to_le_bytes()).collect()
}

fn terms_of(bytes: &[u8]) -> Box<[TermHash]> {
    let (terms, _) = bytes.as_chunks::<4>();
    terms.iter().map(|term| TermHash(u32::from_le_bytes(*term))).collect()
}

/// A vector as bytes: its scale, then its components.
pub(crate) fn vector_bytes(vector: &Vector) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(4 + vector.rows.len());
    bytes.extend(vector.scale.to_le_bytes());
    bytes.extend(vector.rows.iter().map(|row| row.cast_unsigned()));
    bytes
}

fn vector_of(bytes: &[u8]) -> Option<Vector> {
    let (scale, rows) = bytes.split_first_chunk::<4>()?;
    let rows = rows.iter().map(|byte| byte.cast_signed()).collect();
    Some(Vector { scale: f32::from_le_bytes(*scale), rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_order_by_segment_then_seq() {
        assert!(place(1, SEQ_MAX) < place(2, 0));
        assert_eq!(place_parts(place(SEGMENT_ROW_MAX, SEQ_MAX)), (SEGMENT_ROW_MAX, SEQ_MAX));
    }

    #[test]
    fn vectors_and_terms_read_back() {
        let vector = Vector { scale: 0.25, rows: vec![-128, -1, 0, 127].into() };
        assert_eq!(vector_of(&vector_bytes(&vector)), Some(vector));
        let terms = [TermHash(0), TermHash(u32::MAX), TermHash(7)];
        assert_eq!(*terms_of(&terms_bytes(&terms)), terms);
    }
}
