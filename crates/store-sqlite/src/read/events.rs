//! Events: by id, lists, and how full the queue is.

use dreamkeeper_domain::candidate::HeldStatus;
use dreamkeeper_domain::changeset::{Outdated, Pruned};
use dreamkeeper_domain::event::{EventState, LearnEvent, Lease, QueueStats, Spending};
use dreamkeeper_domain::id::{EventId, SessionId};
use dreamkeeper_domain::ports::{EventQuery, Page};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use uuid::Uuid;

use super::Cursor;
use super::scopes::Covered;
use crate::apply::queue::Work;
use crate::codes::{Code, Coded};
use crate::error::Failure;
use crate::rows::{Moment, Scopes, from_json, id_bytes, uuid_at};

const SELECT: &str = "SELECT e.id, s.id, e.scope, e.created_at, e.state, e.attempts, e.due_at, e.worker, \
                      e.lease_until, e.settled_at, e.error, e.work, e.report \
                      FROM event e LEFT JOIN session s ON s.row = e.session";

fn event(row: &Row<'_>, scopes: &mut Scopes<'_>) -> Result<LearnEvent, Failure> {
    let session: Option<[u8; 16]> = row.get(1)?;
    let worker: Option<String> = row.get(7)?;
    let until: Option<Moment> = row.get(8)?;
    let work: Work = from_json(row.get_ref(11)?.as_str().map_err(rusqlite::Error::from)?, "an event's work")?;
    let report = row.get_ref(12)?.as_str().map_err(rusqlite::Error::from)?;
    Ok(LearnEvent {
        id: EventId::from_uuid(uuid_at(row, 0)?),
        scope: (*scopes.get(row.get(2)?)?).clone(),
        session: session.map(|id| SessionId::from_uuid(Uuid::from_bytes(id))),
        messages: work.messages,
        proposals: work.proposals,
        created_at: row.get::<_, Moment>(3)?.0,
        state: row.get::<_, Coded<EventState>>(4)?.0,
        attempts: row.get(5)?,
        due_at: row.get::<_, Moment>(6)?.0,
        lease: worker.zip(until).map(|(worker, until)| Lease { worker, until: until.0 }),
        settled_at: row.get::<_, Option<Moment>>(9)?.map(|moment| moment.0),
        report: from_json(report, "an event's report")?,
        error: row.get(10)?,
    })
}

/// The events with these ids.
pub(crate) fn by_ids(conn: &Connection, ids: &[EventId]) -> Result<Vec<LearnEvent>, Failure> {
    let mut statement = conn.prepare_cached(&format!("{SELECT} WHERE e.id = ?1"))?;
    let mut scopes = Scopes::new(conn);
    let mut events = Vec::with_capacity(ids.len());
    for id in ids {
        let mut rows = statement.query([id_bytes(id.as_uuid())])?;
        if let Some(row) = rows.next()? {
            events.push(event(row, &mut scopes)?);
        }
    }
    Ok(events)
}

/// A page of events, newest first.
pub(crate) fn list(conn: &Connection, query: &EventQuery) -> Result<Page<LearnEvent>, Failure> {
    let Cursor { at, id } = Cursor::of(query.after.as_deref())?;
    let (test, parameter) = match query.session {
        None => Covered::by(conn, &query.scope)?.test(),
        Some(session) => match session_row(conn, session)? {
            Some(row) => ("session = CAST(?1 AS INTEGER)", row.to_string()),
            None => return Ok(Page { items: Vec::new(), next: None }),
        },
    };
    // The page is chosen by index alone; only what it serves is read.
    let sql = format!(
        "SELECT row FROM event WHERE {test} AND (created_at, id) < (?2, ?3) AND (1 << state) & ?4 \
         ORDER BY created_at DESC, id DESC"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params![parameter, at, id, state_bits(&query.states)])?;
    let mut read = conn.prepare_cached(&format!("{SELECT} WHERE e.row = ?1"))?;
    let mut scopes = Scopes::new(conn);
    let mut page = Page { items: Vec::new(), next: None };
    let mut last = None;
    while let Some(row) = rows.next()? {
        let mut found = read.query([row.get::<_, i64>(0)?])?;
        let found = found.next()?.ok_or_else(|| Failure::corrupt("an index of events that names none"))?;
        let found = event(found, &mut scopes)?;
        if !query.scope.covers(&found.scope) {
            continue;
        }
        if page.items.len() == query.limit {
            page.next = last;
            break;
        }
        last = Some(Cursor::at(found.created_at, found.id.as_uuid()));
        page.items.push(found);
    }
    Ok(page)
}

fn session_row(conn: &Connection, id: SessionId) -> Result<Option<i64>, Failure> {
    let mut statement = conn.prepare_cached("SELECT row FROM session WHERE id = ?1")?;
    Ok(statement.query_row([id_bytes(id.as_uuid())], |row| row.get(0)).optional()?)
}

