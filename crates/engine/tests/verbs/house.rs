//! One engine over fakes, with handles on the fakes for what a test wants to turn.

use std::sync::Arc;

use dreamkeeper_domain::origin::Via;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::{Append, Engine, Learn, NewMessage, Parts, Principal, SessionRef};
use dreamkeeper_testkit::{FrozenClock, MemoryStore, NaiveIndex, ScriptedEmbedder, SeededEntropy};

pub(crate) struct House {
    pub(crate) engine: Engine,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) clock: Arc<FrozenClock>,
    pub(crate) embedder: Arc<ScriptedEmbedder>,
    pub(crate) operator: Principal,
    pub(crate) local: Principal,
}

pub(crate) async fn house() -> House {
    let clock = Arc::new(FrozenClock::at("2026-03-02T09:00:00Z"));
    let store = Arc::new(MemoryStore::new());
    let embedder = Arc::new(ScriptedEmbedder::new("test-embedder", 64));
    let engine = Engine::new(Parts {
        store: store.clone(),
        control: store.clone(),
        index: Arc::new(NaiveIndex),
        embedder: embedder.clone(),
        clock: clock.clone(),
        entropy: Arc::new(SeededEntropy::new(7)),
    });
    let space = engine.open_space("default").await.expect("the fake store opens every space");
    let (operator, local) = (Principal::operator(space, "tester"), Principal::local(space));
    House { engine, store, clock, embedder, operator, local }
}

/// An append of these messages to a session of that key, for Ana.
pub(crate) fn append(session: &str, messages: Vec<NewMessage>) -> Append {
    Append {
        session: SessionRef::Key(session.to_owned()),
        scope: Scope::user("ana"),
        messages,
        via: Via::Live,
        idempotency_key: None,
        learn: Learn::Off,
        temporary: false,
    }
}
