//! Destroying content: what is left of a record, and of every quote of it elsewhere.

use std::collections::BTreeSet;

use dreamkeeper_domain::changeset::{ApplyError, ChangeSet, Outcome};
use dreamkeeper_domain::detail::Detail;
use dreamkeeper_domain::id::{MemoryId, MessageId, TopicId};
use dreamkeeper_domain::memory::{Evidence, Memory, Status};
use dreamkeeper_domain::passage::Owner;
use dreamkeeper_domain::receipt::{Receipt, ServedItem, ServedSubject};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::time::Interval;
use dreamkeeper_domain::version::{Operation, Version};
use serde_json::Map;

use super::apply::not_found;
use super::model::Model;

impl Model {
    pub(super) fn erase_memory(
        &mut self,
        changes: &ChangeSet,
        id: MemoryId,
        reason: Option<&str>,
    ) -> Result<Outcome, ApplyError> {
        let record = self.memories.get_mut(&id).ok_or_else(|| not_found(format!("memory {id}")))?;
        if record.current.status == Status::Erased {
            return Ok(Outcome::Erased { passage_count: 0 });
        }
        record.current = Memory {
            version: record.current.version + 1,
            text: String::new(),
            status: Status::Erased,
            evidence: Vec::new(),
            detail: Detail::default(),
            aliases: Vec::new(),
            categories: BTreeSet::new(),
            metadata: Map::new(),
            validity: Interval::default(),
            expires_at: None,
            pinned: false,
            updated_at: changes.at,
            ..record.current.clone()
        };
        empty(&mut record.versions);
        record.versions.push(erasure(record.current.version, changes, reason));
        for item in self.receipts.values_mut().flat_map(|receipt| &mut receipt.items) {
            if matches!(item.subject, ServedSubject::Memory { id: served, .. } if served == id) {
                empty_item(item);
            }
        }
        self.erase_learned_of_memory(changes, id);
        self.empty_changes(|change| change.memories().contains(&id));
        Ok(self.drop_passages(Owner::Memory(id)))
    }

    pub(super) fn erase_message(
        &mut self,
        changes: &ChangeSet,
        id: MessageId,
    ) -> Result<Outcome, ApplyError> {
        let message = self.messages.get_mut(&id).ok_or_else(|| not_found(format!("message {id}")))?;
        if message.erased {
            return Ok(Outcome::Erased { passage_count: 0 });
        }
        message.parts.clear();
        message.erased = true;
        let (session, ordinal) = (message.session, message.ordinal);
        for record in self.memories.values_mut() {
            empty_quotes(&mut record.current.evidence, id);
            for content in record.versions.iter_mut().filter_map(|version| version.content.as_mut()) {
                let mut memory: Memory =
                    serde_json::from_value(content.take()).expect("a version holds what was written");
                empty_quotes(&mut memory.evidence, id);
                *content = serde_json::to_value(memory).expect("a memory is JSON");
            }
        }
        for item in self.receipts.values_mut().flat_map(|receipt| &mut receipt.items) {
            empty_quotes(&mut item.evidence, id);
            if item.subject == ServedSubject::Message(id) {
                empty_item(item);
            }
            if let ServedSubject::Summary { session: served, upto } = item.subject
                && served == session
                && ordinal < upto
            {
                empty_item(item);
            }
        }
        self.erase_learned_of_message(changes, id);
        self.erase_message_in_changes(id);
        Ok(self.drop_passages(Owner::Message(id)))
    }

