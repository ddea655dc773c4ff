//! What memories say, and what of it was served: tables from which memories and sentences are found.

use std::collections::BTreeSet;

use dreamkeeper_domain::changeset::{ApplyError, Outcome};
use dreamkeeper_domain::detail::{normalised, sentences};
use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::receipt::{Receipt, ServedSubject};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::usefulness::Feedback;
use rusqlite::{Connection, OptionalExtension, params};

use super::{Applying, not_found};
use crate::codes::Coded;
use crate::error::Failure;
use crate::rows::{Moment, id_bytes, to_json};

/// A normalised text's hash (FNV-1a, 64 bits). Two texts may share it: whoever finds by it compares.
pub(crate) fn text_hash(normalised: &str) -> i64 {
    let mix = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    normalised.bytes().fold(0xcbf2_9ce4_8422_2325, mix).cast_signed()
}

/// Notes what the memory of a row says now, in the place of what it said before.
pub(crate) fn note_memory(conn: &Connection, (row, ids): (i64, i64), memory: &Memory) -> Result<(), Failure> {
    conn.prepare_cached("DELETE FROM memory_said WHERE memory = ?1")?.execute([row])?;
    conn.prepare_cached("DELETE FROM memory_name WHERE memory = ?1")?.execute([row])?;
    if !matches!(memory.status, Status::Active | Status::Superseded) {
        return Ok(());
    }
    let is_active = memory.status == Status::Active;
    let slot = memory.detail.slot.as_ref().map(dreamkeeper_domain::detail::Slot::key);
    let hash = is_active.then(|| text_hash(&normalised(&memory.text)));
    conn.prepare_cached("INSERT INTO memory_said (memory, ids, slot, text_hash) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![row, ids, slot, hash])?;
    if is_active {
        let sql = "INSERT INTO memory_name (name, ids, memory) VALUES (?1, ?2, ?3)";
        let mut statement = conn.prepare_cached(sql)?;
        for name in memory.detail.names() {
            statement.execute(params![name, ids, row])?;
        }
    }
    Ok(())
}

/// The user and agent of a scope as the one text that served sentences are kept under.
pub(crate) fn served_to(scope: &Scope) -> Result<String, Failure> {
    to_json(&[&scope.user, &scope.agent])
}

/// Notes the memories that a new receipt tells of, and their sentences.
pub(crate) fn note_served(conn: &Connection, row: i64, receipt: &Receipt) -> Result<(), Failure> {
    let owner = served_to(&receipt.scope)?;
    let mut memories = BTreeSet::new();
    let mut keep = conn.prepare_cached(
        "INSERT INTO served_sentence (owner, sentence, memory, receipt) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT DO UPDATE SET receipt = ?4",
    )?;
    for item in &receipt.items {
        let ServedSubject::Memory { id, version: _ } = item.subject else { continue };
        memories.insert(id);
        for sentence in sentences(&item.quote) {
            keep.execute(params![owner, sentence, id_bytes(id.as_uuid()), row])?;
        }
    }
    let mut count = conn.prepare_cached(
        "INSERT INTO usefulness (memory, served_count, served_at) \
         SELECT row, 1, ?2 FROM memory WHERE id = ?1 AND status <> ?3 \
         ON CONFLICT (memory) DO UPDATE SET served_count = served_count + 1, \
         served_at = max(coalesce(served_at, ?2), ?2)",
    )?;
    for memory in memories {
        count.execute(params![id_bytes(memory.as_uuid()), Moment(receipt.at), Coded(Status::Erased)])?;
    }
    Ok(())
}

impl Applying<'_> {
    pub(super) fn put_feedback(&self, id: MemoryId, feedback: Feedback) -> Result<Outcome, Failure> {
        let found: Option<(i64, Coded<Status>)> = self
            .conn
            .prepare_cached("SELECT row, status FROM memory WHERE id = ?1")?
            .query_row([id_bytes(id.as_uuid())], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (row, status) = found.ok_or_else(|| not_found(super::memory::record(id)))?;
        if status.0 == Status::Erased {
            return Err(ApplyError::Erased { record: super::memory::record(id) }.into());
        }
        let count = match feedback {
            Feedback::Used => "used_count",
            Feedback::Helpful => "helpful_count",
            Feedback::Irrelevant => "irrelevant_count",
            Feedback::Wrong => "wrong_count",
        };
        let sql = format!(
            "INSERT INTO usefulness (memory, {count}) VALUES (?1, 1) \
             ON CONFLICT (memory) DO UPDATE SET {count} = {count} + 1"
        );
        self.conn.prepare_cached(&sql)?.execute([row])?;
        Ok(Outcome::Done)
    }
}
