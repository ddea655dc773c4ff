//! Levelling: of what is erased the port says what goes and what must stay, and leaves the rest to the
//! store. Here that rest is made the same, so that two sound stores compare as equal.

use dreamkeeper_domain::memory::{Evidence, Memory, Status};
use dreamkeeper_domain::message::Message;
use dreamkeeper_domain::time::Interval;
use dreamkeeper_domain::version::Version;

use super::Everything;

pub(super) fn level(all: &mut Everything) {
    let turns = all.turns.values_mut().flatten().chain(&mut all.surroundings.messages);
    all.messages.values_mut().chain(turns).for_each(level_message);
    // What a memory was before it was erased may be answered as what is left of it, or not at all.
    all.memories.retain(|(moment, _), memory| moment.is_none() || memory.status != Status::Erased);
    let snapshots = all.snapshots.iter_mut().flat_map(|snapshot| &mut snapshot.pinned);
    all.memories.values_mut().chain(&mut all.memories_listed).chain(snapshots).for_each(level_memory);
    all.memory_versions.iter_mut().flatten().for_each(level_version);
    let items = all.receipts.iter_mut().flatten().flat_map(|receipt| &mut receipt.items);
    for item in items {
        level_evidence(&mut item.evidence);
        if item.quote.is_empty() {
            item.span = None;
        }
    }
}

fn level_message(message: &mut Message) {
    if message.erased {
        (message.author, message.client_id, message.zone) = (None, None, None);
    }
}

fn level_memory(memory: &mut Memory) {
    level_evidence(&mut memory.evidence);
    if memory.status == Status::Erased {
        (memory.validity, memory.expires_at, memory.pinned) = (Interval::default(), None, false);
    }
}

fn level_version(version: &mut Version) {
    let Some(content) = &mut version.content else { return };
    let mut memory: Memory = serde_json::from_value(content.take()).expect("a version holds a whole memory");
    level_memory(&mut memory);
    *content = serde_json::to_value(memory).expect("a memory is JSON");
}

fn level_evidence(evidence: &mut Vec<Evidence>) {
    evidence.retain(|quote| !quote.quote.is_empty());
}
