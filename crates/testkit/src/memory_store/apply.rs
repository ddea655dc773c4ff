//! Applying a ChangeSet to the model, write by write; the caller throws the model away when one fails.

use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::changeset::{Applied, ApplyError, ChangeSet, Expected, Outcome, Write};
use dreamkeeper_domain::event::Lease;
use dreamkeeper_domain::id::{MessageId, ReceiptId, SessionId};
use dreamkeeper_domain::limits::{AUDIT_DAYS, IDEMPOTENCY_DAYS, RECEIPT_DAYS, SESSION_IDLE_MINUTES};
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::passage::{EmbedderIdentity, Owner, Passage, PassageSeq, Vector};
use dreamkeeper_domain::ports::{AuditEntry, PortError, PortErrorKind};
use dreamkeeper_domain::receipt::Receipt;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;
use dreamkeeper_domain::state::StateEntry;
use dreamkeeper_domain::version::{Operation, Version};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::audit::audit_word;
use super::model::{Answer, Model, Versioned};

/// What the writes of a ChangeSet share.
#[derive(Default)]
struct Run {
    /// Where the ids that it gave its sessions really lead.
    sessions: BTreeMap<SessionId, SessionId>,
    /// Messages that were there already, by the ids that it gave them and by their own.
    known: BTreeSet<MessageId>,
}

/// The fields of [`Write::PutMemory`].
struct MemoryWrite<'write> {
    memory: &'write Memory,
    expected: Expected,
    operation: Operation,
    reason: Option<String>,
    passages: &'write Option<Vec<Passage>>,
}

impl Model {
    /// Applies a ChangeSet; after an error the model is half changed.
    pub(super) fn apply(&mut self, changes: &ChangeSet) -> Result<Applied, ApplyError> {
        if let Some(answer) = self.earlier_answer(changes)? {
            return Ok(answer);
        }
        let mut run = Run::default();
        let mut outcomes = Vec::new();
        let before = self.before_topics(changes);
        for write in &changes.writes {
            outcomes.push(self.write(changes, write, &mut run)?);
        }
        self.check_topics(&before)?;
        let writes: Vec<String> = changes.writes.iter().filter_map(audit_word).collect();
        if !writes.is_empty() || changes.writes.is_empty() {
            let number = self.audit.last().map_or(0, |entry| entry.number) + 1;
            self.audit.push(AuditEntry { number, at: changes.at, actor: changes.actor.clone(), writes });
        }
        let applied = Applied { outcomes, replayed: false };
        if let Some((key, digest)) = &changes.idempotency {
            let answer = Answer { digest: Some(*digest), at: changes.at, applied: applied.clone() };
            self.answers.insert(key.0.clone(), answer);
        }
        self.prune(changes.at);
        Ok(applied)
    }

    fn earlier_answer(&self, changes: &ChangeSet) -> Result<Option<Applied>, ApplyError> {
        let Some((key, digest)) = &changes.idempotency else { return Ok(None) };
        let oldest = days_before(changes.at, IDEMPOTENCY_DAYS);
        match self.answers.get(&key.0).filter(|answer| answer.at >= oldest) {
            None => Ok(None),
            Some(answer) if answer.digest.is_none_or(|known| known == *digest) => {
                Ok(Some(Applied { replayed: true, ..answer.applied.clone() }))
            }
            Some(_) => Err(ApplyError::IdempotencyKeyReused(key.0.clone())),
        }
    }

    /// Takes away what is past its age.
    fn prune(&mut self, now: Timestamp) {
        let oldest = days_before(now, IDEMPOTENCY_DAYS);
        self.answers.retain(|_, answer| answer.at >= oldest);
        let oldest = ReceiptId::new(days_before(now, RECEIPT_DAYS), [0; 10]);
        self.receipts.retain(|id, _| *id >= oldest);
        let oldest = days_before(now, AUDIT_DAYS);
        let latest = self.audit.last().map(|entry| entry.number);
        self.audit.retain(|entry| entry.at >= oldest || Some(entry.number) == latest);
    }