fn state_bits(states: &[EventState]) -> i64 {
    let states = if states.is_empty() { &EventState::ALL[..] } else { states };
    states.iter().fold(0, |bits, state| bits | 1 << state.code())
}

/// How many events wait; those whose lease has run out count too.
pub(crate) fn waiting_count(conn: &Connection, now: Timestamp) -> Result<u64, Failure> {
    Ok(count(conn, EventState::Pending)? + expired_count(conn, now)?)
}

fn count(conn: &Connection, state: EventState) -> Result<u64, Failure> {
    let mut statement = conn.prepare_cached("SELECT count FROM event_count WHERE state = ?1")?;
    Ok(statement.query_row([Coded(state)], |row| row.get(0))?)
}

fn expired_count(conn: &Connection, now: Timestamp) -> Result<u64, Failure> {
    let sql = "SELECT count(*) FROM event WHERE state = 1 AND lease_until <= ?1";
    Ok(conn.prepare_cached(sql)?.query_row([Moment(now)], |row| row.get(0))?)
}

/// How full the queue is.
pub(crate) fn stats(conn: &Connection, now: Timestamp) -> Result<QueueStats, Failure> {
    let expired = expired_count(conn, now)?;
    // Left alone, the planner walks all events in the order of their making.
    let oldest = [
        moment(conn, "SELECT min(created_at) FROM event INDEXED BY event_pending WHERE state = 0", [])?,
        moment(
            conn,
            "SELECT min(created_at) FROM event INDEXED BY event_running WHERE state = 1 AND lease_until <= ?1",
            [Moment(now)],
        )?,
    ];
    let next = [
        moment(conn, "SELECT due_at FROM event WHERE first = 1 ORDER BY due_at LIMIT 1", [])?,
        moment(conn, EXPIRED_FIRST_DUE, [Moment(now)])?,
    ];
    Ok(QueueStats {
        pending_count: count(conn, EventState::Pending)? + expired,
        running_count: count(conn, EventState::Running)?.saturating_sub(expired),
        failed_count: count(conn, EventState::Failed)?,
        oldest_pending_at: oldest.into_iter().flatten().min(),
        next_due_at: next.into_iter().flatten().min(),
    })
}

/// When the first event is due of sessions, and of proposals, whose lease has run out and which no other
/// lease keeps busy.
const EXPIRED_FIRST_DUE: &str = "SELECT min(CASE WHEN session IS NULL THEN due_at ELSE (SELECT due_at FROM event f WHERE f.session = e.session \
     AND f.state < 2 ORDER BY f.row LIMIT 1) END) FROM event e WHERE state = 1 AND lease_until <= ?1 \
     AND NOT EXISTS (SELECT 1 FROM event b WHERE b.session = e.session AND b.state = 1 \
     AND b.lease_until > ?1)";

fn moment(conn: &Connection, sql: &str, params: impl Params) -> Result<Option<Timestamp>, Failure> {
    let found =
        conn.prepare_cached(sql)?.query_row(params, |row| row.get::<_, Option<Moment>>(0)).optional()?;
    Ok(found.flatten().map(|moment| moment.0))
}

/// What models took on a day.
pub(crate) fn spending(conn: &Connection, day: Date) -> Result<Spending, Failure> {
    let mut statement =
        conn.prepare_cached("SELECT calls, tokens, micro_cost FROM spending WHERE day = ?1")?;
    let read =
        |row: &Row<'_>| Ok(Spending { calls: row.get(0)?, tokens: row.get(1)?, micro_cost: row.get(2)? });
    Ok(statement.query_row([day.to_string()], read).optional()?.unwrap_or_default())
}

/// How many events and closed candidates are past their time.
pub(crate) fn outdated(conn: &Connection, old: Outdated) -> Result<Pruned, Failure> {
    let events = "SELECT count(*) FROM event WHERE settled_at < max(?2, ?4) \
                  AND ((state = ?1 AND settled_at < ?2) OR (state = ?3 AND settled_at < ?4))";
    let event_count = conn.prepare_cached(events)?.query_row(
        params![
            Coded(EventState::Succeeded),
            Moment(old.succeeded_before),
            Coded(EventState::Failed),
            Moment(old.failed_before)
        ],
        |row| row.get(0),
    )?;
    let held = "SELECT count(*) FROM held WHERE held_at < ?1 AND status <> ?2";
    let parameters = params![Moment(old.closed_before), Coded(HeldStatus::Waiting)];
    let held_count = conn.prepare_cached(held)?.query_row(parameters, |row| row.get(0))?;
    Ok(Pruned { event_count, held_count })
}
