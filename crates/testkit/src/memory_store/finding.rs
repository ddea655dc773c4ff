//! Finding memories by what they say, and what was served.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use dreamkeeper_domain::detail::{normalised, sentences};
use dreamkeeper_domain::id::MessageId;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_domain::receipt::{Receipt, ServedSubject};
use dreamkeeper_domain::scope::Scope;

use super::model::{Model, same_ids};

impl Model {
    pub(super) fn memories_by_slot(&self, scope: &Scope, keys: &[String]) -> Vec<Memory> {
        self.of_ids(scope, |memory| {
            matches!(memory.status, Status::Active | Status::Superseded)
                && memory.detail.slot.as_ref().is_some_and(|slot| keys.contains(&slot.key()))
        })
    }

    pub(super) fn memories_by_evidence(&self, messages: &[MessageId]) -> Vec<Memory> {
        let quotes = |memory: &&Memory| {
            memory.evidence.iter().any(|evidence| messages.contains(&evidence.message))
                && memory.status != Status::Erased
        };
        self.memories.values().map(|record| &record.current).filter(quotes).cloned().collect()
    }

    pub(super) fn memories_by_text(&self, scope: &Scope, texts: &[String]) -> Vec<Memory> {
        let says = |memory: &Memory| texts.contains(&normalised(&memory.text));
        self.of_ids(scope, |memory| memory.status == Status::Active && says(memory))
    }

    fn of_ids(&self, scope: &Scope, wanted: impl Fn(&Memory) -> bool) -> Vec<Memory> {
        let memories = self.memories.values().map(|record| &record.current);
        let mut found: Vec<Memory> =
            memories.filter(|memory| same_ids(&memory.scope, scope) && wanted(memory)).cloned().collect();
        found.sort_by_key(|memory| (memory.updated_at, memory.id));
        found
    }

    pub(super) fn memories_by_name(&self, scope: &Scope, names: &[String], limit: usize) -> Vec<Memory> {
        let says = |memory: &&Memory| memory.detail.names().iter().any(|name| names.contains(name));
        let mut found: Vec<Memory> = self.active(scope).filter(says).cloned().collect();
        found.sort_by_key(|memory| Reverse((memory.updated_at, memory.id)));
        found.truncate(limit);
        found
    }

    pub(super) fn names(&self, scope: &Scope, limit: usize) -> Vec<(String, u64)> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for name in self.active(scope).flat_map(|memory| memory.detail.names()) {
            *counts.entry(name).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| Reverse(*count));
        counts.truncate(limit);
        counts
    }

    fn active(&self, scope: &Scope) -> impl Iterator<Item = &Memory> {
        let memories = self.memories.values().map(|record| &record.current);
        memories.filter(|memory| memory.status == Status::Active && scope.covers(&memory.scope))
    }

    pub(super) fn served_of_low_origin(&self, scope: &Scope, limit: usize) -> Vec<(Origin, String)> {
        let of_scope = |receipt: &&Receipt| {
            (&receipt.scope.user, &receipt.scope.agent) == (&scope.user, &scope.agent)
                && receipt.items.iter().any(|item| item.origin <= Origin::Tool)
        };
        let receipts = self.receipts.values().rev().filter(of_scope).take(limit);
        let items = receipts.flat_map(|receipt| &receipt.items);
        let low = items.filter(|item| item.origin <= Origin::Tool && !item.quote.is_empty());
        low.map(|item| (item.origin, item.quote.clone())).collect()
    }

    pub(super) fn served(&self, scope: &Scope, wanted: &[String]) -> Vec<String> {
        let receipts = self
            .receipts
            .values()
            .filter(|receipt| (&receipt.scope.user, &receipt.scope.agent) == (&scope.user, &scope.agent));
        let items = receipts.flat_map(|receipt| &receipt.items);
        let of_memories = items.filter(|item| matches!(item.subject, ServedSubject::Memory { .. }));
        let served: BTreeSet<String> = of_memories.flat_map(|item| sentences(&item.quote)).collect();
        wanted.iter().filter(|sentence| served.contains(*sentence)).cloned().collect()
    }
}
