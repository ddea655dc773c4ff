//! Memories: those that say the same become one, values that a later one replaced are superseded, what the policy of
//! maintenance would archive is proposed for it, and relative dates of what somebody wrote outright get their date.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::detail::normalised;
use dreamkeeper_domain::dream::{
    ChangeKind, ChangeReview, ClaimAccount, ClaimFate, DreamMaker, Effect, MemoryEffect, ProposedChange,
};
use dreamkeeper_domain::id::{DreamId, MemoryId};
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::version::Operation;
use dreamkeeper_language::time::Anchor;
use dreamkeeper_topics::{sameness_key, says_the_same};
use jiff::Timestamp;

use super::dates;
use super::draft::short;
use crate::MaintainPolicy;
use crate::dream::gather::Gathered;
use crate::learn::similar::is_within;
use crate::maintain::rule::judge;

/// Every change of memories.
pub(super) fn changes(
    gathered: &Gathered,
    (dream, policy): (DreamId, &MaintainPolicy),
) -> Vec<ProposedChange> {
    let mut desk = Desk { gathered, dream, taken: BTreeSet::new(), changes: Vec::new() };
    desk.duplicates();
    desk.contradictions();
    desk.stale(policy);
    desk.dates();
    desk.changes
}

struct Desk<'g> {
    gathered: &'g Gathered,
    dream: DreamId,
    taken: BTreeSet<MemoryId>,
    changes: Vec<ProposedChange>,
}

/// What a change says of itself.
struct Told {
    kind: ChangeKind,
    rule: &'static str,
    title: String,
    reason: String,
}

