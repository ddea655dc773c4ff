//! Applying: one ChangeSet, inside a savepoint that the writer holds. Each sort of write has its file.

mod audit;
mod dream;
mod erase;
mod erase_learned;
mod intern;
pub(crate) use intern::joined_ids;
mod memory;
mod mend;
mod message;
mod passages;
pub(crate) mod prune;
mod quarantine;
pub(crate) mod queue;
pub(crate) mod receipt;
mod redact;
use receipt::{memory_subject, message_subject};
pub(crate) mod said;
mod session;
mod settle;
mod state;
mod topic;
mod topic_check;
mod topic_store;
mod vectors;

use std::collections::BTreeSet;

use dreamkeeper_domain::changeset::{Applied, ApplyError, ChangeSet, Outcome, Write};
use dreamkeeper_domain::id::MessageId;
use dreamkeeper_domain::limits::IDEMPOTENCY_DAYS;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Failure;
use crate::log::SCRUB_OWED;
use crate::rows::{Moment, from_json, to_json};
use audit::audit_word;

/// What applying a ChangeSet came to.
#[derive(Debug)]
pub(crate) struct Done {
    /// The answer.
    pub(crate) applied: Applied,
    /// Whether content was destroyed, so that the files must be cleansed of it.
    pub(crate) erased: bool,
}

/// A ChangeSet being applied: what its writes share.
struct Applying<'run> {
    conn: &'run Connection,
    changes: &'run ChangeSet,
    sessions: session::Sessions,
    interned: intern::Interned,
    passages: passages::Counters,
    /// Messages that were there already, by the ids that the ChangeSet gave them and by their own.
    known: BTreeSet<MessageId>,
    topics: topic_check::WrittenTopics,
    /// Sessions whose events were rid of words that may repeat what was erased.
    emptied_sessions: BTreeSet<i64>,
    erased: bool,
}

/// Applies a ChangeSet inside the open savepoint; after an error the caller rolls that back.
pub(crate) fn apply(conn: &Connection, changes: &ChangeSet) -> Result<Done, Failure> {
    if let Some(applied) = earlier_answer(conn, changes)? {
        return Ok(Done { applied, erased: false });
    }
    let mut applying = Applying {
        conn,
        changes,
        sessions: session::Sessions::default(),
        interned: intern::Interned::default(),
        passages: passages::Counters::default(),
        known: BTreeSet::new(),
        topics: topic_check::WrittenTopics::default(),
        emptied_sessions: BTreeSet::new(),
        erased: false,
    };
    let outcomes = changes.writes.iter().map(|write| applying.write(write)).collect::<Result<Vec<_>, _>>()?;
    applying.check_topics()?;
    applying.flush_sessions()?;
    applying.flush_passage_counters()?;
    let applied = Applied { outcomes, replayed: false };
    applying.owe_scrub()?;
    applying.drop_digests()?;
    applying.keep_answer(&applied)?;
    if let Some(number) = applying.keep_audit()? {
        applying.prune(number)?;
    }
    Ok(Done { applied, erased: applying.erased })
}

