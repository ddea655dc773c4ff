//! Dreams, what they propose, and schedules.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use dreamkeeper_domain::changeset::{ApplyError, Expected, Outcome};
use dreamkeeper_domain::dream::{Dream, DreamSchedule, DreamStatus, ProposedChange};
use dreamkeeper_domain::id::{DreamId, MessageId, SessionId, TopicId};
use dreamkeeper_domain::ports::{DreamQuery, DreamRecords, Page, PortError};
use jiff::Timestamp;

use super::apply::{meets, not_found};
use super::listing::page;
use super::model::Model;
use super::space::MemorySpace;

/// The dream records of one space.
#[derive(Debug, Clone, Default)]
pub(super) struct Dreams {
    dreams: BTreeMap<DreamId, Dream>,
    changes: BTreeMap<(DreamId, u32), ProposedChange>,
    schedules: BTreeMap<String, DreamSchedule>,
}

impl Dreams {
    pub(super) fn count(&self) -> u64 {
        self.dreams.len() as u64
    }
}

impl Model {
    pub(super) fn put_dream(&mut self, dream: &Dream, expected: Expected) -> Result<Outcome, ApplyError> {
        let found = self.dreams.dreams.get(&dream.id).map(|there| there.version);
        meets(&format!("dream {}", dream.id), expected, found)?;
        let key = dream.target.key();
        let mut others =
            self.dreams.dreams.values().filter(|other| other.id != dream.id && other.holds_target);
        if dream.holds_target
            && let Some(other) = others.find(|other| other.target.key() == key)
        {
            return Err(ApplyError::TargetHeld(other.id));
        }
        let version = found.unwrap_or(0) + 1;
        self.dreams.dreams.insert(dream.id, Dream { version, ..dream.clone() });
        Ok(Outcome::Versioned { version })
    }

    pub(super) fn put_proposed_changes(
        &mut self,
        dream: DreamId,
        changes: &[ProposedChange],
    ) -> Result<Outcome, ApplyError> {
        if !self.dreams.dreams.contains_key(&dream) {
            return Err(not_found(format!("dream {dream}")));
        }
        for change in changes {
            let mut change = ProposedChange { dream, ..change.clone() };
            // Its sources may have been erased while it was made.
            for id in change.messages().into_iter().filter(|id| self.cites_erased([*id])) {
                change.erase_message(id);
            }
            if self.touches_erased(&change) {
                change.empty();
            }
            self.dreams.changes.insert((dream, change.number), change);
        }
        Ok(Outcome::Done)
    }

    pub(super) fn purge_dream(&mut self, id: DreamId) -> Result<Outcome, ApplyError> {
        self.dreams.dreams.remove(&id).ok_or_else(|| not_found(format!("dream {id}")))?;
        self.dreams.changes.retain(|(dream, _), _| *dream != id);
        Ok(Outcome::Erased { passage_count: 0 })
    }

    pub(super) fn put_dream_schedule(
        &mut self,
        schedule: &DreamSchedule,
        expected: Expected,
    ) -> Result<Outcome, ApplyError> {
        let found = self.dreams.schedules.get(&schedule.name).map(|there| there.version);
        meets(&format!("schedule `{}`", schedule.name), expected, found)?;
        let version = found.unwrap_or(0) + 1;
        self.dreams.schedules.insert(schedule.name.clone(), DreamSchedule { version, ..schedule.clone() });
        Ok(Outcome::Versioned { version })
    }

    pub(super) fn remove_dream_schedule(&mut self, name: &str) -> Outcome {
        self.dreams.schedules.remove(name);
        Outcome::Done
    }

    /// Takes the words away from changes whose source is gone.
    pub(super) fn empty_changes(&mut self, is_gone: impl Fn(&ProposedChange) -> bool) {
        self.dreams.changes.values_mut().filter(|change| is_gone(change)).for_each(ProposedChange::empty);
    }

    /// Takes what an erased message said out of every change.
    pub(super) fn erase_message_in_changes(&mut self, id: MessageId) {
        self.dreams.changes.values_mut().for_each(|change| change.erase_message(id));
    }

    fn touches_erased(&self, change: &ProposedChange) -> bool {
        let is_gone = |(id, before): (TopicId, Option<u32>)| {
            let Some(number) = before else { return false };
            let versions = self.topics.topics.get(&id).map(|record| &record.versions);
            versions.is_none_or(|versions| {
                versions.iter().any(|version| version.number == number && version.redacted.is_some())
            })
        };
        change.memories().into_iter().any(|id| self.is_memory_erased(id))
            || change.topics().into_iter().any(is_gone)
    }
}

#[async_trait]
impl DreamRecords for MemorySpace {
    async fn dream(&self, id: DreamId) -> Result<Option<Dream>, PortError> {
        Ok(self.read(|model| model.dreams.dreams.get(&id).cloned()))
    }

    async fn dreams(&self, query: &DreamQuery) -> Result<Page<Dream>, PortError> {
        let wanted = |dream: &&Dream| {
            query.target.as_ref().is_none_or(|target| dream.target.key() == *target)
                && (query.statuses.is_empty() || query.statuses.contains(&dream.status))
                && (query.archived || dream.archived_at.is_none())
                && query.created_after.is_none_or(|after| dream.created_at > after)
                && query.created_before.is_none_or(|before| dream.created_at < before)
        };
        let found = self.read(|model| model.dreams.dreams.values().filter(wanted).cloned().collect());
        page(found, |dream| (dream.created_at, dream.id), query.after.as_deref(), query.limit)
    }

    async fn due_dreams(&self, now: Timestamp) -> Result<Vec<Dream>, PortError> {
        let due = |dream: &&Dream| match dream.status {
            DreamStatus::Pending => true,
            DreamStatus::Running => dream.lease.as_ref().is_none_or(|(_, until)| *until <= now),
            DreamStatus::Completed | DreamStatus::Failed | DreamStatus::Canceled => false,
        };
        let mut found: Vec<Dream> =
            self.read(|model| model.dreams.dreams.values().filter(due).cloned().collect());
        found.sort_by_key(|dream| (dream.created_at, dream.id));
        Ok(found)
    }

    async fn proposed_changes(&self, dream: DreamId) -> Result<Vec<ProposedChange>, PortError> {
        Ok(self.read(|model| {
            model
                .dreams
                .changes
                .range((dream, 0)..=(dream, u32::MAX))
                .map(|(_, change)| change.clone())
                .collect()
        }))
    }

    async fn dreamt(&self, target: &str, sessions: &[SessionId]) -> Result<Vec<SessionId>, PortError> {
        let read: BTreeSet<SessionId> = self.read(|model| {
            let over = model.dreams.dreams.values().filter(|dream| dream.target.key() == target);
            let done = over.filter(|dream| dream.status == DreamStatus::Completed);
            done.flat_map(|dream| dream.sessions.iter().copied()).collect()
        });
        Ok(sessions.iter().copied().filter(|session| read.contains(session)).collect())
    }

    async fn dream_schedules(&self) -> Result<Vec<DreamSchedule>, PortError> {
        Ok(self.read(|model| model.dreams.schedules.values().cloned().collect()))
    }
}
