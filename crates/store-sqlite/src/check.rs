//! Check: reads everything of a space and tells, in sentences, what is wrong. A rule is a query that finds
//! nothing in a sound file.

mod learned;
mod noted;

use dreamkeeper_domain::candidate::Held;
use dreamkeeper_domain::event::LearnReport;
use dreamkeeper_domain::memory::{Evidence, Memory};
use dreamkeeper_domain::message::{Part, render};
use dreamkeeper_domain::summary::Summary;
use rusqlite::{Connection, OptionalExtension, Row};
use uuid::Uuid;

use crate::error::Failure;
use crate::rows::{from_json, id_bytes};

/// Sentences that one rule gives; a broken file must not fill the screen.
const SENTENCES_PER_RULE: usize = 20;

/// A query that gives the id of each record that breaks a rule.
struct Rule {
    /// What is wrong with the record; `{}` is its id.
    says: &'static str,
    sql: &'static str,
}

const RULES: [Rule; 11] = [
    Rule {
        says: "session {} does not count its messages rightly, or has a gap in their order",
        sql: "SELECT s.id FROM session s LEFT JOIN (SELECT session, count(*) AS n, max(ordinal) AS last \
              FROM message GROUP BY session) m ON m.session = s.row \
              WHERE s.message_count <> coalesce(m.n, 0) OR coalesce(m.last, -1) + 1 <> coalesce(m.n, 0)",
    },
    Rule {
        says: "memory {} has lost a version",
        sql: "SELECT m.id FROM memory m LEFT JOIN (SELECT memory, count(*) AS n, max(number) AS last \
              FROM memory_version GROUP BY memory) v ON v.memory = m.row \
              WHERE m.version <> coalesce(v.n, 0) OR m.version <> coalesce(v.last, 0)",
    },
    Rule {
        says: "memory {} differs from its latest version",
        sql: "SELECT m.id FROM memory m JOIN memory_version v ON v.memory = m.row AND v.number = m.version \
              WHERE v.content <> m.content OR (v.content IS NULL) <> (m.status = 4)",
    },
    Rule {
        says: "memory {} is erased, but a version of it still has content",
        sql: "SELECT m.id FROM memory m WHERE m.status = 4 AND EXISTS \
              (SELECT 1 FROM memory_version v WHERE v.memory = m.row AND v.content IS NOT NULL)",
    },
    Rule {
        says: "message {} does not have the passages that it counts",
        sql: "SELECT m.id FROM message m WHERE m.passage_to - m.passage_from <> (SELECT count(*) FROM passage p \
              WHERE p.place >= (m.segment << 40 | m.passage_from) AND p.place < (m.segment << 40 | m.passage_to) \
              AND p.owner = m.id AND p.owner_type = 0)",
    },
    Rule {
        says: "memory {} does not have the passages that it counts",
        sql: "SELECT m.id FROM memory m WHERE m.passage_to - m.passage_from <> (SELECT count(*) FROM passage p \
              WHERE p.place >= (m.segment << 40 | m.passage_from) AND p.place < (m.segment << 40 | m.passage_to) \
              AND p.owner = m.id AND p.owner_type = 1)",
    },
    Rule {
        says: "a passage belongs to {}, which does not exist or is erased",
        sql: "SELECT p.owner FROM passage p LEFT JOIN message s ON p.owner_type = 0 AND s.id = p.owner \
              LEFT JOIN memory m ON p.owner_type = 1 AND m.id = p.owner \
              LEFT JOIN topic t ON p.owner_type = 2 AND t.id = p.owner \
              WHERE coalesce(1 - s.erased, m.status <> 4, t.row IS NOT NULL, 0) = 0",
    },
    Rule {
        says: "a passage of {} stands at a place that does not fit its number, or was not given yet",
        sql: "SELECT owner FROM passage WHERE place & 0xFFFFFFFFFF <> seq \
              OR seq >= (SELECT value FROM meta WHERE name = 'passage_seq_next')",
    },
    Rule {
        says: "a passage of {} has a vector without an embedder, or an embedder without a vector",
        sql: "SELECT owner FROM passage WHERE (vector IS NULL) <> (embedder = 0) \
              OR (embedder <> 0 AND embedder NOT IN (SELECT row FROM embedder))",
    },
    Rule {
        says: "receipt {} is not found by what it quotes",
        sql: "SELECT r.id FROM receipt r WHERE json_array_length(r.content, '$.items') > 0 \
              AND NOT EXISTS (SELECT 1 FROM receipt_subject s WHERE s.receipt = r.row)",
    },
    Rule {
        says: "memory {} rests on a message that erasing would not lead back to it",
        sql: "SELECT m.id FROM memory m, json_each(m.content, '$.evidence') e WHERE NOT EXISTS \
              (SELECT 1 FROM evidence WHERE memory = m.row) AND json_extract(e.value, '$.quote') <> ''",
    },
];

/// What is wrong; empty when nothing is.
pub(crate) fn check(conn: &Connection) -> Result<Vec<String>, Failure> {
    let mut wrong = integrity(conn)?;
    if !wrong.is_empty() {
        // What follows would only tell the same damage again, less clearly.
        return Ok(wrong);
    }
    for rule in RULES.iter().chain(&learned::RULES).chain(&noted::RULES) {
        wrong.extend(broken(conn, rule)?);
    }
    wrong.extend(state_versions(conn)?);
    wrong.extend(counters(conn)?);
    wrong.extend(unreadable(conn)?);
    wrong.extend(evidence(conn)?);
    wrong.extend(learned::wrong(conn)?);
    wrong.extend(noted::wrong(conn)?);
    Ok(wrong)
}

