//! What `check` asks of topics and dreams.

use dreamkeeper_domain::dream::{Dream, DreamSchedule, ProposedChange};
use dreamkeeper_domain::topic::NamedMoment;
use dreamkeeper_domain::topic_store::TopicStore;
use rusqlite::Connection;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Rule, SENTENCES_PER_RULE};
use crate::error::Failure;
use crate::rows::{from_json, uuid_at};

pub(super) const RULES: [Rule; 9] = [
    Rule {
        says: "topic {} has lost a version",
        sql: "SELECT t.id FROM topic t LEFT JOIN (SELECT topic, count(*) AS n, max(number) AS last \
              FROM topic_version GROUP BY topic) v ON v.topic = t.row \
              WHERE t.number <> coalesce(v.n, 0) OR t.number <> coalesce(v.last, 0)",
    },
    Rule {
        says: "topic {} differs from its latest version",
        sql: "SELECT t.id FROM topic t JOIN topic_version v ON v.topic = t.row AND v.number = t.number \
              WHERE (t.path IS NULL) <> (v.operation = 2) \
              OR (t.path IS NOT NULL AND (v.path IS NOT t.path OR v.size IS NOT t.size))",
    },
    Rule {
        says: "topic {} has the path of another live topic of its store",
        sql: "SELECT t.id FROM topic t JOIN topic o ON o.store = t.store AND o.path = t.path AND o.row < t.row",
    },
    Rule {
        says: "version {} is redacted, but still has content",
        sql: "SELECT id FROM topic_version WHERE redacted_at IS NOT NULL \
              AND (content IS NOT NULL OR path IS NOT NULL OR hash IS NOT NULL OR passage_from < passage_to)",
    },
    Rule {
        says: "topic {} does not have the passages that its versions count",
        sql: "SELECT t.id FROM topic_version v JOIN topic t ON t.row = v.topic \
              WHERE v.passage_to - v.passage_from <> (SELECT count(*) FROM passage p \
              WHERE p.place >= (v.segment << 40 | v.passage_from) AND p.place < (v.segment << 40 | v.passage_to) \
              AND p.owner = t.id AND p.owner_type = 2)",
    },
    Rule {
        says: "dream {} is listed under another status or version than its own",
        sql: "SELECT id FROM dream WHERE json_extract(content, '$.version') <> version \
              OR json_extract(content, '$.holds_target') <> holds OR json_extract(content, '$.status') <> CASE status WHEN 0 THEN 'pending' WHEN 1 THEN 'running' \
              WHEN 2 THEN 'completed' WHEN 3 THEN 'failed' ELSE 'canceled' END",
    },
    Rule {
        says: "dream {} is not found by the sessions that it reads",
        sql: "SELECT d.id FROM dream d, json_each(d.content, '$.sessions') e WHERE NOT EXISTS (SELECT 1 \
              FROM dream_session s WHERE s.dream = d.row AND s.session = unhex(replace(e.value, '-', '')))",
    },
    Rule {
        says: "dream {} has a change that rests on what erasing would not lead back to it",
        sql: "SELECT d.id FROM dream d JOIN proposed_change c ON c.dream = d.row WHERE NOT EXISTS (SELECT 1 \
              FROM proposed_change_subject s WHERE s.change = c.row) \
              AND (json_array_length(c.content, '$.effects') > 0 OR json_array_length(c.content, '$.evidence') > 0)",
    },
    Rule {
        says: "version {} stands in another store than its topic",
        sql: "SELECT v.id FROM topic_version v JOIN topic t ON t.row = v.topic WHERE v.store <> t.store",
    },
];

