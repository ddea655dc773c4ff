//! What a proposed change rests on, and what is left of it when that is erased.

use std::collections::{BTreeMap, BTreeSet};

use super::{ChangeReview, Effect, ProposedChange, TopicEffect};
use crate::id::{MemoryId, MessageId, TopicId};
use crate::memory::Evidence;

impl ProposedChange {
    /// The messages that it, or a memory in it, quotes.
    pub fn messages(&self) -> BTreeSet<MessageId> {
        let quoted = self.evidence.iter().map(|quote| quote.message);
        let in_memories = self.effects.iter().flat_map(|effect| match effect {
            Effect::Topic(_) => Vec::new(),
            Effect::Memory(effect) => {
                let sides = effect.before.iter().chain([&effect.after]);
                sides.flat_map(|memory| &memory.evidence).map(|evidence| evidence.message).collect()
            }
        });
        quoted.chain(in_memories).collect()
    }

    /// The memories that it changes.
    pub fn memories(&self) -> BTreeSet<MemoryId> {
        let memory = |effect: &Effect| match effect {
            Effect::Topic(_) => None,
            Effect::Memory(effect) => Some(effect.memory),
        };
        self.effects.iter().filter_map(memory).collect()
    }

    /// The topics that it changes, with the number of the version before.
    pub fn topics(&self) -> BTreeMap<TopicId, Option<u32>> {
        let number = |effect: &TopicEffect| (effect.topic, effect.before.as_ref().map(|side| side.number));
        self.topic_effects().map(number).collect()
    }

    /// Whether it tells what a version of a topic held: it was made from that version, or says the same before or
    /// after.
    pub fn tells(&self, topic: TopicId, number: u32, content: Option<&str>) -> bool {
        self.topic_effects().filter(|effect| effect.topic == topic).any(|effect| {
            let before = effect.before.iter().map(|side| side.content.as_str());
            let mut sides = before.chain(effect.after.iter().map(|(_, content)| content.as_str()));
            effect.before.as_ref().is_some_and(|side| side.number == number)
                || content.is_some_and(|content| sides.any(|side| side == content))
        })
    }

    /// Takes away what a message said. A change that rests on the message says nothing any more; of one that
    /// only touches memories which quote it, the quotes go, as they go from the memories.
    pub fn erase_message(&mut self, id: MessageId) {
        if self.evidence.iter().any(|quote| quote.message == id) {
            return self.empty();
        }
        for effect in &mut self.effects {
            let Effect::Memory(effect) = effect else { continue };
            let sides = effect.before.iter_mut().chain([&mut effect.after]);
            let quotes = sides.flat_map(|memory| &mut memory.evidence);
            quotes.filter(|evidence| evidence.message == id).for_each(|Evidence { quote, .. }| quote.clear());
        }
    }

    /// Takes away everything that it says, because a source of it was erased; what became of it stays. One that
    /// is not decided about cannot be let through any more.
    pub fn empty(&mut self) {
        self.title.clear();
        self.reason.clear();
        self.effects.clear();
        self.claims.clear();
        self.evidence.iter_mut().for_each(|quote| quote.quote.clear());
        match &mut self.review {
            ChangeReview::Waiting
            | ChangeReview::Accepted { .. }
            | ChangeReview::SetAside { .. }
            | ChangeReview::RolledBack { .. } => {
                let reasons = vec!["something that it rests on was erased".to_owned()];
                self.review = ChangeReview::SetAside { reasons };
            }
            // A reason may repeat what it was given for.
            ChangeReview::Rejected { reason, .. } => *reason = None,
            ChangeReview::Adopted { .. } => {}
        }
    }

    fn topic_effects(&self) -> impl Iterator<Item = &TopicEffect> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::Topic(effect) => Some(effect),
            Effect::Memory(_) => None,
        })
    }
}