impl<'g> Desk<'g> {
    fn free(&self) -> impl Iterator<Item = &'g Memory> {
        let memories = &self.gathered.memories;
        memories.iter().filter(|memory| !memory.pinned && !self.taken.contains(&memory.id))
    }

    fn duplicates(&mut self) {
        let mut alike: BTreeMap<String, Vec<&Memory>> = BTreeMap::new();
        for memory in self.free() {
            alike.entry(sameness_key(&memory.text)).or_default().push(memory);
        }
        for mut group in alike.into_values().filter(|group| group.len() > 1) {
            group.sort_by_key(|memory| (Reverse(memory.origin), memory.created_at, memory.id));
            let keeper = group[0];
            for other in group.into_iter().skip(1) {
                let same = says_the_same(&keeper.text, &other.text)
                    && keeper.kind == other.kind
                    && keeper.validity == other.validity
                    && keeper.expires_at == other.expires_at
                    && keeper.detail.when == other.detail.when
                    && keeper.scope == other.scope;
                if same {
                    self.merge(keeper, other);
                }
            }
        }
    }

    fn merge(&mut self, keeper: &Memory, other: &Memory) {
        let told = Told {
            kind: ChangeKind::Merge,
            rule: "same_memory",
            title: format!("“{}” is remembered twice", short(&other.text)),
            reason: format!("“{}” stays and says the same.", keeper.text),
        };
        self.supersede(
            (other, keeper),
            other.validity.to,
            ClaimFate::Merged { into: keeper.text.clone() },
            told,
        );
    }

    /// Values of one property, told by what learning noted; a later one ends the earlier.
    fn contradictions(&mut self) {
        let mut groups: BTreeMap<String, Vec<&Memory>> = BTreeMap::new();
        for memory in self.free() {
            if let Some(slot) = memory.detail.slot.as_ref().filter(|slot| slot.one_valued && !slot.ended) {
                groups.entry(format!("{:?}{}", memory.scope, slot.key())).or_default().push(memory);
            }
        }
        for group in groups.into_values() {
            let Some(latest) = group.iter().copied().max_by_key(|memory| said_at(memory)) else { continue };
            for older in group.into_iter().filter(|older| older.id != latest.id) {
                let value = |memory: &Memory| {
                    memory.detail.slot.as_ref().map(|slot| normalised(&slot.value)).unwrap_or_default()
                };
                let (one, other) = (value(older), value(latest));
                let is_other = one != other && !is_within(&one, &other);
                if is_other && older.origin <= latest.origin && said_at(older) < said_at(latest) {
                    let told = Told {
                        kind: ChangeKind::Supersede,
                        rule: "later_value",
                        title: format!("“{}” holds no longer", short(&older.text)),
                        reason: format!("“{}” was said later.", latest.text),
                    };
                    let fate = ClaimFate::Superseded { by: latest.text.clone() };
                    self.supersede((older, latest), Some(said_at(latest)), fate, told);
                }
            }
        }
    }

    fn supersede(
        &mut self,
        (older, newer): (&Memory, &Memory),
        to: Option<Timestamp>,
        fate: ClaimFate,
        told: Told,
    ) {
        let mut after = older.clone();
        after.status = Status::Superseded;
        after.superseded_by = Some(newer.id);
        // An end that lies before the beginning would say that it never held.
        let ends = to.filter(|to| older.validity.from.is_none_or(|from| from < *to));
        after.validity.to = older.validity.to.or(ends);
        // The same before and after: what the change relies on must still be there.
        self.push(
            told,
            vec![(newer, newer.clone(), Operation::Update), (older, after, Operation::Supersede)],
            (older, fate),
        );
    }

    fn stale(&mut self, policy: &MaintainPolicy) {
        let usefulness = &self.gathered.usefulness;
        let judged: Vec<_> = self
            .free()
            .filter_map(|memory| {
                let fared = usefulness.iter().find(|found| found.memory == memory.id).copied();
                Some((memory, judge(memory, fared, policy, self.gathered.at)?))
            })
            .collect();
        for (memory, judgement) in judged {
            let told = Told {
                kind: ChangeKind::Archive,
                rule: judgement.rule.as_str(),
                title: format!("“{}” is set aside", short(&memory.text)),
                reason: format!("Because {}; it can be restored.", judgement.because),
            };
            let after = Memory { status: Status::Archived, ..memory.clone() };
            let fate = ClaimFate::Moved { to: "the archive".to_owned() };
            self.push(told, vec![(memory, after, Operation::Archive)], (memory, fate));
        }
    }

    /// What somebody wrote outright was written when it was recorded; what was learned has its dates already.
    fn dates(&mut self) {
        let outright = |memory: &&Memory| {
            memory.evidence.is_empty() && memory.detail.when.is_none() && memory.version == 1
        };
        let found: Vec<_> = self
            .free()
            .filter(outright)
            .filter_map(|memory| {
                let anchor = Anchor { at: memory.created_at, zone: self.gathered.zone.rules() };
                Some((memory, dates::dated(&memory.text, &[anchor.clone(), anchor])?))
            })
            .collect();
        for (memory, dated) in found {
            let told = Told {
                kind: ChangeKind::Redate,
                rule: "relative_date",
                title: format!("{} in “{}”", dated.notes.join(", "), short(&memory.text)),
                reason: format!(
                    "It was written on {}.",
                    memory.created_at.to_zoned(self.gathered.zone.rules()).date()
                ),
            };
            let after = Memory { text: dated.text.clone(), ..memory.clone() };
            let fate = ClaimFate::Redated { to: dated.text };
            self.push(told, vec![(memory, after, Operation::Update)], (memory, fate));
        }
    }

    fn push(
        &mut self,
        told: Told,
        effects: Vec<(&Memory, Memory, Operation)>,
        (claim, fate): (&Memory, ClaimFate),
    ) {
        let origin = effects.iter().map(|(before, ..)| before.origin).min().unwrap_or(claim.origin);
        let effects = effects.into_iter().map(|(before, after, operation)| {
            self.taken.insert(before.id);
            Effect::Memory(MemoryEffect {
                memory: before.id,
                expected: Some(before.version),
                operation,
                before: Some(Box::new(before.clone())),
                after: Box::new(after),
            })
        });
        let effects = effects.collect();
        self.changes.push(ProposedChange {
            dream: self.dream,
            number: 0,
            kind: told.kind,
            title: told.title,
            reason: told.reason,
            maker: DreamMaker::Rule(told.rule.to_owned()),
            effects,
            claims: vec![ClaimAccount { place: claim.id.to_string(), text: claim.text.clone(), fate }],
            evidence: Vec::new(),
            origin,
            needs: Vec::new(),
            review: ChangeReview::Waiting,
        });
    }
}

fn said_at(memory: &Memory) -> Timestamp {
    memory.detail.said_at.or(memory.validity.from).unwrap_or(memory.created_at)
}
