//! Rules: which memory is archived, and why. Pure, so that a dry run and a run can never differ.

use std::fmt;

use dreamkeeper_domain::memory::{Kind, Memory};
use dreamkeeper_domain::origin::Via;
use dreamkeeper_domain::usefulness::Usefulness;
use jiff::{SignedDuration, Timestamp};

use super::MaintainPolicy;
use crate::importance::importance;

/// By which rule a memory is archived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArchiveRule {
    /// It expired long ago.
    Expired,
    /// What it tells of is long past.
    PastEvent,
    /// It was learned, matters little, and nobody had use for it.
    Unused,
}

impl ArchiveRule {
    /// Every rule.
    pub const ALL: [Self; 3] = [Self::Expired, Self::PastEvent, Self::Unused];

    /// The word used on the wire and in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::PastEvent => "past_event",
            Self::Unused => "unused",
        }
    }
}

impl fmt::Display for ArchiveRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// That a memory is archived, by which rule, and why in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) rule: ArchiveRule,
    pub(crate) because: String,
}

/// Whether an active memory is archived. Pinned ones never are.
pub(crate) fn judge(
    memory: &Memory,
    fared: Option<Usefulness>,
    policy: &MaintainPolicy,
    now: Timestamp,
) -> Option<Judgement> {
    if memory.pinned {
        return None;
    }
    let long_ago = |moment: Timestamp, days: Option<u32>| {
        days.filter(|days| now.duration_since(moment) >= SignedDuration::from_hours(24 * i64::from(*days)))
    };
    if let Some(end) = memory.expires_at
        && let Some(days) = long_ago(end, policy.expired_days)
    {
        let because = format!("it expired on {}, {days} days ago or more", day(end));
        return Some(Judgement { rule: ArchiveRule::Expired, because });
    }
    if memory.kind == Kind::Event
        && let Some(end) = memory.validity.to
        && let Some(days) = long_ago(end, policy.past_event_days)
    {
        let because = format!("what it tells of ended on {}, {days} days ago or more", day(end));
        return Some(Judgement { rule: ArchiveRule::PastEvent, because });
    }
    let last = fared.and_then(|fared| fared.served_at).unwrap_or(memory.updated_at).max(memory.updated_at);
    let days = long_ago(last, policy.unused_days)?;
    let importance = importance(memory, fared.as_ref());
    let is_of_use = fared.is_some_and(|fared| fared.used_count + fared.helpful_count > 0);
    // What somebody wrote outright, or what binds the agent, is theirs to take back.
    let is_learned =
        memory.via == Via::Derived && !matches!(memory.kind, Kind::Instruction | Kind::Procedure);
    if !is_learned || is_of_use || importance > policy.unused_importance {
        return None;
    }
    let because =
        format!("it was learned, matters little ({importance:.2}) and was not served for {days} days");
    Some(Judgement { rule: ArchiveRule::Unused, because })
}

fn day(moment: Timestamp) -> jiff::civil::Date {
    moment.to_zoned(jiff::tz::TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use dreamkeeper_domain::time::Interval;
    use dreamkeeper_testkit::builders::a_memory;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn check(change: impl FnOnce(&mut Memory), fared: Option<Usefulness>, expected: Option<ArchiveRule>) {
        let policy =
            MaintainPolicy { unused_days: Some(100), past_event_days: Some(10), ..MaintainPolicy::default() };
        let mut memory = a_memory("Ana met Bo at the harbour").build();
        memory.via = Via::Derived;
        memory.detail.importance = Some(0.2);
        memory.updated_at = at("2026-01-01T00:00:00Z");
        change(&mut memory);
        let found = judge(&memory, fared, &policy, at("2026-06-01T00:00:00Z"));
        assert_eq!(found.map(|judgement| judgement.rule), expected, "{memory:?}");
    }

    fn served(memory: &Memory, at: Timestamp, used_count: u64) -> Usefulness {
        Usefulness {
            memory: memory.id,
            served_count: 1,
            used_count,
            helpful_count: 0,
            irrelevant_count: 0,
            wrong_count: 0,
            served_at: Some(at),
        }
    }

    #[test]
    fn only_what_was_learned_and_matters_little_falls_out_of_use() {
        check(|_| {}, None, Some(ArchiveRule::Unused));
        check(|memory| memory.pinned = true, None, None);
        check(|memory| memory.via = Via::Live, None, None);
        check(|memory| memory.kind = Kind::Instruction, None, None);
        check(|memory| memory.detail.importance = Some(0.4), None, None);
        check(|memory| memory.detail.importance = None, None, None);
        check(|memory| memory.updated_at = at("2026-05-01T00:00:00Z"), None, None);
    }

    #[test]
    fn what_was_served_lately_or_was_of_use_stays() {
        let memory = a_memory("x").build();
        check(|_| {}, Some(served(&memory, at("2026-05-20T00:00:00Z"), 0)), None);
        check(|_| {}, Some(served(&memory, at("2026-01-02T00:00:00Z"), 0)), Some(ArchiveRule::Unused));
        check(|_| {}, Some(served(&memory, at("2026-01-02T00:00:00Z"), 1)), None);
    }

    #[test]
    fn what_expired_or_ended_goes_after_its_days() {
        let expires = |text: &'static str| move |memory: &mut Memory| memory.expires_at = Some(at(text));
        check(expires("2026-05-01T00:00:00Z"), None, Some(ArchiveRule::Expired));
        check(
            |memory| {
                expires("2026-05-30T00:00:00Z")(memory);
                memory.via = Via::Live;
            },
            None,
            None,
        );
        let ended = |kind: Kind| {
            move |memory: &mut Memory| {
                memory.kind = kind;
                memory.via = Via::Live;
                memory.validity = Interval { from: None, to: Some(at("2026-05-01T00:00:00Z")) };
            }
        };
        check(ended(Kind::Event), None, Some(ArchiveRule::PastEvent));
        check(ended(Kind::Fact), None, None);
    }
}
