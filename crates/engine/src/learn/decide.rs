//! Decide: what becomes of a grounded candidate beside what is known: add, update, delete or no-op.
//!
//! A model may wish; code decides, because what it decides must not depend on the order of work, on a model's
//! mood or on an injected instruction. Nothing outside the neighbours is touched, nothing of a higher origin is
//! replaced, nothing is destroyed.

use dreamkeeper_domain::candidate::{Candidate, Cause};
use dreamkeeper_domain::detail::{Slot, normalised};
use dreamkeeper_domain::event::{Decision, Verdict};
use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::origin::Via;
use jiff::Timestamp;

use super::desk::Desk;
use super::neighbours::Neighbours;
use super::similar::say_the_same;
use super::timeline::{SaidBy, lay_out};

/// What a model would do with a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Replace that memory.
    Update(MemoryId),
    /// Nothing: that memory says it already.
    NoOp(MemoryId),
}

/// What deciding needs beside the candidate.
pub(crate) struct Deciding<'a> {
    /// The memories on the table; the candidate's neighbours lie among them.
    pub(crate) desk: &'a mut Desk,
    /// When the quoted messages were said.
    pub(crate) said: &'a SaidBy,
    /// The moment of deciding.
    pub(crate) at: Timestamp,
    /// Makes ids.
    pub(crate) fresh: &'a mut dyn FnMut() -> MemoryId,
}

