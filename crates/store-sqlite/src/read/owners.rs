//! Owners: which messages and memories pass a filter over properties that an index does not hold.

use dreamkeeper_domain::filter::Filter;
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::passage::Owner;
use dreamkeeper_domain::scope::Scope;
use jiff::Timestamp;
use rusqlite::{Connection, Rows};

use super::scopes::Covered;
use crate::error::Failure;
use crate::rows::{MESSAGE_HEAD_COLUMNS, Moment, Scopes, from_json, message_head};

/// What is looked for, and among which ids.
struct Search<'query> {
    scope: &'query Scope,
    covered: Covered,
    filter: &'query Filter,
    as_of: Option<Timestamp>,
}

/// Every owner under the scope that passes, now or as recorded at a moment.
pub(crate) fn find(
    conn: &Connection,
    (scope, filter): (&Scope, &Filter),
    as_of: Option<Timestamp>,
) -> Result<Vec<Owner>, Failure> {
    let search = Search { scope, covered: Covered::by(conn, scope)?, filter, as_of };
    let mut owners = Vec::new();
    messages(conn, &search, &mut owners)?;
    match as_of {
        None => memories_now(conn, &search, &mut owners)?,
        Some(moment) => memories_at(conn, &search, (moment, &mut owners))?,
    }
    Ok(owners)
}

fn messages(conn: &Connection, search: &Search<'_>, owners: &mut Vec<Owner>) -> Result<(), Failure> {
    // No filter looks at a message's content, so it is not read. A message's own ids are its session's.
    let (test, ids) = search.covered.test();
    let sql = format!(
        "SELECT {MESSAGE_HEAD_COLUMNS} FROM session s JOIN message m ON m.session = s.row WHERE s.{test}"
    );
    let sql = if search.covered == Covered::All { sql.replace("s.?1", "?1") } else { sql };
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([ids])?;
    let mut scopes = Scopes::new(conn);
    while let Some(row) = rows.next()? {
        let message = message_head(row, &mut scopes)?;
        if search.as_of.is_none_or(|moment| message.recorded_at <= moment)
            && search.scope.covers(&message.scope)
            && search.filter.admits(&message)
        {
            owners.push(Owner::Message(message.id));
        }
    }
    Ok(())
}

fn memories_now(conn: &Connection, search: &Search<'_>, owners: &mut Vec<Owner>) -> Result<(), Failure> {
    let (test, ids) = search.covered.test();
    let mut statement = conn.prepare_cached(&format!("SELECT content FROM memory WHERE {test}"))?;
    admitted(statement.query([ids])?, search, owners)
}

/// A scope may have changed since, so every memory is looked at as it was; of an erased one what is left.
fn memories_at(
    conn: &Connection,
    search: &Search<'_>,
    (moment, owners): (Timestamp, &mut Vec<Owner>),
) -> Result<(), Failure> {
    let mut statement = conn.prepare_cached(
        "SELECT coalesce(v.content, m.content) FROM memory m JOIN memory_version v ON v.memory = m.row \
         WHERE v.number = (SELECT max(number) FROM memory_version WHERE memory = m.row AND at <= ?1)",
    )?;
    admitted(statement.query([Moment(moment)])?, search, owners)
}

fn admitted(mut rows: Rows<'_>, search: &Search<'_>, owners: &mut Vec<Owner>) -> Result<(), Failure> {
    while let Some(row) = rows.next()? {
        let content = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        let memory: Memory = from_json(content, "a memory")?;
        if search.scope.covers(&memory.scope) && search.filter.admits(&memory) {
            owners.push(Owner::Memory(memory.id));
        }
    }
    Ok(())
}
