//! Memories: each change is one more version; the current content stands beside for reading.

use dreamkeeper_domain::changeset::{ApplyError, Expected, Outcome};
use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::passage::Passage;
use dreamkeeper_domain::version::Operation;
use rusqlite::{OptionalExtension, params};

use super::passages::{Places, Standing};
use super::said::note_memory;
use super::{Applying, check_expected};
use crate::codes::Coded;
use crate::error::Failure;
use crate::rows::{Moment, from_json, id_bytes, to_json};

/// One version to be written.
pub(super) struct Put<'write> {
    pub(super) memory: &'write Memory,
    pub(super) expected: Expected,
    pub(super) operation: Operation,
    pub(super) reason: Option<&'write str>,
    pub(super) passages: Option<&'write [Passage]>,
}

/// A memory that is there.
pub(super) struct There {
    pub(super) row: i64,
    pub(super) current: Memory,
    pub(super) places: Places,
}

/// A version's row in the making.
pub(super) struct NewVersion<'write> {
    pub(super) memory: i64,
    pub(super) number: u32,
    pub(super) operation: Operation,
    pub(super) reason: Option<&'write str>,
    pub(super) pinned: bool,
    /// The passages it brings; none when `from` is `to`.
    pub(super) brought: Places,
    pub(super) content: Option<&'write str>,
}

impl Applying<'_> {
    pub(super) fn put_memory(&mut self, put: &Put<'_>) -> Result<Outcome, Failure> {
        let id = put.memory.id;
        let there = self.memory_there(id)?;
        let found = there.as_ref().map_or(0, |there| there.current.version);
        if there.as_ref().is_some_and(|there| there.current.status == Status::Erased) {
            return Err(ApplyError::Erased { record: record(id) }.into());
        }
        check_expected(put.expected, found, || record(id))?;
        // Numbers are contiguous whatever the writer believed: with `Any` it cannot know the version.
        let mut memory = Memory { version: found + 1, ..put.memory.clone() };
        self.empty_erased_quotes(&mut memory.evidence)?;
        let brought = self.bring_passages(&memory, put.passages, there.as_ref())?;
        let places = match (&brought, &there) {
            (Some(brought), _) => *brought,
            (None, Some(there)) => there.places,
            (None, None) => self.no_places(&memory)?,
        };
        let content = to_json(&memory)?;
        let row = self.write_memory(&memory, &content, (there.map(|there| there.row), places))?;
        self.insert_version(&NewVersion {
            memory: row,
            number: memory.version,
            operation: put.operation,
            reason: put.reason,
            pinned: memory.pinned && memory.status == Status::Active,
            brought: brought.unwrap_or(Places { to: places.from, ..places }),
            content: Some(&content),
        })?;
        self.note_evidence(row, &memory)?;
        let passages = brought.map(|places| places.seqs()).unwrap_or_default();
        Ok(Outcome::Memory { id, version: memory.version, passages })
    }

    fn bring_passages(
        &mut self,
        memory: &Memory,
        passages: Option<&[Passage]>,
        there: Option<&There>,
    ) -> Result<Option<Places>, Failure> {
        let Some(passages) = passages else {
            // Kept passages would go on answering for the scope, kind and origin they were cut under.
            let moved = there.is_some_and(|there| {
                let before = &there.current;
                (&before.scope, before.kind, before.origin) != (&memory.scope, memory.kind, memory.origin)
            });
            if moved {
                let what = "keeps its passages though its scope, kind or origin changed: pass new ones";
                return Err(Failure::defect(format!("{} {what}", record(memory.id))));
            }
            return Ok(None);
        };
        if let Some(there) = there {
            self.retire_passages(there.places)?;
        }
        self.insert_passages(&memory.scope, passages, Standing::Alone).map(Some)
    }

    fn no_places(&mut self, memory: &Memory) -> Result<Places, Failure> {
        Ok(Places { segment: self.scope_rows(&memory.scope)?.segment, from: 0, to: 0 })
    }

    /// The memory with that id.
    pub(super) fn memory_there(&self, id: MemoryId) -> Result<Option<There>, Failure> {
        let found = self
            .conn
            .prepare_cached(
                "SELECT row, segment, passage_from, passage_to, content FROM memory WHERE id = ?1",
            )?
            .query_row([id_bytes(id.as_uuid())], |row| {
                let places = Places { segment: row.get(1)?, from: row.get(2)?, to: row.get(3)? };
                Ok((row.get(0)?, places, row.get::<_, String>(4)?))
            })
            .optional()?;
        let Some((row, places, content)) = found else { return Ok(None) };
        Ok(Some(There { row, current: from_json(&content, "a memory")?, places }))
    }

    /// Writes the current state of a memory; gives its row.
    pub(super) fn write_memory(
        &mut self,
        memory: &Memory,
        content: &str,
        (row, places): (Option<i64>, Places),
    ) -> Result<i64, Failure> {
        let ids = self.scope_rows(&memory.scope)?.ids;
        let sql = "INSERT INTO memory (row, id, updated_at, version, status, pinned, ids, expires_at, segment, \
                   passage_from, passage_to, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) \
                   ON CONFLICT (row) DO UPDATE SET updated_at = ?3, version = ?4, status = ?5, pinned = ?6, ids = ?7, \
                   expires_at = ?8, segment = ?9, passage_from = ?10, passage_to = ?11, content = ?12";
        self.conn.prepare_cached(sql)?.execute(params![
            row,
            id_bytes(memory.id.as_uuid()),
            Moment(memory.updated_at),
            memory.version,
            Coded(memory.status),
            memory.pinned,
            ids,
            memory.expires_at.map(Moment),
            places.segment,
            places.from,
            places.to,
            content,
        ])?;
        let row = row.unwrap_or_else(|| self.conn.last_insert_rowid());
        note_memory(self.conn, (row, ids), memory)?;
        Ok(row)
    }

    /// Writes a version.
    pub(super) fn insert_version(&self, version: &NewVersion<'_>) -> Result<(), Failure> {
        self.conn
            .prepare_cached(
                "INSERT INTO memory_version (memory, number, operation, actor, at, reason, pinned, segment, \
                 passage_from, passage_to, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                version.memory,
                version.number,
                Coded(version.operation),
                to_json(&self.changes.actor)?,
                Moment(self.changes.at),
                version.reason,
                version.pinned,
                version.brought.segment,
                version.brought.from,
                version.brought.to,
                version.content,
            ])?;
        Ok(())
    }

    fn note_evidence(&self, row: i64, memory: &Memory) -> Result<(), Failure> {
        for evidence in &memory.evidence {
            self.conn
                .prepare_cached("INSERT OR IGNORE INTO evidence (message, memory) VALUES (?1, ?2)")?
                .execute(params![id_bytes(evidence.message.as_uuid()), row])?;
        }
        Ok(())
    }
}

/// A memory's name in errors.
pub(super) fn record(id: MemoryId) -> String {
    format!("memory {id}")
}
