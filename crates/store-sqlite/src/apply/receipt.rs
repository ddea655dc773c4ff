//! Receipts: kept with an index from what they quote, so that an erasure finds every quote.

use std::collections::BTreeSet;

use dreamkeeper_domain::changeset::Outcome;
use dreamkeeper_domain::id::{MemoryId, MessageId, SessionId, TopicId};
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::receipt::{Receipt, ServedItem, ServedSubject};
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::summary::Summary;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::Applying;
use super::said::{note_served, served_to};
use crate::error::Failure;
use crate::read::state::erased_versions;
use crate::rows::{from_json, id_bytes, to_json};

pub(super) fn message_subject(id: MessageId) -> Vec<u8> {
    [&[0][..], &id_bytes(id.as_uuid())].concat()
}

pub(super) fn memory_subject(id: MemoryId) -> Vec<u8> {
    [&[1][..], &id_bytes(id.as_uuid())].concat()
}

fn state_subject(key: &str) -> Vec<u8> {
    [&[2][..], key.as_bytes()].concat()
}

/// Under what a receipt is found that served words of tools or outsiders to this user and agent.
pub(crate) fn low_origin_subject(scope: &Scope) -> Result<Vec<u8>, Failure> {
    Ok([&[3][..], served_to(scope)?.as_bytes()].concat())
}

/// Under what a receipt is found that served the summary of a session.
fn summary_subject(session: SessionId) -> Vec<u8> {
    [&[4][..], &id_bytes(session.as_uuid())].concat()
}

fn topic_subject(id: TopicId) -> Vec<u8> {
    [&[5][..], &id_bytes(id.as_uuid())].concat()
}

/// Everything that a receipt quotes, and to whom it served what is of low origin.
fn subjects(receipt: &Receipt) -> Result<BTreeSet<Vec<u8>>, Failure> {
    let is_low = receipt.items.iter().any(|item| item.origin <= Origin::Tool);
    let low = is_low.then(|| low_origin_subject(&receipt.scope)).transpose()?;
    let served = receipt.items.iter().map(|item| match &item.subject {
        ServedSubject::Message(id) => message_subject(*id),
        ServedSubject::Memory { id, version: _ } => memory_subject(*id),
        ServedSubject::Topic { id, number: _ } => topic_subject(*id),
        ServedSubject::State { key, version: _ } => state_subject(key),
        ServedSubject::Summary { session, upto: _ } => summary_subject(*session),
    });
    let evidence = receipt.items.iter().flat_map(|item| &item.evidence);
    Ok(served.chain(evidence.map(|evidence| message_subject(evidence.message))).chain(low).collect())
}

