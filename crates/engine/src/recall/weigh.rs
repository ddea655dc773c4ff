//! Weigh: moves memories that belong within their kind of belonging, by how far they may be trusted, how much they
//! matter, how they fared and how old they are.
//!
//! For ranking only: what may be served at all was decided by origin before, and nothing here brings a memory in or
//! keeps one out. The weights are set by hand, not fitted: no data at hand says who used what.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::memory::{Kind, Memory};
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::usefulness::Usefulness;
use jiff::Timestamp;

use super::admission::{Admitted, Nominee, Standing};
use super::memories::View;
use super::query::{Leaning, Query};
use crate::VerbError;
use crate::importance::{praise, said, use_share};

/// What each can add or take at most. Scores of content that belongs span a third; together these span a tenth or
/// so, so that they part near equals and never put what says half of a question before what says all of it.
const SIGNALS: [(&str, f32); 6] = [
    // An outsider's word behind a person's, when both were asked for.
    ("trust", 0.04),
    // Several sessions that say the same are harder to make up than one.
    ("corroboration", 0.02),
    ("importance", 0.02),
    ("use", 0.02),
    // What people say of it weighs most of what can be counted, for they looked at it.
    ("feedback", 0.04),
    // The newer of two that fit alike is more likely still so.
    ("age", 0.02),
];
/// Days in which a memory's newness halves: about a season, in which habits and plans change.
const HALF_LIFE_DAYS: f32 = 90.0;
const SECONDS_PER_DAY: i64 = 86_400;

/// What memories are weighed with.
pub(crate) struct Weighing<'a> {
    fared: BTreeMap<MemoryId, Usefulness>,
    at: Timestamp,
    leans_early: bool,
    without: &'a BTreeSet<String>,
}

impl<'a> Weighing<'a> {
    /// Reads how the admitted memories fared. Counts are kept as of now only, so that a question as of an earlier moment
    /// is answered without them.
    pub(crate) async fn read(
        space: &Arc<dyn SpaceStore>,
        query: &Query,
        view: &View<'a>,
        admitted: impl Iterator<Item = MemoryId>,
    ) -> Result<Self, VerbError> {
        let ids: Vec<MemoryId> = admitted.collect();
        let fared = if ids.is_empty() || view.request.as_of.is_some() {
            Vec::new()
        } else {
            space.usefulness(&ids).await?
        };
        Ok(Self {
            fared: fared.into_iter().map(|fared| (fared.memory, fared)).collect(),
            at: view.request.as_of.unwrap_or(view.now),
            leans_early: query.leaning == Some(Leaning::Early),
            without: &view.request.without,
        })
    }

    /// Orders what belongs anew. What is called by name stays above what is not, and what only takes part stays behind.
    pub(crate) fn order(&self, admitted: &mut [Admitted], nominees: &[Nominee]) {
        let mut raw: BTreeMap<usize, f32> = BTreeMap::new();
        for found in admitted.iter_mut() {
            let memory = &nominees[found.place].memory;
            let parts = if found.standing == Standing::Participant { Vec::new() } else { self.parts(memory) };
            let weighed = found.score + parts.iter().map(|(_, value)| value).sum::<f32>();
            raw.insert(found.place, weighed);
            let (least, most) = found.standing.bounds();
            found.score = if parts.is_empty() { found.score } else { weighed.clamp(least, most) };
            found.parts.extend(parts);
        }
        admitted.sort_by(|a, b| {
            let id = |admitted: &Admitted| nominees[admitted.place].memory.id;
            let by_weight = || raw[&b.place].total_cmp(&raw[&a.place]);
            b.standing.cmp(&a.standing).then_with(by_weight).then_with(|| id(a).cmp(&id(b)))
        });
    }

    /// What each signal adds to a memory's score, those that add nothing left out.
    fn parts(&self, memory: &Memory) -> Vec<(&'static str, f32)> {
        let fared = self.fared.get(&memory.id);
        let raw = [
            trust(memory.origin),
            corroboration(memory.detail.session_count),
            2.0 * said(memory) - 1.0,
            fared.map_or(0.0, use_share),
            fared.map_or(0.0, praise),
            if self.leans_early { 0.0 } else { self.newness(memory) },
        ];
        let parts = SIGNALS.iter().zip(raw).map(|((name, weight), raw)| (*name, weight * raw));
        parts.filter(|(name, value)| *value != 0.0 && !self.without.contains(*name)).collect()
    }

    /// 1 for what was just said, halving with its age. What binds the agent does not wear out.
    fn newness(&self, memory: &Memory) -> f32 {
        if matches!(memory.kind, Kind::Instruction | Kind::Procedure) {
            return 1.0;
        }
        let said_at = memory.detail.said_at.unwrap_or(memory.created_at);
        // Whole days, so that the same question has the same scores a moment later.
        let days = (self.at.as_second() - said_at.as_second()).max(0) / SECONDS_PER_DAY;
        (-(days as f32) / HALF_LIFE_DAYS).exp2()
    }
}

/// Whether a name is one of a signal here.
pub(crate) fn is_known(name: &str) -> bool {
    SIGNALS.iter().any(|(known, _)| *known == name)
}

/// 0 for a person's word, down to -1 for anybody's.
fn trust(origin: Origin) -> f32 {
    match origin {
        Origin::Operator | Origin::User => 0.0,
        Origin::Assistant => -0.3,
        Origin::Tool => -0.7,
        Origin::External => -1.0,
    }
}

/// Each further session adds less: 0, a half, two thirds.
fn corroboration(session_count: Option<u32>) -> f32 {
    1.0 - 1.0 / session_count.unwrap_or(1).max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_part_near_equals_and_no_more() {
        let swing: f32 = SIGNALS.iter().map(|(_, weight)| weight).sum();
        assert!(swing < (Standing::Content.bounds().1 - Standing::Content.bounds().0) / 2.0, "{swing}");
    }

    #[test]
    fn trust_follows_origin_and_corroboration_counts_sessions() {
        let trusts = Origin::ALL.map(trust);
        assert!(trusts.is_sorted() && trusts[3] == trusts[4]);
        assert_eq!([None, Some(0), Some(1), Some(2)].map(corroboration), [0.0, 0.0, 0.0, 0.5]);
    }
}