    fn write(&mut self, changes: &ChangeSet, write: &Write, run: &mut Run) -> Result<Outcome, ApplyError> {
        match write {
            Write::OpenSession(session) => Ok(self.open_session(session, &mut run.sessions)),
            Write::AppendMessage { message, passages } => {
                let session = run.sessions.get(&message.session).copied().unwrap_or(message.session);
                let outcome = self.append(&Message { session, ..message.clone() }, passages)?;
                if let Outcome::Duplicate { id, .. } = outcome {
                    run.known.extend([id, message.id]);
                }
                Ok(outcome)
            }
            Write::PutMemory { memory, expected, operation, reason, passages } => {
                let (expected, operation) = (*expected, *operation);
                let reason = reason.clone();
                self.put_memory(changes, MemoryWrite { memory, expected, operation, reason, passages })
            }
            Write::EraseMemory { id, reason } => {
                self.drop_digests();
                self.erase_memory(changes, *id, reason.as_deref())
            }
            Write::EraseMessage { id, reason: _ } => {
                self.drop_digests();
                self.erase_message(changes, *id)
            }
            Write::PutState { scope, key, value, expected, reason } => {
                let entry = entry_of(changes, (scope, key), (value, reason));
                self.put_state(entry, *expected)
            }
            Write::EraseState { scope, key, reason } => {
                self.drop_digests();
                self.erase_state(changes, &(scope.clone(), key.clone()), reason.as_deref())
            }
            Write::PutReceipt(receipt) => Ok(self.put_receipt(receipt)),
            Write::MendPassages { owner, version, seen, passages } => {
                Ok(self.mend_passages(*owner, (*version, *seen), passages))
            }
            Write::SweepPassages => Ok(self.sweep_passages()),
            Write::PutVectors { embedder, vectors } => Ok(self.put_vectors(embedder, vectors)),
            Write::Enqueue(_)
            | Write::Lease { .. }
            | Write::FreeLeases
            | Write::Prune { .. }
            | Write::NoteMaintained(_)
            | Write::Settle { .. }
            | Write::Requeue(_)
            | Write::Hold(_)
            | Write::CloseHeld { .. }
            | Write::PutSummary(_)
            | Write::PutFeedback { .. } => self.write_learned(changes, write, run),
            Write::PutTopicStore { .. }
            | Write::PurgeTopicStore(_)
            | Write::PutTopic { .. }
            | Write::RemoveTopic { .. }
            | Write::RedactTopicVersion(_)
            | Write::NoteWorkingFiles { .. }
            | Write::NameMoment(_)
            | Write::UnnameMoment(_)
            | Write::PutDream { .. }
            | Write::PutProposedChanges { .. }
            | Write::PurgeDream(_)
            | Write::PutDreamSchedule { .. }
            | Write::RemoveDreamSchedule(_) => self.write_noted(changes, write),
        }
    }

    fn write_learned(
        &mut self,
        changes: &ChangeSet,
        write: &Write,
        run: &Run,
    ) -> Result<Outcome, ApplyError> {
        match write {
            Write::Enqueue(event) => {
                let session =
                    event.session.map(|session| run.sessions.get(&session).copied().unwrap_or(session));
                self.enqueue(event, (session, &run.known), changes.at)
            }
            Write::Lease { worker, until, count_max } => {
                let lease = Lease { worker: worker.clone(), until: *until };
                Ok(self.lease(&lease, *count_max, changes.at))
            }
            Write::FreeLeases => Ok(self.free_leases()),
            Write::Prune { old, count_max } => Ok(self.prune_learned(*old, *count_max)),
            Write::NoteMaintained(at) => {
                self.maintained_at = Some(*at);
                Ok(Outcome::Done)
            }
            Write::Settle { worker, events, settlement } => {
                self.settle((worker, events), settlement, changes.at)
            }
            Write::Requeue(id) => self.requeue(*id, changes.at),
            Write::Hold(held) => Ok(self.hold(changes, held)),
            Write::CloseHeld { id, status, closing } => self.close_held(*id, *status, closing),
            Write::PutSummary(summary) => self.put_summary(summary),
            Write::PutFeedback { memory, feedback } => self.put_feedback(*memory, *feedback),
            other => {
                let what = format!("{other:?} has nothing to do with learning");
                Err(PortError::new(PortErrorKind::Internal, what).into())
            }
        }
    }

    /// A digest of a request could confirm a guess of what was erased.
    pub(super) fn drop_digests(&mut self) {
        self.answers.values_mut().for_each(|answer| answer.digest = None);
    }

    fn open_session(&mut self, session: &Session, aliases: &mut BTreeMap<SessionId, SessionId>) -> Outcome {
        let idle = SignedDuration::from_mins(SESSION_IDLE_MINUTES);
        let by_id = self.sessions.get(&session.id);
        let by_key = || session.key.as_ref().and_then(|key| self.session_by_key(&session.scope, key));
        let current = || {
            let current = self.current_session(&session.scope).filter(|_| session.key.is_none());
            current.filter(|there| session.last_recorded_at.duration_since(there.last_recorded_at) < idle)
        };
        if let Some(there) = by_id.or_else(by_key).or_else(current) {
            aliases.insert(session.id, there.id);
            return Outcome::Session { id: there.id, created: false };
        }
        self.sessions.insert(session.id, Session { message_count: 0, ..session.clone() });
        Outcome::Session { id: session.id, created: true }
    }