impl Deciding<'_> {
    /// Decides about one candidate and changes the desk accordingly. `Err` holds the causes for which a person
    /// has to see it first.
    pub(crate) fn decide(
        &mut self,
        candidate: &Candidate,
        neighbours: &Neighbours,
        wish: Option<Wish>,
    ) -> Result<Decision, Cause> {
        let decision = self.place(candidate, neighbours, wish)?;
        Ok(self.end_what_is_over(decision, neighbours))
    }

    fn place(
        &mut self,
        candidate: &Candidate,
        neighbours: &Neighbours,
        wish: Option<Wish>,
    ) -> Result<Decision, Cause> {
        let new = memory_of(candidate, (self.fresh)(), self.at);
        let group = self.group(&new, neighbours);
        if let Some(known) =
            group.iter().find(|known| known.origin > new.origin && known.status == Status::Active)
        {
            return if same_value(known, &new) {
                Ok(no_op(candidate, known.id, "known from a higher origin"))
            } else {
                Err(Cause::Contradiction)
            };
        }
        if !group.is_empty() {
            return Ok(self.by_slot(candidate, &new, group));
        }
        if let Some(known) = self.saying_the_same(&new, neighbours, wish) {
            return Ok(self.merge(candidate, &new, known));
        }
        if let Some(old) = self.to_replace(candidate, &new, neighbours, wish)? {
            return Ok(self.replace(candidate, new, old));
        }
        let id = new.id;
        self.desk.put(new, "said");
        Ok(decision(candidate, Verdict::Add { memory: id }, "nothing known says it"))
    }

    /// The memories that give the same property of the same subject: all of a one-valued slot; of another those
    /// with the same value, and those that say the opposite of it.
    fn group(&self, new: &Memory, neighbours: &Neighbours) -> Vec<Memory> {
        let Some(slot) = &new.detail.slot else { return Vec::new() };
        let fits = |memory: &&Memory| {
            let Some(other) = &memory.detail.slot else { return false };
            let stands = matches!(memory.status, Status::Active | Status::Superseded);
            stands
                && same_owner(memory, new)
                && slot.ended == other.ended
                && if slot.one_valued && !slot.ended {
                    neighbours.is_same_slot(slot, other)
                } else {
                    neighbours.is_same_or_opposite(slot, other) && slot.value_key() == other.value_key()
                }
        };
        self.desk.memories().filter(fits).cloned().collect()
    }

    fn by_slot(&mut self, candidate: &Candidate, new: &Memory, group: Vec<Memory>) -> Decision {
        // What a lower origin said is replaced, never mixed in: it would pull the memory down to its own.
        let (lower, group): (Vec<Memory>, Vec<Memory>) =
            group.into_iter().partition(|known| known.origin < new.origin);
        let known: Vec<MemoryId> = group.iter().map(|memory| memory.id).collect();
        let placed = lay_out(self.desk, &group, new, (self.said, self.fresh), &value_of);
        let mut superseded = placed.superseded;
        for old in lower.into_iter().filter(|old| old.status == Status::Active) {
            superseded = superseded.or(Some(old.id));
            self.supersede(old, placed.memory, new, "a higher origin said it");
        }
        let verdict = match superseded {
            _ if known.contains(&placed.memory) => Verdict::NoOp { memory: placed.memory },
            Some(superseded) => Verdict::Update { memory: placed.memory, superseded },
            None => Verdict::Add { memory: placed.memory },
        };
        let reason = match &verdict {
            Verdict::NoOp { .. } => "said before: one more quote for it",
            Verdict::Update { .. } => "the same property has a new value",
            _ => "a value that was said before what is known now",
        };
        decision(candidate, verdict, reason)
    }

    /// An active memory that says the same in other words.
    fn saying_the_same(&self, new: &Memory, neighbours: &Neighbours, wish: Option<Wish>) -> Option<Memory> {
        let text = normalised(&new.text);
        let candidates = self.desk.memories().filter(|memory| {
            memory.status == Status::Active
                && memory.kind == new.kind
                && same_owner(memory, new)
                && compatible(memory, new)
        });
        let same = candidates.filter(|memory| {
            let wished = wish == Some(Wish::NoOp(memory.id)) && neighbours.is_near(memory.id);
            normalised(&memory.text) == text
                || say_the_same(&memory.text, &new.text, neighbours.cosine(memory.id))
                || (wished && neighbours.is_very_near(memory.id))
        });
        same.min_by_key(|memory| (memory.detail.said_at.unwrap_or(memory.created_at), memory.id)).cloned()
    }

    fn merge(&mut self, candidate: &Candidate, new: &Memory, known: Memory) -> Decision {
        if known.origin > new.origin || known.evidence.is_empty() {
            return no_op(candidate, known.id, "known already");
        }
        if known.origin < new.origin {
            let (id, superseded) = (new.id, known.id);
            self.desk.put(Memory { supersedes: Some(superseded), ..new.clone() }, "said");
            self.supersede(known, id, new, "a higher origin said it");
            return decision(
                candidate,
                Verdict::Update { memory: id, superseded },
                "a higher origin said it",
            );
        }
        let placed = lay_out(self.desk, &[known], new, (self.said, self.fresh), &|_| "same".to_owned());
        no_op(candidate, placed.memory, "said before in other words: one more quote for it")
    }

    /// The memory that the candidate takes the place of: the one whose value it corrects, or the one that a model
    /// names, where code sees that both are about the same thing.
    fn to_replace(
        &self,
        candidate: &Candidate,
        new: &Memory,
        neighbours: &Neighbours,
        wish: Option<Wish>,
    ) -> Result<Option<Memory>, Cause> {
        let replaced_value = candidate.replaces.as_deref().map(normalised);
        let ends = new.detail.slot.as_ref().is_some_and(|slot| slot.ended);
        let corrected = |memory: &&Memory| {
            if ends {
                return false;
            }
            let (Some(value), Some(slot), Some(other)) =
                (&replaced_value, &new.detail.slot, &memory.detail.slot)
            else {
                return false;
            };
            neighbours.is_same_slot(slot, other) && other.value_key() == *value
        };
        let active = |memory: &&Memory| memory.status == Status::Active && same_owner(memory, new);
        let found = self.desk.memories().filter(active).find(corrected).or_else(|| match wish {
            Some(Wish::Update(id)) if neighbours.is_near(id) => {
                self.desk.get(id).filter(|memory| active(memory) && about_the_same(memory, new))
            }
            Some(Wish::Update(_) | Wish::NoOp(_)) | None => None,
        });
        match found {
            Some(old) if old.origin > new.origin => Err(Cause::Contradiction),
            found => Ok(found.cloned()),
        }
    }

    fn replace(&mut self, candidate: &Candidate, new: Memory, old: Memory) -> Decision {
        let (id, superseded) = (new.id, old.id);
        let old_said = old.detail.said_at.unwrap_or(old.created_at);
        if old_said > candidate.said_at {
            // Said before what it would replace: it is the older of the two, whichever was learned first.
            self.desk.put(Memory { supersedes: old.supersedes, ..new.clone() }, "said");
            self.supersede(new, superseded, &old, "said otherwise later");
            return decision(
                candidate,
                Verdict::Add { memory: id },
                "a value that was said before what is known now",
            );
        }
        self.desk.put(Memory { supersedes: Some(superseded), ..new.clone() }, "said");
        self.supersede(old, id, &new, "said otherwise later");
        decision(candidate, Verdict::Update { memory: id, superseded }, "it takes back what was known")
    }

    fn supersede(&mut self, old: Memory, by: MemoryId, new: &Memory, reason: &str) {
        let end = new.validity.from.or(new.detail.said_at).unwrap_or(self.at);
        let mut old = Memory { status: Status::Superseded, superseded_by: Some(by), ..old };
        if old.validity.from.is_none_or(|from| from < end) {
            old.validity.to = Some(old.validity.to.map_or(end, |to| to.min(end)));
        }
        self.desk.put(old, reason);
    }
}

