//! Importance: how much a memory matters now: what was said of it when it was learned or set, moved by use.
//!
//! For ranking and for what is kept, never for what may be believed: that is origin's part.

use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::memory::Memory;
use dreamkeeper_domain::usefulness::Usefulness;

use crate::{Engine, Principal, VerbError};

/// How much a memory matters when whoever learned it did not say.
const UNSAID: f32 = 0.5;
/// What steady use adds, and what steady praise or blame adds or takes: enough to lift what was thought small to the
/// middle, too little to make it the most important thing.
const USE_WEIGHT: f32 = 0.2;
const PRAISE_WEIGHT: f32 = 0.3;
/// Voices against which each is weighed, so that the first few move little.
const DOUBT: f32 = 2.0;
/// A wrong memory does more harm than one that was out of place.
const WRONG_VOICES: f32 = 2.0;

/// How much it was said to matter, 0 to 1.
pub(crate) fn said(memory: &Memory) -> f32 {
    memory.detail.importance.unwrap_or(UNSAID)
}

/// How much of what it was served for it was used for, 0 to 1. Being served alone counts for nothing: what is ranked
/// high is served often, and would rise for that.
pub(crate) fn use_share(fared: &Usefulness) -> f32 {
    let used = fared.used_count as f32;
    used / ((fared.served_count as f32).max(used) + DOUBT)
}

/// What was said of it when it was served, from -1 (only blame) to 1 (only praise).
pub(crate) fn praise(fared: &Usefulness) -> f32 {
    let good = fared.helpful_count as f32;
    let bad = WRONG_VOICES.mul_add(fared.wrong_count as f32, fared.irrelevant_count as f32);
    (good - bad) / (good + bad + DOUBT)
}

/// How much it matters now, 0 to 1.
pub(crate) fn importance(memory: &Memory, fared: Option<&Usefulness>) -> f32 {
    let moved = fared.map_or(0.0, |fared| USE_WEIGHT * use_share(fared) + PRAISE_WEIGHT * praise(fared));
    (said(memory) + moved).clamp(0.0, 1.0)
}

impl Engine {
    /// How much a memory matters now, 0 to 1.
    ///
    /// # Errors
    /// `Forbidden` without `read`.
    pub async fn importance(&self, principal: &Principal, memory: &Memory) -> Result<f32, VerbError> {
        principal.require(Permission::Read)?;
        let fared = self.space(principal).await?.usefulness(&[memory.id]).await?.pop();
        Ok(importance(memory, fared.as_ref()))
    }

    /// Each of these memories with how much it matters now, 0 to 1, in their order.
    ///
    /// # Errors
    /// `Forbidden` without `read`.
    pub async fn with_importance(
        &self,
        principal: &Principal,
        memories: Vec<Memory>,
    ) -> Result<Vec<(Memory, f32)>, VerbError> {
        principal.require(Permission::Read)?;
        let ids: Vec<_> = memories.iter().map(|memory| memory.id).collect();
        let known = self.space(principal).await?.usefulness(&ids).await?;
        let weighed = memories.into_iter().map(|memory| {
            let fared = known.iter().find(|fared| fared.memory == memory.id);
            let importance = importance(&memory, fared);
            (memory, importance)
        });
        Ok(weighed.collect())
    }
}

#[cfg(test)]
mod tests {
    use dreamkeeper_testkit::builders::a_memory;

    use super::*;

    /// How much a memory of importance `said` matters after (served, used, helpful, irrelevant, wrong).
    fn check(said: Option<f32>, counts: [u64; 5], expected: f32) {
        let mut memory = a_memory("Ana met Bo at the harbour").build();
        memory.detail.importance = said;
        let [served_count, used_count, helpful_count, irrelevant_count, wrong_count] = counts;
        let fared = Usefulness {
            memory: memory.id,
            served_count,
            used_count,
            helpful_count,
            irrelevant_count,
            wrong_count,
            served_at: None,
        };
        let found = importance(&memory, Some(&fared));
        assert!((found - expected).abs() < 0.005, "{said:?} {counts:?}: {found}, not {expected}");
    }

    #[test]
    fn use_and_praise_lift_and_blame_lowers() {
        check(None, [0, 0, 0, 0, 0], 0.5);
        check(Some(0.2), [0, 0, 0, 0, 0], 0.2);
        check(Some(0.2), [8, 6, 0, 0, 0], 0.32);
        check(Some(0.2), [8, 0, 2, 0, 0], 0.35);
        check(Some(0.5), [8, 0, 0, 2, 0], 0.35);
        check(Some(0.5), [8, 0, 0, 0, 2], 0.3);
    }

    #[test]
    fn being_served_alone_moves_nothing() {
        check(Some(0.5), [10_000, 0, 0, 0, 0], 0.5);
        check(Some(0.5), [10_000, 2, 0, 0, 0], 0.5);
    }

    #[test]
    fn however_many_say_so_it_stays_within_its_bounds() {
        check(Some(0.9), [10_000, 10_000, 10_000, 0, 0], 1.0);
        check(Some(0.1), [10_000, 0, 0, 0, 10_000], 0.0);
    }
}