impl Applying<'_> {
    pub(super) fn put_receipt(&mut self, receipt: &Receipt) -> Result<Outcome, Failure> {
        let mut receipt = receipt.clone();
        self.empty_erased_items(&mut receipt)?;
        let inserted = self
            .conn
            .prepare_cached("INSERT OR IGNORE INTO receipt (id, content) VALUES (?1, ?2)")?
            .execute(params![id_bytes(receipt.id.as_uuid()), to_json(&receipt)?])?;
        if inserted == 1 {
            let row = self.conn.last_insert_rowid();
            let mut statement =
                self.conn.prepare_cached("INSERT INTO receipt_subject (subject, receipt) VALUES (?1, ?2)")?;
            for subject in subjects(&receipt)? {
                statement.execute(params![subject, row])?;
            }
            note_served(self.conn, row, &receipt)?;
        }
        Ok(Outcome::Done)
    }

    /// A recall may have served what was erased before its receipt is written.
    fn empty_erased_items(&self, receipt: &mut Receipt) -> Result<(), Failure> {
        let keys = receipt.items.iter().filter_map(|item| match &item.subject {
            ServedSubject::State { key, version: _ } => Some(key.as_str()),
            ServedSubject::Message(_)
            | ServedSubject::Memory { .. }
            | ServedSubject::Topic { .. }
            | ServedSubject::Summary { .. } => None,
        });
        let keys: Vec<&str> = keys.collect();
        let erased_state = erased_versions(self.conn, &receipt.scope, &keys)?;
        for item in &mut receipt.items {
            let erased = match &item.subject {
                ServedSubject::Message(id) => self.is_message_erased(*id)?,
                ServedSubject::Memory { id, version: _ } => self.is_memory_erased(*id)?,
                ServedSubject::Topic { id, number } => self.is_topic_version_gone(*id, *number)?,
                ServedSubject::State { key, version } => erased_state.contains(&(key.clone(), *version)),
                ServedSubject::Summary { session, .. } => !self.is_summary(*session, item.said_at)?,
            };
            if erased {
                item.quote.clear();
                item.evidence.iter_mut().for_each(|evidence| evidence.quote.clear());
            } else {
                self.empty_erased_quotes(&mut item.evidence)?;
            }
        }
        Ok(())
    }

    /// Whether the summary of a session is the one that was made then. A later one may leave out what was erased.
    fn is_summary(&self, session: SessionId, made_at: Timestamp) -> Result<bool, Failure> {
        let sql = "SELECT y.content FROM summary y JOIN session s ON s.row = y.session WHERE s.id = ?1";
        let content: Option<String> = self
            .conn
            .prepare_cached(sql)?
            .query_row([id_bytes(session.as_uuid())], |row| row.get(0))
            .optional()?;
        let summary: Option<Summary> = content.map(|content| from_json(&content, "a summary")).transpose()?;
        Ok(summary.is_some_and(|summary| summary.made_at == made_at))
    }

    pub(super) fn erase_memory_in_receipts(&self, memory: MemoryId) -> Result<(), Failure> {
        self.rewrite_receipts(&memory_subject(memory), |receipt| {
            let is_it = |item: &&mut ServedItem| {
                matches!(&item.subject, ServedSubject::Memory { id, version: _ } if *id == memory)
            };
            for item in receipt.items.iter_mut().filter(is_it) {
                item.quote.clear();
                item.evidence.iter_mut().for_each(|evidence| evidence.quote.clear());
            }
        })
    }

    /// Empties what receipts quote of versions of a topic.
    pub(super) fn erase_topic_in_receipts(
        &self,
        topic: TopicId,
        is_gone: impl Fn(u32) -> bool,
    ) -> Result<(), Failure> {
        self.rewrite_receipts(&topic_subject(topic), |receipt| {
            for item in &mut receipt.items {
                if matches!(&item.subject, ServedSubject::Topic { id, number } if *id == topic && is_gone(*number)) {
                    item.quote.clear();
                }
            }
        })
    }

    fn is_topic_version_gone(&self, id: TopicId, number: u32) -> Result<bool, Failure> {
        let sql = "SELECT 1 FROM topic_version v JOIN topic t ON t.row = v.topic \
                   WHERE t.id = ?1 AND v.number = ?2 AND v.content IS NOT NULL";
        Ok(!self.conn.prepare_cached(sql)?.exists(params![id_bytes(id.as_uuid()), number])?)
    }

    pub(super) fn erase_message_in_receipts(&self, message: MessageId) -> Result<(), Failure> {
        self.rewrite_receipts(&message_subject(message), |receipt| {
            for item in &mut receipt.items {
                if item.subject == ServedSubject::Message(message) {
                    item.quote.clear();
                }
                for evidence in item.evidence.iter_mut().filter(|evidence| evidence.message == message) {
                    evidence.quote.clear();
                }
            }
        })?;
        self.erase_message_in_served_summaries(message)
    }

    /// Empties the summaries that reached over a message.
    fn erase_message_in_served_summaries(&self, message: MessageId) -> Result<(), Failure> {
        let sql = "SELECT s.id, m.ordinal FROM message m JOIN session s ON s.row = m.session WHERE m.id = ?1";
        let found: Option<(Vec<u8>, u32)> = self
            .conn
            .prepare_cached(sql)?
            .query_row([id_bytes(message.as_uuid())], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((session, ordinal)) = found else { return Ok(()) };
        self.rewrite_receipts(&[&[4][..], &session].concat(), |receipt| {
            for item in &mut receipt.items {
                let ServedSubject::Summary { session: served, upto } = item.subject else { continue };
                if id_bytes(served.as_uuid()) == session.as_slice() && ordinal < upto {
                    item.quote.clear();
                }
            }
        })
    }

    /// A receipt names a state key without its scope: every receipt whose question covered the scope may
    /// have quoted it.
    pub(super) fn erase_state_in_receipts(&self, scope: &Scope, erased: &str) -> Result<(), Failure> {
        self.rewrite_receipts(&state_subject(erased), |receipt| {
            if !receipt.scope.covers(scope) {
                return;
            }
            for item in &mut receipt.items {
                if matches!(&item.subject, ServedSubject::State { key, version: _ } if key == erased) {
                    item.quote.clear();
                }
            }
        })
    }

    fn rewrite_receipts(&self, subject: &[u8], change: impl Fn(&mut Receipt)) -> Result<(), Failure> {
        let mut statement = self.conn.prepare_cached(
            "SELECT row, content FROM receipt_subject JOIN receipt ON row = receipt WHERE subject = ?1",
        )?;
        let receipts: Vec<(i64, String)> = statement
            .query_map([subject], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        for (row, content) in receipts {
            let mut receipt: Receipt = from_json(&content, "a receipt")?;
            change(&mut receipt);
            self.conn
                .prepare_cached("UPDATE receipt SET content = ?2 WHERE row = ?1")?
                .execute(params![row, to_json(&receipt)?])?;
        }
        Ok(())
    }
}
