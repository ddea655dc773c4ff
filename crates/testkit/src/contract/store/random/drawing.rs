//! Draws ChangeSets: most of them sound, some of them not, none whose answer the port leaves open.

use dreamkeeper_domain::changeset::{ChangeSet, Expected, Write};
use dreamkeeper_domain::memory::{Kind, Memory, Status};
use dreamkeeper_domain::message::{Message, Role};
use dreamkeeper_domain::ports::SpaceStore;
use dreamkeeper_domain::receipt::ServedSubject;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::session::Session;
use dreamkeeper_domain::topic_store::TopicStore;
use dreamkeeper_domain::version::Operation;
use jiff::Timestamp;
use serde_json::json;

use super::super::reading::Asked;
use super::super::told;
use crate::SeededEntropy;
use crate::builders::{
    ChangeSetBuilder, MemoryBuilder, a_memory, a_message, a_named_session, a_receipt, a_scope, a_served,
    a_session, a_topic_store, changes, memory_passages, minute, put_store,
};

const WORDS: [&str; 12] = [
    "tea", "kayak", "Faro", "Sunday", "sister", "green", "market", "dentist", "猫", "bridge", "lemon",
    "storm",
];
const STATE_KEYS: [&str; 5] = ["plan", "Plan", "cart", "stage", "tier"];

/// Draws from a pool of records that grows as ChangeSets are applied.
pub(super) struct Drawing<'entropy> {
    pub(super) entropy: &'entropy SeededEntropy,
    step: usize,
    pub(super) scopes: Vec<Scope>,
    pub(super) sessions: Vec<Session>,
    pub(super) stores: Vec<TopicStore>,
    is_furnished: bool,
    applied: Vec<ChangeSet>,
    pub(super) asked: Asked,
}

impl<'entropy> Drawing<'entropy> {
    /// Begins at a step, so that times go on growing from one drawing to the next.
    pub(super) fn new(entropy: &'entropy SeededEntropy, step: usize) -> Self {
        let scopes =
            vec![a_scope("ana", &["home"]), a_scope("ana", &[]), a_scope("bo", &[]), Scope::default()];
        let named = |scope: &Scope, key| a_named_session(scope.clone(), key);
        // The first two are one session under two ids: their scopes differ in labels only.
        let mut sessions = vec![named(&scopes[0], "chat"), named(&scopes[1], "chat")];
        sessions.extend([named(&scopes[2], "chat"), a_session(scopes[3].clone())]);
        let store = |scope: &Scope| TopicStore { scope: scope.clone(), ..a_topic_store("notes") };
        let stores = vec![store(&scopes[0]), store(&scopes[3])];
        Self {
            entropy,
            step,
            scopes,
            sessions,
            stores,
            is_furnished: false,
            applied: Vec::new(),
            asked: Asked::default(),
        }
    }

    /// What has been written or tried so far.
    pub(super) fn asked(&self) -> &Asked {
        &self.asked
    }

    /// Remembers a ChangeSet that was tried, so that later ones can build on it.
    pub(super) fn record(&mut self, set: ChangeSet, applied: bool) {
        if self.entropy.below(8) == 0 {
            self.asked.moments.push(set.at);
        }
        if applied && set.idempotency.is_some() {
            self.applied.push(set);
        }
    }

    /// The next ChangeSet, given what is there.
    pub(super) async fn change_set(&mut self, model: &dyn SpaceStore) -> ChangeSet {
        self.step += 1;
        if !self.applied.is_empty() && self.entropy.below(10) == 0 {
            let mut again = self.entropy.pick(&self.applied).clone();
            if self.entropy.below(2) == 0
                && let Some((_, digest)) = &mut again.idempotency
            {
                digest[0] ^= 1;
            }
            return again;
        }
        let mut set = changes().at(minute(self.step as i64));
        if self.entropy.below(3) == 0 {
            set = set.idempotent(&format!("request {} {}", self.step, self.entropy.draw()), 0);
        }
        // Most of what is drawn of topics is about stores that are there.
        if !std::mem::replace(&mut self.is_furnished, true) {
            set = set.writes(self.stores.iter().map(put_store));
        }
        for _ in 0..=self.entropy.below(3) {
            set = self.write(set, model).await;
        }
        set.build()
    }

    /// The moment of the ChangeSet that is drawn.
    pub(super) fn now(&self) -> Timestamp {
        minute(self.step as i64)
    }

    async fn write(&mut self, set: ChangeSetBuilder, model: &dyn SpaceStore) -> ChangeSetBuilder {
        match self.entropy.below(18) {
            0..=3 => self.append(set),
            4 => set.write(self.create_memory()),
            5..=7 => self.change_memory(set, model).await,
            8 => self.erase(set, model).await,
            9 | 10 => self.put_state(set, model).await,
            11 => set.write(self.receipt()),
            _ => set.writes(self.note(model).await),
        }
    }

    pub(super) fn text(&self) -> String {
        let count = self.entropy.below(6) + 1;
        (0..count).map(|_| *self.entropy.pick(&WORDS)).collect::<Vec<_>>().join(" ")
    }

    /// Mostly opens the session first; else the session may be missing.
    fn append(&mut self, set: ChangeSetBuilder) -> ChangeSetBuilder {
        let session = self.entropy.pick(&self.sessions).clone();
        let set = if self.entropy.below(8) > 0 { set.open(&session) } else { set };
        let role = *self.entropy.pick(&[Role::User, Role::Assistant, Role::Tool]);
        let mut message =
            a_message(&self.text()).in_session(&session).role(role).at(minute(self.step as i64));
        if self.entropy.below(3) == 0 {
            // Few words and few ids: the same id often comes again, with the same words or with others.
            message = a_message(WORDS[self.entropy.below(2)]).in_session(&session);
            message = message.client_id(&format!("c-{}", self.entropy.below(3))).at(minute(self.step as i64));
        }
        let message: Message = message.build();
        self.asked.messages.push(message.id);
        let passages = crate::builders::message_passages(&message, None);
        set.write(Write::AppendMessage { message, passages })
    }