    fn append(&mut self, message: &Message, passages: &[Passage]) -> Result<Outcome, ApplyError> {
        if !self.sessions.contains_key(&message.session) {
            return Err(not_found(format!("session {}", message.session)));
        }
        if let Some(client_id) = &message.client_id
            && let Some(there) = self.message_by_client_id(message.session, client_id)
        {
            // Of an erased message nothing is left to compare: it stays erased, whatever comes again.
            return if there.erased || same_content(there, message) {
                let (id, session, ordinal) = (there.id, there.session, there.ordinal);
                Ok(Outcome::Duplicate { id, session, ordinal })
            } else {
                Err(ApplyError::ClientIdReused { client_id: client_id.clone() })
            };
        }
        if self.messages.contains_key(&message.id) {
            let what = format!("message id {} is used twice", message.id);
            return Err(PortError::new(PortErrorKind::Internal, what).into());
        }
        let session = self.sessions.get_mut(&message.session).expect("looked up above");
        let ordinal = session.message_count;
        if ordinal == 0 {
            session.opened_at = message.recorded_at;
        }
        session.message_count += 1;
        session.last_at = message.at;
        session.last_recorded_at = message.recorded_at;
        self.places.insert((message.session, ordinal), message.id);
        self.messages.insert(message.id, Message { ordinal, ..message.clone() });
        let placed = passages.iter().cloned().map(|mut passage| {
            if let Some(turn) = &mut passage.turn {
                (turn.session, turn.ordinal) = (message.session, ordinal);
            }
            passage
        });
        let passages = self.add_passages((Owner::Message(message.id), 0), placed.collect());
        Ok(Outcome::Appended { id: message.id, session: message.session, ordinal, passages })
    }

    pub(super) fn add_passages(
        &mut self,
        brought_by: (Owner, u32),
        passages: Vec<Passage>,
    ) -> Vec<PassageSeq> {
        let mut places = Vec::new();
        for passage in passages {
            self.passage_count_ever += 1;
            let seq = PassageSeq(self.passage_count_ever);
            self.passages.insert(seq, passage);
            places.push(seq);
        }
        self.brought.insert(brought_by, places.clone());
        places
    }

    fn put_memory(&mut self, changes: &ChangeSet, write: MemoryWrite<'_>) -> Result<Outcome, ApplyError> {
        let MemoryWrite { memory, expected, operation, reason, passages } = write;
        let record = format!("memory {}", memory.id);
        let there = self.memories.get(&memory.id);
        if there.is_some_and(|there| there.current.status == Status::Erased) {
            return Err(ApplyError::Erased { record });
        }
        meets(&record, expected, there.map(|there| there.current.version))?;
        let number = there.map_or(0, |there| there.current.version) + 1;
        let mut memory = Memory { version: number, ..memory.clone() };
        self.empty_erased_quotes(&mut memory.evidence);
        let version = Version {
            number,
            operation,
            content: Some(serde_json::to_value(&memory).expect("a memory is JSON")),
            actor: changes.actor.clone(),
            at: changes.at,
            reason,
        };
        let id = memory.id;
        let new = Versioned { current: memory.clone(), versions: Vec::new() };
        let record = self.memories.entry(id).or_insert(new);
        record.current = memory;
        record.versions.push(version);
        let places = match passages {
            None => Vec::new(),
            Some(passages) => {
                self.retire(Owner::Memory(id), changes.at);
                self.add_passages((Owner::Memory(id), number), passages.clone())
            }
        };
        Ok(Outcome::Memory { id, version: number, passages: places })
    }

    pub(super) fn retire(&mut self, owner: Owner, at: Timestamp) {
        for passage in self.passages.values_mut() {
            if passage.owner == owner && passage.retired_at.is_none() {
                passage.retired_at = Some(at);
            }
        }
    }

    fn put_receipt(&mut self, receipt: &Receipt) -> Outcome {
        let mut receipt = receipt.clone();
        self.empty_erased_items(&mut receipt);
        if !self.receipts.contains_key(&receipt.id) {
            self.note_served(&receipt);
        }
        self.receipts.insert(receipt.id, receipt);
        Outcome::Done
    }