    pub(super) fn erase_state(
        &mut self,
        changes: &ChangeSet,
        place: &(Scope, String),
        reason: Option<&str>,
    ) -> Result<Outcome, ApplyError> {
        let (scope, key) = place;
        let record = self.state.get_mut(place).ok_or_else(|| not_found(format!("state key `{key}`")))?;
        let erased = record.versions.last().is_some_and(|last| last.operation == Operation::Erase);
        if erased {
            return Ok(Outcome::Erased { passage_count: 0 });
        }
        empty(&mut record.versions);
        record.current.version += 1;
        record.current.value = None;
        record.current.updated_at = changes.at;
        record.current.actor = changes.actor.clone();
        record.current.reason = reason.map(str::to_owned);
        record.versions.push(erasure(record.current.version, changes, reason));
        // A receipt knows the scope that was asked for only: every entry it can have meant is emptied.
        let receipts = self.receipts.values_mut().filter(|receipt| receipt.scope.covers(scope));
        for item in receipts.flat_map(|receipt| &mut receipt.items) {
            if matches!(&item.subject, ServedSubject::State { key: served, .. } if served == key) {
                empty_item(item);
            }
        }
        Ok(Outcome::Erased { passage_count: 0 })
    }

    /// Empties what was erased after a receipt was prepared and before it is written.
    pub(super) fn empty_erased_items(&self, receipt: &mut Receipt) {
        for item in &mut receipt.items {
            let erased = match &item.subject {
                ServedSubject::Message(id) => self.messages.get(id).is_some_and(|message| message.erased),
                ServedSubject::Memory { id, .. } => {
                    self.memories.get(id).is_some_and(|record| record.current.status == Status::Erased)
                }
                ServedSubject::Topic { id, number } => self.is_topic_version_gone(*id, *number),
                ServedSubject::State { key, version } => {
                    let mut meant =
                        self.state.iter().filter(|((of, k), _)| k == key && receipt.scope.covers(of));
                    meant.any(|(_, record)| is_erased(&record.versions, *version))
                }
                ServedSubject::Summary { session, .. } => {
                    let there = self.learning.summaries.get(session);
                    there.is_none_or(|there| there.made_at != item.said_at)
                }
            };
            if erased {
                empty_item(item);
            }
            self.empty_erased_quotes(&mut item.evidence);
        }
    }

    /// Empties what receipts quote of topics' versions.
    pub(super) fn empty_topic_items(&mut self, is_gone: impl Fn(TopicId, u32) -> bool) {
        for item in self.receipts.values_mut().flat_map(|receipt| &mut receipt.items) {
            if matches!(item.subject, ServedSubject::Topic { id, number } if is_gone(id, number)) {
                empty_item(item);
            }
        }
    }

    fn is_topic_version_gone(&self, id: TopicId, number: u32) -> bool {
        let record = self.topics.topics.get(&id);
        let version = record.and_then(|record| record.versions.iter().find(|one| one.number == number));
        version.is_none_or(|version| version.content.is_none())
    }

    /// Empties the quotes of erased messages.
    pub(super) fn empty_erased_quotes(&self, evidence: &mut [Evidence]) {
        for quote in evidence {
            if self.messages.get(&quote.message).is_some_and(|message| message.erased) {
                quote.quote.clear();
            }
        }
    }

    fn drop_passages(&mut self, owner: Owner) -> Outcome {
        let before = self.passages.len();
        self.passages.retain(|_, passage| passage.owner != owner);
        Outcome::Erased { passage_count: (before - self.passages.len()) as u32 }
    }
}

/// A reason may tell the content: of an erased record only number, operation, actor and time stay.
fn empty(versions: &mut [Version]) {
    for version in versions {
        version.content = None;
        version.reason = None;
    }
}

fn is_erased(versions: &[Version], number: u32) -> bool {
    versions.iter().any(|version| version.number == number && version.content.is_none())
}

fn erasure(number: u32, changes: &ChangeSet, reason: Option<&str>) -> Version {
    Version {
        number,
        operation: Operation::Erase,
        content: None,
        actor: changes.actor.clone(),
        at: changes.at,
        reason: reason.map(str::to_owned),
    }
}

fn empty_quotes(evidence: &mut [Evidence], message: MessageId) {
    for quote in evidence.iter_mut().filter(|quote| quote.message == message) {
        quote.quote.clear();
    }
}

fn empty_item(item: &mut ServedItem) {
    item.quote.clear();
    for evidence in &mut item.evidence {
        evidence.quote.clear();
    }
}