fn integrity(conn: &Connection) -> Result<Vec<String>, Failure> {
    let mut statement = conn.prepare("PRAGMA integrity_check(20)")?;
    let lines: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut wrong: Vec<String> = lines
        .into_iter()
        .filter(|line| line != "ok")
        .map(|line| format!("the file is damaged: {line}"))
        .collect();
    let mut statement =
        conn.prepare("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT 20")?;
    let lost = statement.query_map([], |row| {
        let (table, row, parent): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(format!("row {} of {table} names a {parent} that does not exist", row.unwrap_or_default()))
    })?;
    for sentence in lost {
        wrong.push(sentence?);
    }
    Ok(wrong)
}

fn broken(conn: &Connection, rule: &Rule) -> Result<Vec<String>, Failure> {
    let mut statement = conn.prepare(rule.sql)?;
    let ids = statement.query_map([], |row| row.get::<_, [u8; 16]>(0))?;
    ids.take(SENTENCES_PER_RULE)
        .map(|id| Ok(rule.says.replace("{}", &Uuid::from_bytes(id?).to_string())))
        .collect()
}

fn state_versions(conn: &Connection) -> Result<Vec<String>, Failure> {
    let mut statement = conn.prepare(
        "SELECT s.key FROM state s LEFT JOIN (SELECT state, count(*) AS n, max(number) AS last FROM state_version \
         GROUP BY state) v ON v.state = s.row \
         WHERE s.version <> coalesce(v.n, 0) OR s.version <> coalesce(v.last, 0) LIMIT 20",
    )?;
    let keys = statement.query_map([], |row| row.get::<_, String>(0))?;
    keys.map(|key| Ok(format!("state key `{}` has lost a version", key?))).collect()
}

fn counters(conn: &Connection) -> Result<Vec<String>, Failure> {
    let mut statement = conn.prepare(
        "SELECT g.key, g.passage_count, (SELECT count(*) FROM passage WHERE place >= g.row << 40 \
         AND place < (g.row + 1) << 40) AS n FROM segment g WHERE g.passage_count <> n LIMIT 20",
    )?;
    let wrong = statement.query_map([], |row| {
        let (key, counted, there): (String, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(format!("segment {key} counts {counted} passages and has {there}"))
    })?;
    let mut wrong: Vec<String> = wrong.collect::<Result<_, _>>()?;
    let gap: bool = conn.query_row(
        "SELECT count(*) <> coalesce(max(number) - min(number) + 1, 0) FROM audit",
        [],
        |row| row.get(0),
    )?;
    if gap {
        wrong.push("the audit has a gap in its numbers".to_owned());
    }
    Ok(wrong)
}

/// Records whose JSON does not read as what it should be.
fn unreadable(conn: &Connection) -> Result<Vec<String>, Failure> {
    type Reads = fn(&str) -> bool;
    fn reads<T: serde::de::DeserializeOwned>(json: &str) -> bool {
        serde_json::from_str::<T>(json).is_ok()
    }
    let contents: [(&str, &str, Reads); 10] = [
        ("message", "SELECT row, parts FROM message", reads::<Vec<Part>>),
        ("memory", "SELECT row, content FROM memory", reads::<Memory>),
        ("version", "SELECT row, content FROM memory_version WHERE content IS NOT NULL", reads::<Memory>),
        ("receipt", "SELECT row, content FROM receipt", reads::<dreamkeeper_domain::receipt::Receipt>),
        ("state value", "SELECT row, value FROM state WHERE value IS NOT NULL", reads::<serde_json::Value>),
        ("event", "SELECT row, work FROM event", reads::<crate::apply::queue::Work>),
        ("event's report", "SELECT row, report FROM event", reads::<LearnReport>),
        ("held candidate", "SELECT row, content FROM held", reads::<Held>),
        ("summary", "SELECT session, content FROM summary", reads::<Summary>),
        ("audit entry", "SELECT number, writes FROM audit", reads::<Vec<String>>),
    ];
    let mut wrong = Vec::new();
    for (what, sql, readable) in contents {
        let mut statement = conn.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if !row.get_ref(1)?.as_str().is_ok_and(readable) {
                wrong.push(format!("the {what} in row {} cannot be read", row.get::<_, i64>(0)?));
            }
        }
    }
    Ok(wrong)
}

/// Quotes must be what their messages say at that place.
fn evidence(conn: &Connection) -> Result<Vec<String>, Failure> {
    let mut statement = conn
        .prepare("SELECT content FROM memory WHERE row IN (SELECT memory FROM evidence) AND status <> 4")?;
    let mut rows = statement.query([])?;
    let mut wrong = Vec::new();
    while let Some(row) = rows.next()? {
        let memory = memory_of(row)?;
        for evidence in &memory.evidence {
            if let Some(what) = wrong_quote(conn, evidence)? {
                wrong.push(format!("memory {} quotes message {}, {what}", memory.id, evidence.message));
            }
        }
    }
    Ok(wrong)
}

fn memory_of(row: &Row<'_>) -> Result<Memory, Failure> {
    from_json(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?, "a memory")
}

fn wrong_quote(conn: &Connection, evidence: &Evidence) -> Result<Option<&'static str>, Failure> {
    let found: Option<(bool, String)> = conn
        .prepare_cached("SELECT erased, parts FROM message WHERE id = ?1")?
        .query_row([id_bytes(evidence.message.as_uuid())], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((erased, parts)) = found else { return Ok(Some("which does not exist")) };
    if erased {
        return Ok((!evidence.quote.is_empty()).then_some("which was erased"));
    }
    let text = render(&from_json::<Vec<Part>>(&parts, "a message's content")?);
    let said = evidence.span.of(&text);
    Ok((said != Some(evidence.quote.as_str())).then_some("which does not say that there"))
}