    fn create_memory(&mut self) -> Write {
        let memory = a_memory(&self.text())
            .scope(self.entropy.pick(&self.scopes).clone())
            .kind(*self.entropy.pick(&Kind::ALL))
            .at(minute(self.step as i64))
            .with(|memory| {
                memory.pinned = self.entropy.below(3) == 0;
                memory.metadata.insert("draw".into(), json!(self.entropy.below(100)));
            });
        self.asked.memories.push(memory.clone().build().id);
        memory.write()
    }

    /// The next version of a memory, now and then over the wrong version.
    async fn change_memory(&self, set: ChangeSetBuilder, model: &dyn SpaceStore) -> ChangeSetBuilder {
        let Some(memory) = self.some_memory(model).await else { return set };
        let (status, operation) = *self.entropy.pick(&[
            (Status::Active, Operation::Update),
            (Status::Active, Operation::Restore),
            (Status::Archived, Operation::Archive),
            (Status::Forgotten, Operation::Forget),
            (Status::Superseded, Operation::Supersede),
        ]);
        let mut next = MemoryBuilder::next(&memory, minute(self.step as i64)).status(status);
        let keep = status == memory.status && self.entropy.below(2) == 0;
        if !keep {
            next = next.text(&self.text());
        }
        if let Some(id) = self.asked.messages.last()
            && let Some(message) = told(model.messages(&[*id]).await).first()
            && !message.erased
            && next.clone().build().evidence.len() < 3
        {
            next = next.resting_on(message);
        }
        let next = next.build();
        let expected = match self.entropy.below(12) {
            0 => Expected::Absent,
            1 => Expected::Version(memory.version + 1),
            2 => Expected::Any,
            _ => Expected::Version(memory.version),
        };
        let passages = (!keep).then(|| memory_passages(&next, None));
        let reason = (self.entropy.below(2) == 0).then(|| self.text());
        set.write(Write::PutMemory { memory: Box::new(next), expected, operation, reason, passages })
    }

    async fn some_memory(&self, model: &dyn SpaceStore) -> Option<Memory> {
        if self.asked.memories.is_empty() {
            return None;
        }
        told(model.memories(&[*self.entropy.pick(&self.asked.memories)], None).await).pop()
    }

    /// A memory that is not erased yet, or a message that has no client id and is not erased yet.
    async fn erase(&self, set: ChangeSetBuilder, model: &dyn SpaceStore) -> ChangeSetBuilder {
        let reason = (self.entropy.below(2) == 0).then(|| "asked to".to_owned());
        if self.entropy.below(2) == 0 {
            let found = self.some_memory(model).await.filter(|memory| memory.status != Status::Erased);
            let erased_here = |id| {
                let is_it = |write: &Write| matches!(write, Write::EraseMemory { id: of, .. } if *of == id);
                set.clone().build().writes.iter().any(is_it)
            };
            return match found.map(|memory| memory.id).filter(|id| !erased_here(*id)) {
                Some(id) => set.write(Write::EraseMemory { id, reason }),
                None => set,
            };
        }
        if self.asked.messages.is_empty() {
            return set;
        }
        let found = told(model.messages(&[*self.entropy.pick(&self.asked.messages)]).await).pop();
        match found.filter(|message| message.client_id.is_none() && !message.erased) {
            Some(message) => set.write(Write::EraseMessage { id: message.id, reason }),
            None => set,
        }
    }

    /// Sets a key that was never removed, or removes one that has a value.
    async fn put_state(&mut self, set: ChangeSetBuilder, model: &dyn SpaceStore) -> ChangeSetBuilder {
        let place = (self.entropy.pick(&self.scopes).clone(), (*self.entropy.pick(&STATE_KEYS)).to_owned());
        let there = told(model.state(&place.0, &place.1).await);
        let gone = there.as_ref().is_some_and(|entry| entry.value.is_none());
        let twice = set.clone().build().writes.iter().any(|write| matches!(write, Write::PutState { .. }));
        if gone || twice {
            return set;
        }
        if !self.asked.state.contains(&place) {
            self.asked.state.push(place.clone());
        }
        let found = there.map(|entry| entry.version);
        let value =
            (found.is_none() || self.entropy.below(10) > 0).then(|| json!({"n": self.entropy.below(9)}));
        let expected = match (self.entropy.below(6), found) {
            (0, _) => Expected::Any,
            (1, Some(version)) => Expected::Version(version + 1),
            (_, Some(version)) => Expected::Version(version),
            (_, None) => Expected::Absent,
        };
        set.state(&place.0, &place.1, value, expected)
    }

    /// A receipt of whatever there is.
    fn receipt(&mut self) -> Write {
        let mut items = Vec::new();
        if !self.asked.messages.is_empty() {
            let id = *self.entropy.pick(&self.asked.messages);
            items.push(a_served(ServedSubject::Message(id), &self.text()));
        }
        if !self.asked.memories.is_empty() {
            let id = *self.entropy.pick(&self.asked.memories);
            items.push(a_served(ServedSubject::Memory { id, version: 1 }, &self.text()));
        }
        let receipt = a_receipt(self.entropy.pick(&self.scopes).clone(), items);
        self.asked.receipts.push(receipt.id);
        Write::PutReceipt(Box::new(receipt))
    }
}
