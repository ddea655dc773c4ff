//! Owners: which messages and memories pass a filter over properties that an index does not hold.

use dreamkeeper_domain::filter::Filter;
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::passage::Owner;
use dreamkeeper_domain::scope::Scope;
use rusqlite::Connection;

use super::scopes::Covered;
use crate::error::Failure;
use crate::rows::{MESSAGE_HEAD_COLUMNS, Scopes, from_json, message_head};

/// Every owner under the scope that passes.
pub(crate) fn find(conn: &Connection, scope: &Scope, filter: &Filter) -> Result<Vec<Owner>, Failure> {
    let covered = Covered::by(conn, scope)?;
    let mut owners = Vec::new();
    messages(conn, (scope, &covered), filter, &mut owners)?;
    memories(conn, (scope, &covered), filter, &mut owners)?;
    Ok(owners)
}

fn messages(
    conn: &Connection,
    (scope, covered): (&Scope, &Covered),
    filter: &Filter,
    owners: &mut Vec<Owner>,
) -> Result<(), Failure> {
    // No filter looks at a message's content, so it is not read. A message's own ids are its session's.
    let (test, ids) = covered.test();
    let sql = format!(
        "SELECT {MESSAGE_HEAD_COLUMNS} FROM session s JOIN message m ON m.session = s.row WHERE s.{test}"
    );
    let sql = if *covered == Covered::All { sql.replace("s.?1", "?1") } else { sql };
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([ids])?;
    let mut scopes = Scopes::new(conn);
    while let Some(row) = rows.next()? {
        let message = message_head(row, &mut scopes)?;
        if scope.covers(&message.scope) && filter.admits(&message) {
            owners.push(Owner::Message(message.id));
        }
    }
    Ok(())
}

fn memories(
    conn: &Connection,
    (scope, covered): (&Scope, &Covered),
    filter: &Filter,
    owners: &mut Vec<Owner>,
) -> Result<(), Failure> {
    let (test, ids) = covered.test();
    let mut statement = conn.prepare_cached(&format!("SELECT content FROM memory WHERE {test}"))?;
    let mut rows = statement.query([ids])?;
    while let Some(row) = rows.next()? {
        let content = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        let memory: Memory = from_json(content, "a memory")?;
        if scope.covers(&memory.scope) && filter.admits(&memory) {
            owners.push(Owner::Memory(memory.id));
        }
    }
    Ok(())
}
