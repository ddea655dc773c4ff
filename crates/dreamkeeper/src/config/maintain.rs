//! `[maintain]`: what is archived and taken away by itself, and when.

use std::time::Duration;

use dreamkeeper::engine::MaintainPolicy;

use super::key::Key;
use super::values::Values;
use crate::output::failure::Failure;

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "maintain.every_hours",
        "24",
        "How often a server maintains each space by itself; 0 is never. When it was done last is kept\n\
         in the space.",
    ),
    Key::new("maintain.expired_days", "30", "Archives memories so many days after they expired; -1 never."),
    Key::new(
        "maintain.unused_days",
        "-1",
        "Archives memories that were learned, not written outright, when they were not served for so\n\
         many days, never used or praised, and matter little; -1 never.",
    ),
    Key::new("maintain.unused_importance", "0.3", "The importance, 0 to 1, up to which one matters little."),
    Key::new(
        "maintain.past_event_days",
        "-1",
        "Archives events so many days after the time that they tell of; -1 never.",
    ),
    Key::new("maintain.events_days", "30", "Days that learning events are kept after they succeeded."),
    Key::new("maintain.quarantine_days", "90", "Days that released and rejected candidates are kept."),
    Key::new("maintain.temporary_hours", "24", "Quiet hours after which temporary sessions are erased."),
];

/// What is done by itself.
pub(crate) struct Maintain {
    /// How often; never when absent.
    pub(crate) every: Option<Duration>,
    /// By which policy.
    pub(crate) policy: MaintainPolicy,
}

impl Maintain {
    pub(super) fn read(values: &Values) -> Result<Self, Failure> {
        let every: u32 = values.get("maintain.every_hours")?;
        let importance: f32 = values.get("maintain.unused_importance")?;
        if !(0.0..=1.0).contains(&importance) {
            return Err(values.refuse("maintain.unused_importance", "expected 0 to 1"));
        }
        Ok(Self {
            every: (every > 0).then(|| Duration::from_secs(3_600 * u64::from(every))),
            policy: MaintainPolicy {
                expired_days: days(values, "maintain.expired_days")?,
                unused_days: days(values, "maintain.unused_days")?,
                unused_importance: importance,
                past_event_days: days(values, "maintain.past_event_days")?,
                events_days: values.get("maintain.events_days")?,
                quarantine_days: values.get("maintain.quarantine_days")?,
                temporary_hours: values.get("maintain.temporary_hours")?,
            },
        })
    }
}

/// Days; `None` for less than none.
fn days(values: &Values, name: &'static str) -> Result<Option<u32>, Failure> {
    Ok(u32::try_from(values.get::<i32>(name)?).ok())
}