    fn put_state(&mut self, entry: StateEntry, expected: Expected) -> Result<Outcome, ApplyError> {
        let place = (entry.scope.clone(), entry.key.clone());
        let there = self.state.get(&place);
        let record = format!("state key `{}`", entry.key);
        // A removed key is absent to whoever sets it anew, and goes on counting its versions.
        let found = there.filter(|there| there.current.value.is_some() || expected != Expected::Absent);
        meets(&record, expected, found.map(|there| there.current.version))?;
        let version = there.map_or(0, |there| there.current.version) + 1;
        let operation = match (&entry.value, there) {
            (None, None) => return Err(not_found(record)),
            (None, Some(_)) => Operation::Remove,
            (Some(_), None) => Operation::Create,
            (Some(_), Some(_)) => Operation::Update,
        };
        let entry = StateEntry { version, ..entry };
        let written = Version {
            number: version,
            operation,
            content: Some(serde_json::to_value(&entry).expect("a state entry is JSON")),
            actor: entry.actor.clone(),
            at: entry.updated_at,
            reason: entry.reason.clone(),
        };
        let new = Versioned { current: entry.clone(), versions: Vec::new() };
        let record = self.state.entry(place).or_insert(new);
        record.current = entry;
        record.versions.push(written);
        Ok(Outcome::State { version })
    }

    fn mend_passages(&mut self, owner: Owner, (version, seen): (u32, u32), passages: &[Passage]) -> Outcome {
        let turn = match owner {
            Owner::Message(id) => {
                let Some(message) = self.messages.get(&id).filter(|message| !message.erased) else {
                    return Outcome::Done;
                };
                Some((message.session, message.ordinal))
            }
            Owner::Memory(id) => {
                let current = self.memories.get(&id).map(|record| &record.current);
                if current.is_none_or(|there| there.version != seen || there.status == Status::Erased) {
                    return Outcome::Done;
                }
                None
            }
            Owner::Topic(id) => {
                let record = self.topics.topics.get(&id).filter(|there| there.current.head.number == seen);
                let mut versions = record.into_iter().flat_map(|there| &there.versions);
                if !versions.any(|there| there.number == version && there.content.is_some()) {
                    return Outcome::Done;
                }
                None
            }
        };
        for place in self.brought.remove(&(owner, version)).unwrap_or_default() {
            self.passages.remove(&place);
        }
        let mut passages = passages.to_vec();
        for (stands, (session, ordinal)) in
            passages.iter_mut().filter_map(|passage| passage.turn.as_mut().zip(turn))
        {
            (stands.session, stands.ordinal) = (session, ordinal);
        }
        self.add_passages((owner, version), passages);
        Outcome::Done
    }

    fn sweep_passages(&mut self) -> Outcome {
        let strays = self.strays();
        self.passages.retain(|place, _| !strays.contains(place));
        Outcome::Done
    }

    fn put_vectors(&mut self, embedder: &EmbedderIdentity, vectors: &[(PassageSeq, Vector)]) -> Outcome {
        for (seq, vector) in vectors {
            if let Some(passage) = self.passages.get_mut(seq) {
                passage.vector = Some((embedder.clone(), vector.clone()));
            }
        }
        Outcome::Done
    }
}

/// What a write of state comes to; the version is given later.
fn entry_of(
    changes: &ChangeSet,
    (scope, key): (&Scope, &str),
    (value, reason): (&Option<Value>, &Option<String>),
) -> StateEntry {
    StateEntry {
        scope: scope.clone(),
        key: key.to_owned(),
        value: value.clone(),
        version: 0,
        updated_at: changes.at,
        actor: changes.actor.clone(),
        reason: reason.clone(),
    }
}

/// The moment that lies so many days before another.
fn days_before(moment: Timestamp, days: i64) -> Timestamp {
    moment.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN)
}

/// What a message says; when it was said or recorded may differ between two tellings.
fn same_content(a: &Message, b: &Message) -> bool {
    (a.role, &a.author, &a.parts) == (b.role, &b.author, &b.parts)
}

pub(super) fn meets(record: &str, expected: Expected, found: Option<u32>) -> Result<(), ApplyError> {
    let conflict = |expected: String, found| {
        let record = record.to_owned();
        Err(ApplyError::VersionConflict { record, expected, found })
    };
    match (expected, found) {
        (Expected::Any, _) | (Expected::Absent, None) => Ok(()),
        (Expected::Absent, Some(found)) => conflict("none".into(), found),
        (Expected::Version(wanted), Some(found)) if wanted == found => Ok(()),
        (Expected::Version(wanted), Some(found)) => conflict(format!("version {wanted}"), found),
        (Expected::Version(_), None) => Err(not_found(record.to_owned())),
    }
}

pub(super) fn not_found(record: String) -> ApplyError {
    ApplyError::NotFound { record }
}
