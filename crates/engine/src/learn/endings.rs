//! Endings: what a person says is over ("I no longer work at Google", "I sold my motorbike") closes the validity of
//! the memory that said it was so, whichever of the two was learned first. What does not match stays.

use std::collections::BTreeSet;

use dreamkeeper_domain::detail::Slot;
use dreamkeeper_domain::event::{Decision, Verdict};
use dreamkeeper_domain::id::MemoryId;
use dreamkeeper_domain::memory::{Kind, Memory, Status};
use dreamkeeper_domain::text::{TermHash, is_stop_word, term_hash, words};
use jiff::Timestamp;

use super::decide::{Deciding, same_owner};
use super::neighbours::Neighbours;

/// Properties that people tell one thing by: "I gave up tennis" ends a hobby as much as a habit.
const FAMILIES: [&[&str]; 5] = [
    &["employer", "job_title", "field", "school", "studies", "project"],
    &["residence", "household"],
    &["partner", "family", "friend"],
    &["possession", "pet"],
    &[
        "habit",
        "hobby",
        "diet",
        "likes",
        "skill",
        "languages",
        "prefers",
        "medication",
        "status",
        "possession",
        "field",
        "studies",
        "school",
    ],
];
/// Words that name nothing by themselves.
const LIGHT: [&str; 29] = [
    "go", "going", "do", "doing", "play", "playing", "take", "taking", "have", "having", "use", "using",
    "eat", "eating", "get", "getting", "work", "working", "job", "thing", "stuff", "company", "position",
    "role", "live", "living", "old", "new", "lesson",
];

/// Words by which a text says that something is not so.
const DENIALS: [&str; 8] = ["not", "never", "no", "don", "doesn", "isn", "aren", "didn"];

/// The properties under which what has ended may be known, the ended one's own first.
pub(crate) fn family(attribute: &str) -> Vec<&'static str> {
    let mut all = Vec::new();
    for family in FAMILIES.iter().filter(|family| family.contains(&attribute)) {
        all.extend(family.iter().copied().filter(|one| !all.contains(one)).collect::<Vec<_>>());
    }
    all
}

/// Whether what has ended is what a memory says.
fn is_over(ended: &Slot, known: &Memory, neighbours: &Neighbours) -> bool {
    let Some(slot) = known.detail.slot.as_ref().filter(|slot| !slot.ended) else { return false };
    if !neighbours.is_same_subject(ended, slot) || is_denied(&known.text) {
        return false;
    }
    let same = ended.attribute == slot.attribute;
    let asked = naming(&ended.value);
    if asked.is_empty() {
        // "I quit my job": of a property with one value no name is needed.
        return same && slot.one_valued && ended.one_valued;
    }
    let mut has = terms(&slot.value);
    has.extend(terms(&known.text));
    (same || family(&ended.attribute).contains(&slot.attribute.as_str())) && asked.is_subset(&has)
}

/// Whether a text says that something is not so.
pub(crate) fn is_denied(text: &str) -> bool {
    let mut denied = false;
    words(text, |word| denied |= DENIALS.contains(&word));
    denied
}

/// The terms by which a value is known again: all that say something, else all.
fn naming(value: &str) -> BTreeSet<TermHash> {
    let mut naming = BTreeSet::new();
    words(value, |word| {
        if !is_stop_word(word) && !LIGHT.contains(&word) {
            naming.insert(term_hash(word));
        }
    });
    naming
}

fn terms(text: &str) -> BTreeSet<TermHash> {
    let mut terms = BTreeSet::new();
    words(text, |word| {
        terms.insert(term_hash(word));
    });
    terms
}

fn said(memory: &Memory) -> Timestamp {
    memory.detail.said_at.unwrap_or(memory.created_at)
}

impl Deciding<'_> {
    /// After a memory was placed: ends what it says is over, or is ended itself by what was said later.
    pub(crate) fn end_what_is_over(&mut self, mut decision: Decision, neighbours: &Neighbours) -> Decision {
        let (Verdict::Add { memory } | Verdict::Update { memory, .. } | Verdict::NoOp { memory }) =
            decision.verdict
        else {
            return decision;
        };
        let Some(placed) = self.desk.get(memory).filter(|placed| placed.status == Status::Active).cloned()
        else {
            return decision;
        };
        let Some(slot) = placed.detail.slot.clone() else { return decision };
        let is_other = |known: &&Memory| {
            known.status == Status::Active && known.id != placed.id && same_owner(known, &placed)
        };
        if slot.ended {
            let over = |known: &&Memory| is_other(known) && is_over(&slot, known, neighbours);
            let known: Vec<Memory> = self.desk.memories().filter(over).cloned().collect();
            let (later, earlier): (Vec<Memory>, Vec<Memory>) =
                known.into_iter().partition(|known| said(known) > said(&placed));
            let first = earlier.iter().find(|known| known.origin <= placed.origin).map(|known| known.id);
            for known in earlier {
                self.end(known, &placed);
            }
            if let (Verdict::Add { .. }, Some(superseded)) = (&decision.verdict, first) {
                decision.verdict = Verdict::Update { memory, superseded };
                "it has ended".clone_into(&mut decision.reason);
            }
            if let Some(again) = later.into_iter().next() {
                self.begin_again(placed, &again);
            }
            return decision;
        }
        let ends = |ended: &&Memory| {
            let slot = ended.detail.slot.as_ref().filter(|slot| slot.ended);
            is_other(ended) && slot.is_some_and(|slot| is_over(slot, &placed, neighbours))
        };
        let endings: Vec<Memory> = self.desk.memories().filter(ends).cloned().collect();
        let (later, earlier): (Vec<Memory>, Vec<Memory>) =
            endings.into_iter().partition(|ended| said(ended) > said(&placed));
        for ended in earlier {
            self.begin_again(ended, &placed);
        }
        if let Some(ended) = later.into_iter().min_by_key(|ended| (said(ended), ended.id)) {
            self.end(placed, &ended);
        }
        decision
    }

    /// Ends a memory, unless it comes from a higher origin than what says so.
    fn end(&mut self, known: Memory, ended: &Memory) {
        if known.origin > ended.origin {
            return;
        }
        let interval = ended.detail.when.as_ref().and_then(|when| when.interval);
        let at = interval.and_then(|interval| interval.from).unwrap_or_else(|| said(ended));
        let mut known = Memory { status: Status::Superseded, superseded_by: Some(ended.id), ..known };
        if known.validity.from.is_none_or(|from| from < at) {
            known.validity.to = Some(known.validity.to.map_or(at, |to| to.min(at)));
        }
        self.desk.put(known, "the person said that it has ended");
    }

    /// What was over is so again: that it was over is history. An event stays one.
    fn begin_again(&mut self, ended: Memory, by: &Memory) {
        if ended.kind == Kind::Event || ended.origin > by.origin {
            return;
        }
        let id: MemoryId = by.id;
        let mut ended = Memory { status: Status::Superseded, superseded_by: Some(id), ..ended };
        ended.validity.to = Some(said(by));
        self.desk.put(ended, "said otherwise later");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_words_name_nothing() {
        assert!(naming("my job").is_empty());
        assert_eq!(naming("going to the gym"), naming("gym"));
        assert_ne!(naming("smoking"), naming(""));
    }

    #[test]
    fn a_property_is_of_its_own_family() {
        assert!(family("habit").contains(&"hobby") && family("employer").contains(&"job_title"));
        assert!(family("name").is_empty());
    }
}
