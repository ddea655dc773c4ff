//! Mending: passages are derived, so that lost or damaged ones can be put in place of what is there. Messages
//! and memories themselves are only read here; what moves is where their passages stand.

use dreamkeeper_domain::changeset::Outcome;
use dreamkeeper_domain::id::{MemoryId, MessageId, SessionId, TopicId};
use dreamkeeper_domain::memory::Status;
use dreamkeeper_domain::passage::{Owner, Passage};
use rusqlite::{OptionalExtension, params};

use super::Applying;
use super::passages::{NEXT_SEQ, Places, Standing};
use crate::codes::{Coded, owner_columns};
use crate::error::Failure;
use crate::read::holdings::STRAYS;
use crate::rows::{SEQ_MAX, id_bytes, place, uuid_at};

impl Applying<'_> {
    /// Puts passages that were cut anew in place of those that an owner, or one version of it, brought.
    pub(super) fn mend_passages(
        &mut self,
        owner: Owner,
        (version, seen): (u32, u32),
        passages: &[Passage],
    ) -> Result<Outcome, Failure> {
        match owner {
            Owner::Message(id) => self.mend_message(id, passages)?,
            Owner::Memory(id) => self.mend_memory(id, (version, seen), passages)?,
            Owner::Topic(id) => self.mend_topic(id, (version, seen), passages)?,
        }
        Ok(Outcome::Done)
    }

    fn mend_message(&mut self, id: MessageId, passages: &[Passage]) -> Result<(), Failure> {
        let sql = "SELECT m.row, m.segment, m.passage_from, m.passage_to, s.id, m.ordinal FROM message m \
                   JOIN session s ON s.row = m.session WHERE m.id = ?1 AND m.erased = 0";
        let found: Option<(i64, Places, Standing)> = self
            .conn
            .prepare_cached(sql)?
            .query_row([id_bytes(id.as_uuid())], |row| {
                let places = Places { segment: row.get(1)?, from: row.get(2)?, to: row.get(3)? };
                let session = SessionId::from_uuid(uuid_at(row, 4)?);
                Ok((row.get(0)?, places, Standing::Turn { session, ordinal: row.get(5)? }))
            })
            .optional()?;
        let Some((row, old, standing)) = found else { return Ok(()) };
        let new = self.replace(Owner::Message(id), old, (passages, standing))?;
        self.conn
            .prepare_cached(
                "UPDATE message SET segment = ?2, passage_from = ?3, passage_to = ?4 WHERE row = ?1",
            )?
            .execute(params![row, new.segment, new.from, new.to])?;
        Ok(())
    }

    fn mend_memory(
        &mut self,
        id: MemoryId,
        (version, seen): (u32, u32),
        passages: &[Passage],
    ) -> Result<(), Failure> {
        let sql = "SELECT v.row, v.segment, v.passage_from, v.passage_to, m.row FROM memory m \
                   JOIN memory_version v ON v.memory = m.row \
                   WHERE m.id = ?1 AND m.version = ?2 AND m.status <> ?3 AND v.number = ?4";
        let parameters = params![id_bytes(id.as_uuid()), seen, Coded(Status::Erased), version];
        let found: Option<(i64, Places, i64)> = self
            .conn
            .prepare_cached(sql)?
            .query_row(parameters, |row| {
                let places = Places { segment: row.get(1)?, from: row.get(2)?, to: row.get(3)? };
                Ok((row.get(0)?, places, row.get(4)?))
            })
            .optional()?;
        let Some((row, old, memory)) = found else { return Ok(()) };
        let new = self.replace(Owner::Memory(id), old, (passages, Standing::Alone))?;
        self.conn
            .prepare_cached(
                "UPDATE memory_version SET segment = ?2, passage_from = ?3, passage_to = ?4 WHERE row = ?1",
            )?
            .execute(params![row, new.segment, new.from, new.to])?;
        self.conn.prepare_cached(&format!("{CURRENT_PLACES} WHERE row = ?1"))?.execute([memory])?;
        Ok(())
    }

    fn mend_topic(
        &mut self,
        id: TopicId,
        (version, seen): (u32, u32),
        passages: &[Passage],
    ) -> Result<(), Failure> {
        let sql = "SELECT v.row, v.segment, v.passage_from, v.passage_to FROM topic t \
                   JOIN topic_version v ON v.topic = t.row \
                   WHERE t.id = ?1 AND t.number = ?2 AND v.number = ?3 AND v.content IS NOT NULL";
        let found: Option<(i64, Places)> = self
            .conn
            .prepare_cached(sql)?
            .query_row(params![id_bytes(id.as_uuid()), seen, version], |row| {
                Ok((row.get(0)?, Places { segment: row.get(1)?, from: row.get(2)?, to: row.get(3)? }))
            })
            .optional()?;
        let Some((row, old)) = found else { return Ok(()) };
        let new = self.replace(Owner::Topic(id), old, (passages, Standing::Alone))?;
        self.conn
            .prepare_cached(
                "UPDATE topic_version SET segment = ?2, passage_from = ?3, passage_to = ?4 WHERE row = ?1",
            )?
            .execute(params![row, new.segment, new.from, new.to])?;
        Ok(())
    }

    /// Removes what the owner has at its old places and inserts the new passages at new ones.
    fn replace(
        &mut self,
        owner: Owner,
        old: Places,
        (passages, standing): (&[Passage], Standing),
    ) -> Result<Places, Failure> {
        let (owner_type, id) = owner_columns(owner);
        // Old places that are damaged too may reach into another owner's.
        let (from, to) = (old.from.min(SEQ_MAX), old.to.min(SEQ_MAX));
        let count = self
            .conn
            .prepare_cached(
                "DELETE FROM passage WHERE place >= ?1 AND place < ?2 AND owner_type = ?3 AND owner = ?4",
            )?
            .execute(params![place(old.segment, from), place(old.segment, to), owner_type, id])?;
        self.count_passages(old.segment, -(count as i64));
        match passages.first() {
            Some(first) => self.insert_passages(&first.scope, passages, standing),
            None => Ok(Places { from: 0, to: 0, ..old }),
        }
    }

    /// Removes stray passages and sets right every counter of passages.
    pub(super) fn sweep_passages(&self) -> Result<Outcome, Failure> {
        self.conn.execute(&format!("DELETE FROM passage WHERE place IN ({STRAYS})"), [])?;
        self.conn.execute(
            "UPDATE segment SET passage_count = (SELECT count(*) FROM passage \
             WHERE place >= segment.row << 40 AND place < (segment.row + 1) << 40)",
            [],
        )?;
        self.conn.execute(
            "UPDATE meta SET value = (SELECT coalesce(max(seq), 0) + 1 FROM passage) \
             WHERE name = ?1 AND value <= (SELECT coalesce(max(seq), 0) FROM passage)",
            [NEXT_SEQ],
        )?;
        let astray = crate::read::holdings::MEMORIES_ASTRAY;
        self.conn.execute(&format!("{CURRENT_PLACES} WHERE row IN ({astray})"), [])?;
        Ok(Outcome::Done)
    }
}

/// A memory's current passages are those that its latest version with passages brought.
const CURRENT_PLACES: &str = "UPDATE memory SET (segment, passage_from, passage_to) = \
                              (SELECT v.segment, v.passage_from, v.passage_to FROM memory_version v \
                              WHERE v.memory = memory.row ORDER BY v.passage_from < v.passage_to DESC, \
                              v.number DESC LIMIT 1)";
