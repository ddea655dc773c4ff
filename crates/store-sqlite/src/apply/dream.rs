//! Dreams, what they propose, and schedules.

use dreamkeeper_domain::changeset::{ApplyError, Expected, Outcome};
use dreamkeeper_domain::dream::{Dream, DreamSchedule, ProposedChange};
use dreamkeeper_domain::id::{DreamId, MemoryId, MessageId, TopicId};
use rusqlite::{OptionalExtension, params};

use super::{Applying, check_expected, memory_subject, message_subject, not_found};
use crate::codes::Coded;
use crate::error::Failure;
use crate::rows::{Moment, from_json, id_bytes, to_json, uuid_at};

impl Applying<'_> {
    pub(super) fn put_dream(&mut self, dream: &Dream, expected: Expected) -> Result<Outcome, Failure> {
        let id = id_bytes(dream.id.as_uuid());
        let sql = "SELECT row, version FROM dream WHERE id = ?1";
        let there: Option<(i64, u32)> = self
            .conn
            .prepare_cached(sql)?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let found = there.map_or(0, |(_, version)| version);
        check_expected(expected, found, || record(dream.id))?;
        let target = dream.target.key();
        if dream.holds_target {
            let sql = "SELECT id FROM dream WHERE target = ?1 AND holds = 1 AND id <> ?2";
            let other = self
                .conn
                .prepare_cached(sql)?
                .query_row(params![target, id], |row| uuid_at(row, 0))
                .optional()?;
            if let Some(other) = other {
                return Err(ApplyError::TargetHeld(DreamId::from_uuid(other)).into());
            }
        }
        let version = found + 1;
        let sql = "INSERT INTO dream (id, version, target, status, holds, lease_until, created_at, archived_at, \
                   content) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (id) DO UPDATE SET \
                   version = ?2, target = ?3, status = ?4, holds = ?5, lease_until = ?6, created_at = ?7, archived_at = ?8, \
                   content = ?9";
        self.conn.prepare_cached(sql)?.execute(params![
            id,
            version,
            target,
            Coded(dream.status),
            dream.holds_target,
            dream.lease.as_ref().map(|(_, until)| Moment(*until)),
            Moment(dream.created_at),
            dream.archived_at.map(Moment),
            to_json(&Dream { version, ..dream.clone() })?,
        ])?;
        let row = there.map_or_else(|| self.conn.last_insert_rowid(), |(row, _)| row);
        self.conn.prepare_cached("DELETE FROM dream_session WHERE dream = ?1")?.execute([row])?;
        let mut statement = self
            .conn
            .prepare_cached("INSERT OR IGNORE INTO dream_session (session, dream) VALUES (?1, ?2)")?;
        for session in &dream.sessions {
            statement.execute(params![id_bytes(session.as_uuid()), row])?;
        }
        Ok(Outcome::Versioned { version })
    }

    pub(super) fn put_proposed_changes(
        &mut self,
        dream: DreamId,
        changes: &[ProposedChange],
    ) -> Result<Outcome, Failure> {
        let row = self.dream_row(dream)?;
        for change in changes {
            let mut change = ProposedChange { dream, ..change.clone() };
            // Its sources may have been erased while it was made.
            for id in change.messages() {
                if self.is_message_erased(id)? {
                    change.erase_message(id);
                }
            }
            if self.is_source_gone(&change)? {
                change.empty();
            }
            self.write_change(row, &change)?;
        }
        Ok(Outcome::Done)
    }

    pub(super) fn purge_dream(&mut self, id: DreamId) -> Result<Outcome, Failure> {
        let row = self.dream_row(id)?;
        self.erased = true;
        // What belongs to it goes with it.
        self.conn.prepare_cached("DELETE FROM dream WHERE row = ?1")?.execute([row])?;
        Ok(Outcome::Erased { passage_count: 0 })
    }

    pub(super) fn put_dream_schedule(
        &mut self,
        schedule: &DreamSchedule,
        expected: Expected,
    ) -> Result<Outcome, Failure> {
        let found: Option<u32> = self
            .conn
            .prepare_cached("SELECT version FROM dream_schedule WHERE name = ?1")?
            .query_row([&schedule.name], |row| row.get(0))
            .optional()?;
        check_expected(expected, found.unwrap_or(0), || format!("schedule `{}`", schedule.name))?;
        let version = found.unwrap_or(0) + 1;
        let content = to_json(&DreamSchedule { version, ..schedule.clone() })?;
        self.conn
            .prepare_cached(
                "INSERT INTO dream_schedule (name, version, content) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (name) DO UPDATE SET version = ?2, content = ?3",
            )?
            .execute(params![schedule.name, version, content])?;
        Ok(Outcome::Versioned { version })
    }

    pub(super) fn remove_dream_schedule(&self, name: &str) -> Result<Outcome, Failure> {
        self.conn.prepare_cached("DELETE FROM dream_schedule WHERE name = ?1")?.execute([name])?;
        Ok(Outcome::Done)
    }

    pub(super) fn erase_message_in_changes(&self, id: MessageId) -> Result<(), Failure> {
        self.rewrite_changes(&message_subject(id), |change| change.erase_message(id))
    }

    pub(super) fn empty_changes_of_memory(&self, id: MemoryId) -> Result<(), Failure> {
        self.rewrite_changes(&memory_subject(id), ProposedChange::empty)
    }

    pub(super) fn empty_changes_of_topic(
        &self,
        id: TopicId,
        is_gone: impl Fn(&ProposedChange) -> bool,
    ) -> Result<(), Failure> {
        self.rewrite_changes(&topic_subject(id), |change| {
            if is_gone(change) {
                change.empty();
            }
        })
    }

    fn rewrite_changes(&self, subject: &[u8], erase: impl Fn(&mut ProposedChange)) -> Result<(), Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT row, content FROM proposed_change_subject JOIN proposed_change ON row = change \
             WHERE subject = ?1",
        )?;
        let found: Vec<(i64, String)> = statement
            .query_map([subject], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        for (row, content) in found {
            let mut change: ProposedChange = from_json(&content, "a proposed change")?;
            erase(&mut change);
            self.conn
                .prepare_cached("UPDATE proposed_change SET content = ?2 WHERE row = ?1")?
                .execute(params![row, to_json(&change)?])?;
        }
        Ok(())
    }

    fn write_change(&self, dream: i64, change: &ProposedChange) -> Result<(), Failure> {
        self.conn
            .prepare_cached("DELETE FROM proposed_change WHERE dream = ?1 AND number = ?2")?
            .execute(params![dream, change.number])?;
        self.conn
            .prepare_cached("INSERT INTO proposed_change (dream, number, content) VALUES (?1, ?2, ?3)")?
            .execute(params![dream, change.number, to_json(change)?])?;
        let row = self.conn.last_insert_rowid();
        let mut statement = self.conn.prepare_cached(
            "INSERT OR IGNORE INTO proposed_change_subject (subject, change) VALUES (?1, ?2)",
        )?;
        let messages = change.messages().into_iter().map(message_subject);
        let memories = change.memories().into_iter().map(memory_subject);
        let topics = change.topics().into_keys().map(topic_subject);
        for subject in messages.chain(memories).chain(topics) {
            statement.execute(params![subject, row])?;
        }
        Ok(())
    }

    fn is_source_gone(&self, change: &ProposedChange) -> Result<bool, Failure> {
        for memory in change.memories() {
            if self.is_memory_erased(memory)? {
                return Ok(true);
            }
        }
        for (topic, number) in change.topics() {
            let Some(number) = number else { continue };
            let sql = "SELECT v.redacted_at IS NULL FROM topic t LEFT JOIN topic_version v ON v.topic = t.row \
                       AND v.number = ?2 WHERE t.id = ?1";
            let parameters = params![id_bytes(topic.as_uuid()), number];
            let is_there: Option<bool> =
                self.conn.prepare_cached(sql)?.query_row(parameters, |row| row.get(0)).optional()?;
            if is_there != Some(true) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn dream_row(&self, id: DreamId) -> Result<i64, Failure> {
        let found = self
            .conn
            .prepare_cached("SELECT row FROM dream WHERE id = ?1")?
            .query_row([id_bytes(id.as_uuid())], |row| row.get(0))
            .optional()?;
        found.ok_or_else(|| not_found(record(id)))
    }
}

fn topic_subject(id: TopicId) -> Vec<u8> {
    [&[3][..], &id_bytes(id.as_uuid())].concat()
}

fn record(id: DreamId) -> String {
    format!("dream {id}")
}