/// The memory that a candidate would be.
pub(crate) fn memory_of(candidate: &Candidate, id: MemoryId, at: Timestamp) -> Memory {
    let mut detail = candidate.detail.clone();
    detail.said_at = Some(candidate.said_at);
    detail.session_count = Some(1);
    Memory {
        id,
        version: 1,
        text: candidate.text.clone(),
        kind: candidate.kind,
        scope: candidate.scope.clone(),
        status: Status::Active,
        origin: candidate.origin,
        via: Via::Derived,
        author: super::actor(&candidate.proposer),
        evidence: candidate.evidence.clone(),
        detail,
        aliases: Vec::new(),
        categories: candidate.categories.clone(),
        metadata: serde_json::Map::new(),
        validity: candidate.validity,
        expires_at: candidate.expires_at,
        pinned: false,
        supersedes: None,
        superseded_by: None,
        created_at: at,
        updated_at: at,
    }
}

/// What is compared along a timeline: of a one-valued slot the value, of another what is said of that value.
fn value_of(memory: &Memory) -> String {
    memory.detail.slot.as_ref().map_or_else(String::new, |slot| {
        if slot.one_valued && !slot.ended { slot.value_key() } else { normalised(&slot.attribute) }
    })
}

fn same_value(one: &Memory, other: &Memory) -> bool {
    value_of(one) == value_of(other)
}

/// Whether two memories are of the same user, agent, app and run: labels may differ.
pub(crate) fn same_owner(one: &Memory, other: &Memory) -> bool {
    let (one, other) = (&one.scope, &other.scope);
    (&one.user, &one.agent, &one.app, &one.run) == (&other.user, &other.agent, &other.app, &other.run)
}

/// Whether nothing in their parts tells two memories apart.
pub(crate) fn compatible(one: &Memory, other: &Memory) -> bool {
    let differ = |one: &Slot, other: &Slot| {
        one.key() != other.key() || one.value_key() != other.value_key() || one.ended != other.ended
    };
    match (&one.detail.slot, &other.detail.slot) {
        (Some(one), Some(other)) => !differ(one, other),
        (None, _) | (_, None) => true,
    }
}

/// Whether two memories are about the same thing, so that one may take the other's place: the same slot, or a
/// name or most words in common.
pub(crate) fn about_the_same(one: &Memory, other: &Memory) -> bool {
    if let (Some(one), Some(other)) = (&one.detail.slot, &other.detail.slot) {
        return one.key() == other.key();
    }
    let common = one.detail.names().intersection(&other.detail.names()).next().is_some();
    let words = (super::similar::word_set(&one.text), super::similar::word_set(&other.text));
    let nearness = super::similar::jaccard(&words.0, &words.1);
    one.kind == other.kind && (nearness >= 0.4 || (common && nearness >= 0.2))
}

fn no_op(candidate: &Candidate, memory: MemoryId, reason: &str) -> Decision {
    decision(candidate, Verdict::NoOp { memory }, reason)
}

fn decision(candidate: &Candidate, verdict: Verdict, reason: &str) -> Decision {
    Decision {
        verdict,
        text: candidate.text.clone(),
        reason: reason.to_owned(),
        causes: std::collections::BTreeSet::new(),
        neighbours: Vec::new(),
        messages: candidate.evidence.iter().map(|evidence| evidence.message).collect(),
    }
}
