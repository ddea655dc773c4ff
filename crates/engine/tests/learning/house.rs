//! One engine that learns, over fakes.

use std::collections::BTreeSet;
use std::sync::Arc;

use dreamkeeper_domain::event::{EventState, LearnEvent};
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::origin::Via;
use dreamkeeper_domain::ports::ChatModel;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::learn::{LearnSettings, Learning};
use dreamkeeper_engine::{Append, Engine, Learn, ListMemories, NewMessage, Parts, Principal, SessionRef};
use dreamkeeper_testkit::{FrozenClock, MemoryStore, NaiveIndex, ScriptedEmbedder, SeededEntropy};

pub(crate) struct House {
    pub(crate) engine: Engine,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) clock: Arc<FrozenClock>,
    pub(crate) operator: Principal,
}

/// What a memory is apart from its ids: what must not depend on the order of work.
pub(crate) type Essence = (String, Vec<String>, Option<String>, Option<String>, &'static str);

pub(crate) async fn house(model: Option<Arc<dyn ChatModel>>) -> House {
    house_with(model, LearnSettings::default()).await
}

pub(crate) async fn house_with(model: Option<Arc<dyn ChatModel>>, settings: LearnSettings) -> House {
    let clock = Arc::new(FrozenClock::at("2026-03-02T09:00:00Z"));
    let store = Arc::new(MemoryStore::new());
    over(store, clock, model, settings).await
}

/// An engine over a store, as after a restart.
pub(crate) async fn over(
    store: Arc<MemoryStore>,
    clock: Arc<FrozenClock>,
    model: Option<Arc<dyn ChatModel>>,
    settings: LearnSettings,
) -> House {
    let engine = Engine::new(Parts {
        store: store.clone(),
        control: store.clone(),
        index: Arc::new(NaiveIndex),
        embedder: Arc::new(ScriptedEmbedder::new("test-embedder", 64)),
        clock: clock.clone(),
        entropy: Arc::new(SeededEntropy::new(7)),
    })
    .with_learning(Learning { model, settings, ..Learning::default() });
    let space = engine.open_space("default").await.expect("the fake store opens every space");
    House { engine, store, clock, operator: Principal::operator(space, "tester") }
}

/// What a person said at a moment.
pub(crate) fn said(at: &str, text: &str) -> NewMessage {
    NewMessage { at: Some(at.parse().expect("a moment")), ..NewMessage::text(Role::User, text) }
}

pub(crate) fn append(session: &str, messages: Vec<NewMessage>, learn: Learn) -> Append {
    Append {
        session: SessionRef::Key(session.to_owned()),
        scope: Scope::user("ana"),
        messages,
        via: Via::Live,
        idempotency_key: None,
        learn,
        temporary: false,
    }
}

impl House {
    /// Appends to Ana's session and learns at once; answers the last event.
    pub(crate) async fn hear(&self, session: &str, messages: Vec<NewMessage>) -> LearnEvent {
        let appended = self
            .engine
            .append(&self.operator, append(session, messages, Learn::Now))
            .await
            .expect("appended");
        appended.learned.into_iter().next_back().expect("an event")
    }

    /// The same, and all of it must have gone well.
    pub(crate) async fn learn(&self, session: &str, messages: Vec<NewMessage>) -> LearnEvent {
        let event = self.hear(session, messages).await;
        assert_eq!(event.state, EventState::Succeeded, "{:?}", event.error);
        event
    }

    pub(crate) async fn memories(&self, statuses: &[Status]) -> Vec<Memory> {
        let list = ListMemories {
            scope: Scope::user("ana"),
            statuses: statuses.to_vec(),
            ..ListMemories::default()
        };
        self.engine.list_memories(&self.operator, list).await.expect("listed").items
    }

    pub(crate) async fn active(&self) -> Vec<String> {
        let mut texts: Vec<String> =
            self.memories(&[Status::Active]).await.into_iter().map(|memory| memory.text).collect();
        texts.sort();
        texts
    }

    /// Every memory, without ids.
    pub(crate) async fn essence(&self) -> BTreeSet<Essence> {
        let memories = self.memories(&Status::ALL).await;
        memories.into_iter().map(essence).collect()
    }
}

fn essence(memory: Memory) -> Essence {
    let quotes = memory.evidence.into_iter().map(|evidence| evidence.quote).collect();
    let moment = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string());
    (memory.text, quotes, moment(memory.validity.from), moment(memory.validity.to), memory.status.as_str())
}