impl Applying<'_> {
    fn write(&mut self, write: &Write) -> Result<Outcome, Failure> {
        match write {
            Write::OpenSession(session) => self.open_session(session),
            Write::AppendMessage { message, passages } => {
                let outcome = self.append_message(message, passages)?;
                if let Outcome::Duplicate { id, .. } = outcome {
                    self.known.extend([id, message.id]);
                }
                Ok(outcome)
            }
            Write::PutMemory { memory, expected, operation, reason, passages } => {
                let put = memory::Put {
                    memory,
                    expected: *expected,
                    operation: *operation,
                    reason: reason.as_deref(),
                    passages: passages.as_deref(),
                };
                self.put_memory(&put)
            }
            Write::EraseMemory { id, reason } => self.erase_memory(*id, reason.as_deref()),
            Write::EraseMessage { id, reason: _ } => self.erase_message(*id),
            Write::PutState { scope, key, value, expected, reason } => {
                let put = state::Put {
                    scope,
                    key,
                    value: value.as_ref(),
                    expected: *expected,
                    reason: reason.as_deref(),
                };
                self.put_state(&put)
            }
            Write::EraseState { scope, key, reason } => self.erase_state(scope, key, reason.as_deref()),
            Write::PutReceipt(receipt) => self.put_receipt(receipt),
            Write::MendPassages { owner, version, seen, passages } => {
                self.mend_passages(*owner, (*version, *seen), passages)
            }
            Write::SweepPassages => self.sweep_passages(),
            Write::PutVectors { embedder, vectors } => self.put_vectors(embedder, vectors),
            Write::Enqueue(event) => self.enqueue(event),
            Write::Lease { worker, until, count_max } => self.lease((worker, *until), *count_max),
            Write::FreeLeases => self.free_leases(),
            Write::Prune { old, count_max } => self.prune_learned(*old, *count_max),
            Write::NoteMaintained(at) => self.note_maintained(*at),
            Write::Settle { worker, events, settlement } => self.settle(worker, events, settlement),
            Write::Requeue(id) => self.requeue(*id),
            Write::Hold(held) => self.hold(held),
            Write::CloseHeld { id, status, closing } => self.close_held(*id, *status, closing),
            Write::PutSummary(summary) => self.put_summary(summary),
            Write::PutFeedback { memory, feedback } => self.put_feedback(*memory, *feedback),
            Write::PutTopicStore { store, expected } => self.put_topic_store(store, *expected),
            Write::PurgeTopicStore(id) => self.purge_topic_store(*id),
            Write::PutTopic { topic, expected, note, passages } => {
                self.put_topic(&topic::Put { topic, expected: *expected, note, passages })
            }
            Write::RemoveTopic { id, version, expected, note } => {
                self.remove_topic((*id, *version), *expected, note)
            }
            Write::RedactTopicVersion(id) => self.redact_topic_version(*id),
            Write::NoteWorkingFiles { store, files } => self.note_working_files(*store, files),
            Write::NameMoment(moment) => self.name_moment(moment),
            Write::UnnameMoment(name) => self.unname_moment(name),
            Write::PutDream { dream, expected } => self.put_dream(dream, *expected),
            Write::PutProposedChanges { dream, changes } => self.put_proposed_changes(*dream, changes),
            Write::PurgeDream(id) => self.purge_dream(*id),
            Write::PutDreamSchedule { schedule, expected } => self.put_dream_schedule(schedule, *expected),
            Write::RemoveDreamSchedule(name) => self.remove_dream_schedule(name),
        }
    }

    fn keep_answer(&self, applied: &Applied) -> Result<(), Failure> {
        let Some((key, digest)) = &self.changes.idempotency else { return Ok(()) };
        self.conn
            .prepare_cached(
                "INSERT OR REPLACE INTO applied (key, digest, at, answer) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![key.0, digest, Moment(self.changes.at), to_json(applied)?])?;
        Ok(())
    }

    /// An erasure is not done until its pages were written anew, whatever happens between.
    fn owe_scrub(&self) -> Result<(), Failure> {
        if self.erased {
            self.conn
                .prepare_cached("INSERT OR IGNORE INTO meta (name, value) VALUES (?1, 1)")?
                .execute([SCRUB_OWED])?;
        }
        Ok(())
    }

    fn keep_audit(&self) -> Result<Option<i64>, Failure> {
        let words: Vec<String> = self.changes.writes.iter().filter_map(audit_word).collect();
        if words.is_empty() && !self.changes.writes.is_empty() {
            return Ok(None);
        }
        self.conn
            .prepare_cached("INSERT INTO audit (at, actor, writes) VALUES (?1, ?2, ?3)")?
            .execute(params![Moment(self.changes.at), to_json(&self.changes.actor)?, to_json(&words)?])?;
        Ok(Some(self.conn.last_insert_rowid()))
    }
}

fn earlier_answer(conn: &Connection, changes: &ChangeSet) -> Result<Option<Applied>, Failure> {
    let Some((key, digest)) = &changes.idempotency else { return Ok(None) };
    let oldest = Moment(prune::days_before(changes.at, IDEMPOTENCY_DAYS));
    let found: Option<(Vec<u8>, String)> = conn
        .prepare_cached("SELECT digest, answer FROM applied WHERE key = ?1 AND at >= ?2")?
        .query_row(params![key.0, oldest], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((known, answer)) = found else { return Ok(None) };
    // An erasure leaves the name without a digest.
    if !known.is_empty() && known != digest {
        return Err(ApplyError::IdempotencyKeyReused(key.0.clone()).into());
    }
    let applied: Applied = from_json(&answer, "an answer")?;
    Ok(Some(Applied { replayed: true, ..applied }))
}

/// A record that is not there.
fn not_found(record: String) -> Failure {
    ApplyError::NotFound { record }.into()
}

/// Refuses a change that expects another version than is there; 0 stands for no record.
fn check_expected(
    expected: dreamkeeper_domain::changeset::Expected,
    found: u32,
    record: impl Fn() -> String,
) -> Result<(), Failure> {
    use dreamkeeper_domain::changeset::Expected::{Absent, Any, Version};
    match expected {
        Any => Ok(()),
        Absent if found == 0 => Ok(()),
        Version(version) if found == version => Ok(()),
        Version(_) if found == 0 => Err(not_found(record())),
        Absent => Err(conflict(record(), "no record".to_owned(), found)),
        Version(version) => Err(conflict(record(), format!("version {version}"), found)),
    }
}

fn conflict(record: String, expected: String, found: u32) -> Failure {
    ApplyError::VersionConflict { record, expected, found }.into()
}
