//! Pruning: what is kept for a time only goes a few entries at a time, with the ChangeSets that add to it; so
//! nothing grows for ever and no write waits for a sweep.

use dreamkeeper_domain::candidate::HeldStatus;
use dreamkeeper_domain::changeset::{Outcome, Outdated, Pruned, Write};
use dreamkeeper_domain::event::EventState;
use dreamkeeper_domain::id::uuid_v7;
use dreamkeeper_domain::limits::{AUDIT_DAYS, IDEMPOTENCY_DAYS, PRUNE_COUNT_MAX, RECEIPT_DAYS};
use jiff::{SignedDuration, Timestamp};
use rusqlite::params;

use super::Applying;
use crate::codes::Coded;
use crate::error::Failure;
use crate::rows::{Moment, id_bytes};

/// The name under which `meta` keeps when the space was maintained last, in microseconds.
pub(crate) const MAINTAINED_AT: &str = "maintained_at";

/// The audit is looked at with every so many entries.
const AUDIT_STRIDE: i64 = 8;

/// The moment that lies so many days before another.
pub(super) fn days_before(moment: Timestamp, days: i64) -> Timestamp {
    moment.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN)
}

impl Applying<'_> {
    /// Takes away what is past its age; `number` is the audit entry of this ChangeSet.
    pub(super) fn prune(&self, number: i64) -> Result<(), Failure> {
        if self.changes.idempotency.is_some() {
            self.prune_answers()?;
        }
        if self.changes.writes.iter().any(|write| matches!(write, Write::PutReceipt(_))) {
            self.prune_receipts()?;
        }
        if number % AUDIT_STRIDE == 0 {
            self.prune_audit(number)?;
        }
        Ok(())
    }

    /// Takes away events and closed candidates that are past their time.
    pub(super) fn prune_learned(&self, old: Outdated, count_max: usize) -> Result<Outcome, Failure> {
        let count_max = count_max as i64;
        let events = "DELETE FROM event WHERE row IN (SELECT row FROM event WHERE settled_at < max(?2, ?4) \
                      AND ((state = ?1 AND settled_at < ?2) OR (state = ?3 AND settled_at < ?4)) \
                      ORDER BY settled_at, row LIMIT ?5)";
        let event_count = self.conn.prepare_cached(events)?.execute(params![
            Coded(EventState::Succeeded),
            Moment(old.succeeded_before),
            Coded(EventState::Failed),
            Moment(old.failed_before),
            count_max,
        ])?;
        let held = "DELETE FROM held WHERE row IN (SELECT row FROM held WHERE held_at < ?1 AND status <> ?2 \
                    ORDER BY held_at, id LIMIT ?3)";
        let held_count = self.conn.prepare_cached(held)?.execute(params![
            Moment(old.closed_before),
            Coded(HeldStatus::Waiting),
            count_max
        ])?;
        Ok(Outcome::Pruned(Pruned { event_count: event_count as u64, held_count: held_count as u64 }))
    }

    pub(super) fn note_maintained(&self, at: Timestamp) -> Result<Outcome, Failure> {
        self.conn
            .prepare_cached(
                "INSERT INTO meta (name, value) VALUES (?1, ?2) \
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )?
            .execute(params![MAINTAINED_AT, Moment(at)])?;
        Ok(Outcome::Done)
    }

    fn prune_answers(&self) -> Result<(), Failure> {
        let oldest = Moment(days_before(self.changes.at, IDEMPOTENCY_DAYS));
        self.conn
            .prepare_cached(
                "DELETE FROM applied WHERE key IN \
                 (SELECT key FROM applied WHERE at < ?1 ORDER BY at LIMIT ?2)",
            )?
            .execute(params![oldest, PRUNE_COUNT_MAX as i64])?;
        Ok(())
    }

    /// A receipt's id holds its time.
    fn prune_receipts(&self) -> Result<(), Failure> {
        let oldest = id_bytes(uuid_v7(days_before(self.changes.at, RECEIPT_DAYS), [0; 10]));
        let old = "(SELECT row FROM receipt WHERE id < ?1 ORDER BY id LIMIT ?2)";
        for table in ["receipt_subject WHERE receipt", "receipt WHERE row"] {
            self.conn
                .prepare_cached(&format!("DELETE FROM {table} IN {old}"))?
                .execute(params![oldest, PRUNE_COUNT_MAX as i64])?;
        }
        Ok(())
    }

    /// The latest entry stays, so that numbers are never given twice.
    fn prune_audit(&self, latest: i64) -> Result<(), Failure> {
        self.conn
            .prepare_cached(
                "DELETE FROM audit WHERE at < ?1 AND number < ?2 AND number IN \
                 (SELECT number FROM audit ORDER BY number LIMIT ?3)",
            )?
            .execute(params![
                Moment(days_before(self.changes.at, AUDIT_DAYS)),
                latest,
                PRUNE_COUNT_MAX as i64
            ])?;
        Ok(())
    }

    /// A digest of a request could confirm a guess of what was erased: the key alone goes on counting.
    pub(super) fn drop_digests(&self) -> Result<(), Failure> {
        if self.erased {
            self.conn.prepare_cached("UPDATE applied SET digest = x'' WHERE digest <> x''")?.execute([])?;
        }
        Ok(())
    }
}
