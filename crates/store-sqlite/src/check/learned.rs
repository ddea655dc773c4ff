//! What `check` asks of the learning records.

use dreamkeeper_domain::detail::normalised;
use dreamkeeper_domain::memory::{Memory, Status};
use rusqlite::Connection;

use super::{Rule, SENTENCES_PER_RULE};
use crate::apply::said::text_hash;
use crate::error::Failure;
use crate::rows::from_json;

pub(super) const RULES: [Rule; 4] = [
    Rule {
        says: "event {} cannot be taken up, or could be out of turn",
        sql: "SELECT e.id FROM event e WHERE e.first <> (e.state = 0 AND NOT EXISTS (SELECT 1 FROM event o \
              WHERE o.session = e.session AND o.state < 2 AND (o.state = 1 OR o.row < e.row)))",
    },
    Rule {
        says: "event {} is held by no worker though it runs, or by one though it does not",
        sql: "SELECT id FROM event WHERE (state = 1) <> (worker IS NOT NULL AND lease_until IS NOT NULL)",
    },
    Rule {
        says: "held candidate {} is listed under another status than its own",
        sql: "SELECT id FROM held WHERE json_extract(content, '$.status') <> \
              CASE status WHEN 0 THEN 'waiting' WHEN 1 THEN 'released' ELSE 'rejected' END",
    },
    Rule {
        says: "memory {} is erased, but how it fared or what it said is still kept",
        sql: "SELECT m.id FROM memory m WHERE m.status = 4 AND (EXISTS (SELECT 1 FROM usefulness u \
              WHERE u.memory = m.row) OR EXISTS (SELECT 1 FROM memory_said d WHERE d.memory = m.row) \
              OR EXISTS (SELECT 1 FROM memory_name n WHERE n.memory = m.row) \
              OR EXISTS (SELECT 1 FROM served_sentence s WHERE s.memory = m.id))",
    },
];

/// Counters that do not fit, and memories that are not found by what they say.
pub(super) fn wrong(conn: &Connection) -> Result<Vec<String>, Failure> {
    let mut wrong = Vec::new();
    let miscounted: bool = conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM event_count c WHERE c.count <> (SELECT count(*) FROM event e \
         WHERE e.state = c.state))",
        [],
        |row| row.get(0),
    )?;
    if miscounted {
        wrong.push("the queue does not count its events rightly".to_owned());
    }
    let mut statement = conn.prepare(
        "SELECT content, d.memory, d.slot, d.text_hash FROM memory m LEFT JOIN memory_said d ON d.memory = m.row",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let memory: Memory = from_json(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, "a memory")?;
        let there = (row.get::<_, Option<i64>>(1)?.is_some(), row.get(2)?, row.get(3)?);
        if there != said(&memory) && wrong.len() < SENTENCES_PER_RULE {
            wrong.push(format!("memory {} is not found by what it says", memory.id));
        }
    }
    Ok(wrong)
}

/// Whether a memory is to be found by what it says, and by what.
fn said(memory: &Memory) -> (bool, Option<String>, Option<i64>) {
    let is_active = memory.status == Status::Active;
    if !is_active && memory.status != Status::Superseded {
        return (false, None, None);
    }
    let slot = memory.detail.slot.as_ref().map(dreamkeeper_domain::detail::Slot::key);
    (true, slot, is_active.then(|| text_hash(&normalised(&memory.text))))
}
