//! Dream schedule: when a target is dreamt over by itself. All of its state is in the store.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ChangeKind, DreamBudget, DreamTarget};
use crate::id::DreamId;
use crate::time::Zone;

/// When a scheduled dream is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum DreamRule {
    /// When there is enough new, and nobody is at work.
    Idle {
        /// Minutes without a message or a write on the target.
        quiet_minutes: u32,
        /// Sessions that no dream over the target has read.
        unseen_sessions_min: u32,
        /// Hours since the last dream over the target ended.
        hours_between: u32,
    },
    /// At given local times.
    Cron {
        /// Five fields: minute, hour, day of month, month, day of week.
        expression: String,
        /// The zone that they are told in.
        zone: Zone,
    },
}

/// What a schedule remembers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScheduleState {
    /// The moment up to which cron times are dealt with.
    pub considered_at: Option<Timestamp>,
    /// The dream that it started last.
    pub last_dream: Option<DreamId>,
    /// When that ended.
    pub last_ended_at: Option<Timestamp>,
    /// Dreams in a row that failed.
    pub failed_in_row: u32,
    /// Dreams in a row that proposed nothing.
    pub empty_in_row: u32,
    /// Why no dream began when it was looked at last, in a sentence.
    pub waits_because: Option<String>,
}

/// When a target is dreamt over by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DreamSchedule {
    /// Its name, unique in the space.
    pub name: String,
    /// Counts from 1 and grows with every change of the record.
    pub version: u32,
    /// What is dreamt over.
    pub target: DreamTarget,
    /// When.
    pub rule: DreamRule,
    /// Whether it runs.
    pub enabled: bool,
    /// What the model is told.
    pub instructions: Option<String>,
    /// The model, by its configured name; none for rules.
    pub model: Option<String>,
    /// How much each dream may take.
    pub budget: DreamBudget,
    /// Kinds of changes that are adopted without review.
    pub auto: Vec<ChangeKind>,
    /// After so many failed, or empty, dreams in a row it raises an alarm.
    pub alarm_after: u32,
    /// What it remembers.
    pub state: ScheduleState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When somebody changed it last.
    pub updated_at: Timestamp,
}