/// Contents that do not fit their hash, and records that cannot be read.
pub(super) fn wrong(conn: &Connection) -> Result<Vec<String>, Failure> {
    let mut wrong = Vec::new();
    let mut statement =
        conn.prepare("SELECT id, hash, size, content FROM topic_version WHERE content IS NOT NULL")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let content = row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?;
        let hash: Option<Vec<u8>> = row.get(1)?;
        let is_whole = hash.is_some_and(|hash| hash == Sha256::digest(content)[..])
            && row.get::<_, Option<usize>>(2)? == Some(content.len());
        if !is_whole && wrong.len() < SENTENCES_PER_RULE {
            wrong.push(format!("version {} of a topic does not fit its hash", uuid_at(row, 0)?));
        }
    }
    wrong.extend(unreadable::<TopicStore>(conn, "SELECT id, content FROM topic_store", "store")?);
    wrong.extend(unreadable::<Dream>(conn, "SELECT id, content FROM dream", "dream")?);
    let changes = "SELECT d.id, c.content FROM proposed_change c JOIN dream d ON d.row = c.dream";
    wrong.extend(unreadable::<ProposedChange>(conn, changes, "a change of dream")?);
    let none = "zeroblob(16)";
    let moments = format!("SELECT {none}, content FROM named_moment");
    wrong.extend(unreadable::<NamedMoment>(conn, &moments, "a named moment beside")?);
    let schedules = format!("SELECT {none}, content FROM dream_schedule");
    wrong.extend(unreadable::<DreamSchedule>(conn, &schedules, "a schedule beside")?);
    Ok(wrong)
}

fn unreadable<T: DeserializeOwned>(conn: &Connection, sql: &str, what: &str) -> Result<Vec<String>, Failure> {
    let mut statement = conn.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((uuid_at(row, 0)?, row.get::<_, String>(1)?)))?;
    let mut wrong = Vec::new();
    for row in rows {
        let (id, content): (Uuid, String) = row?;
        if from_json::<T>(&content, what).is_err() && wrong.len() < SENTENCES_PER_RULE {
            wrong.push(format!("{what} {id} cannot be read"));
        }
    }
    Ok(wrong)
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;
    use crate::migrate::{SPACE, migrate};

    fn a_space() -> Connection {
        let mut conn = Connection::open_in_memory().expect("memory is there");
        migrate(&mut conn, &SPACE, 4).expect("the schema is sound");
        conn.execute_batch(include_str!("../../migrations/fixtures/space_0004.sql")).expect("it fits");
        migrate(&mut conn, &SPACE, SPACE.version()).expect("the schema is sound");
        conn
    }

    #[test]
    fn every_sort_of_damage_is_told() {
        assert_eq!(check(&a_space()).expect("read"), Vec::<String>::new());
        for (damage, told) in [
            ("DELETE FROM topic_version WHERE row = 1", "has lost a version"),
            ("UPDATE topic SET path = '/other.md' WHERE row = 1", "differs from its latest version"),
            ("UPDATE topic SET path = '/tea.md' WHERE row = 2", "has the path of another live topic"),
            ("UPDATE topic_version SET path = '/tea.md' WHERE row = 1", "is redacted, but still has content"),
            ("UPDATE topic_version SET passage_to = 10 WHERE row = 3", "does not have the passages"),
            ("UPDATE dream SET status = 0", "under another status or version"),
            ("UPDATE dream SET holds = 1", "under another status or version"),
            ("DELETE FROM dream_session", "is not found by the sessions that it reads"),
            ("DELETE FROM proposed_change_subject", "rests on what erasing would not lead back"),
            ("UPDATE topic_version SET content = 'x' WHERE row = 3", "does not fit its hash"),
            ("UPDATE dream SET content = json_remove(content, '$.budget')", "cannot be read"),
            ("UPDATE proposed_change SET content = '{}'", "cannot be read"),
            ("UPDATE named_moment SET content = '{}'", "cannot be read"),
            ("UPDATE dream_schedule SET content = '{}'", "cannot be read"),
        ] {
            let conn = a_space();
            conn.execute(damage, []).expect("the damage is done");
            let wrong = check(&conn).expect("read");
            assert!(wrong.iter().any(|sentence| sentence.contains(told)), "{damage}: {wrong:?}");
        }
    }
}
