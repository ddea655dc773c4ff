//! Erasing: content goes from every place that holds it; ids, times, actors and operations stay. That no
//! byte stays in the files either is the writer's part (`cleanse`).

use std::collections::BTreeSet;

use dreamkeeper_domain::changeset::Outcome;
use dreamkeeper_domain::detail::Detail;
use dreamkeeper_domain::id::{MemoryId, MessageId};
use dreamkeeper_domain::memory::{Evidence, Memory, Status};
use dreamkeeper_domain::time::Interval;
use dreamkeeper_domain::version::Operation;
use rusqlite::{OptionalExtension, params};

use super::memory::{NewVersion, record};
use super::passages::Places;
use super::{Applying, not_found};
use crate::codes::Coded;
use crate::error::Failure;
use crate::rows::{from_json, id_bytes, to_json};

impl Applying<'_> {
    pub(super) fn erase_memory(&mut self, id: MemoryId, reason: Option<&str>) -> Result<Outcome, Failure> {
        let there = self.memory_there(id)?.ok_or_else(|| not_found(record(id)))?;
        if there.current.status == Status::Erased {
            return Ok(Outcome::Erased { passage_count: 0 });
        }
        self.erased = true;
        let mut passage_count = 0;
        for places in self.passages_of_every_version(there.row)? {
            passage_count += self.remove_passages(places)?;
        }
        // A reason may repeat what it was given for.
        self.conn
            .prepare_cached(
                "UPDATE memory_version SET content = NULL, reason = NULL, pinned = 0 WHERE memory = ?1",
            )?
            .execute([there.row])?;
        self.conn.prepare_cached("DELETE FROM evidence WHERE memory = ?1")?.execute([there.row])?;
        let hollow = self.hollow(there.current);
        let none = Places { from: 0, to: 0, ..there.places };
        self.write_memory(&hollow, &to_json(&hollow)?, (Some(there.row), none))?;
        self.insert_version(&NewVersion {
            memory: there.row,
            number: hollow.version,
            operation: Operation::Erase,
            reason,
            pinned: false,
            brought: none,
            content: None,
        })?;
        self.erase_memory_in_receipts(id)?;
        self.erase_learned_of_memory(id, there.row)?;
        Ok(Outcome::Erased { passage_count })
    }

    fn passages_of_every_version(&self, memory: i64) -> Result<Vec<Places>, Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT segment, passage_from, passage_to FROM memory_version \
             WHERE memory = ?1 AND passage_from < passage_to",
        )?;
        let places = statement
            .query_map([memory], |row| {
                Ok(Places { segment: row.get(0)?, from: row.get(1)?, to: row.get(2)? })
            })?
            .collect::<Result<_, _>>()?;
        Ok(places)
    }

    /// What stays of a memory: where it belongs and when it changed, nothing that it said.
    fn hollow(&self, memory: Memory) -> Memory {
        Memory {
            version: memory.version + 1,
            text: String::new(),
            status: Status::Erased,
            evidence: Vec::new(),
            detail: Detail::default(),
            aliases: Vec::new(),
            categories: BTreeSet::new(),
            metadata: serde_json::Map::new(),
            validity: Interval::default(),
            expires_at: None,
            pinned: false,
            updated_at: self.changes.at,
            ..memory
        }
    }

    pub(super) fn erase_message(&mut self, id: MessageId) -> Result<Outcome, Failure> {
        let found = self
            .conn
            .prepare_cached(
                "SELECT row, erased, segment, passage_from, passage_to FROM message WHERE id = ?1",
            )?
            .query_row([id_bytes(id.as_uuid())], |row| {
                let places = Places { segment: row.get(2)?, from: row.get(3)?, to: row.get(4)? };
                Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?, places))
            })
            .optional()?;
        let (row, erased, places) = found.ok_or_else(|| not_found(format!("message {id}")))?;
        if erased {
            return Ok(Outcome::Erased { passage_count: 0 });
        }
        self.erased = true;
        let passage_count = self.remove_passages(places)?;
        self.conn
            .prepare_cached(
                "UPDATE message SET erased = 1, parts = '[]', passage_from = 0, passage_to = 0 WHERE row = ?1",
            )?
            .execute([row])?;
        self.erase_quotes_in_memories(id)?;
        self.erase_message_in_receipts(id)?;
        self.erase_learned_of_message(id, row)?;
        Ok(Outcome::Erased { passage_count })
    }

    /// Empties the quotes of a message in every version of every memory that rests on it.
    fn erase_quotes_in_memories(&self, message: MessageId) -> Result<(), Failure> {
        let key = id_bytes(message.as_uuid());
        let mut statement = self.conn.prepare_cached("SELECT memory FROM evidence WHERE message = ?1")?;
        let memories: Vec<i64> = statement.query_map([key], |row| row.get(0))?.collect::<Result<_, _>>()?;
        for memory in memories {
            self.rewrite_quotes(
                message,
                memory,
                "SELECT row, content FROM memory WHERE row = ?1",
                "UPDATE memory SET content = ?2 WHERE row = ?1",
            )?;
            self.rewrite_quotes(
                message,
                memory,
                "SELECT row, content FROM memory_version WHERE memory = ?1 AND content IS NOT NULL",
                "UPDATE memory_version SET content = ?2 WHERE row = ?1",
            )?;
        }
        self.conn.prepare_cached("DELETE FROM evidence WHERE message = ?1")?.execute([key])?;
        Ok(())
    }

    /// Empties the quotes of erased messages in what was prepared before they were erased.
    pub(super) fn empty_erased_quotes(&self, evidence: &mut [Evidence]) -> Result<(), Failure> {
        for evidence in evidence {
            if self.is_message_erased(evidence.message)? {
                evidence.quote.clear();
            }
        }
        Ok(())
    }

    pub(super) fn is_message_erased(&self, id: MessageId) -> Result<bool, Failure> {
        let sql = "SELECT 1 FROM message WHERE id = ?1 AND erased = 1";
        Ok(self.conn.prepare_cached(sql)?.exists([id_bytes(id.as_uuid())])?)
    }

    pub(super) fn is_memory_erased(&self, id: MemoryId) -> Result<bool, Failure> {
        let sql = "SELECT 1 FROM memory WHERE id = ?1 AND status = ?2";
        Ok(self.conn.prepare_cached(sql)?.exists(params![id_bytes(id.as_uuid()), Coded(Status::Erased)])?)
    }

    fn rewrite_quotes(
        &self,
        message: MessageId,
        memory: i64,
        find: &str,
        write: &str,
    ) -> Result<(), Failure> {
        let mut statement = self.conn.prepare_cached(find)?;
        let contents: Vec<(i64, String)> =
            statement.query_map([memory], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        for (row, content) in contents {
            let mut memory: Memory = from_json(&content, "a memory")?;
            for evidence in memory.evidence.iter_mut().filter(|evidence| evidence.message == message) {
                evidence.quote.clear();
            }
            self.conn.prepare_cached(write)?.execute(params![row, to_json(&memory)?])?;
        }
        Ok(())
    }
}
