//! An engine that learns from a model's server on loopback, and what must hold of it whatever the model does.

use std::sync::Arc;

use dreamkeeper_domain::candidate::Cause;
use dreamkeeper_domain::event::{EventState, LearnEvent};
use dreamkeeper_domain::id::MessageId;
use dreamkeeper_domain::memory::{Memory, Status};
use dreamkeeper_domain::message::Role;
use dreamkeeper_domain::origin::Via;
use dreamkeeper_domain::ports::HeldQuery;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_engine::learn::{Learn, Learning};
use dreamkeeper_engine::{Append, Engine, ListMemories, NewMessage, Parts, Principal, SessionRef};
use dreamkeeper_models::{ChatSettings, ChatWire, RetryPolicy, connect_chat};
use dreamkeeper_testkit::contract::chat::{CALL_TIMEOUT, IDLE_TIMEOUT};
use dreamkeeper_testkit::{
    Behaviour, FrozenClock, MemoryStore, ModelCall, ModelReply, ModelServer, NaiveIndex, ScriptedEmbedder,
    SeededEntropy,
};
use serde_json::{Value, json};

/// Both wires, whole and streamed.
pub(crate) const WAYS: [(ChatWire, bool); 4] = [
    (ChatWire::OpenAi, false),
    (ChatWire::OpenAi, true),
    (ChatWire::Anthropic, false),
    (ChatWire::Anthropic, true),
];

pub(crate) struct House {
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<FrozenClock>,
    pub(crate) operator: Principal,
    said: std::sync::Mutex<Vec<(MessageId, String)>>,
    _server: ModelServer,
}

pub(crate) async fn house(way: (ChatWire, bool), behaviour: Behaviour) -> House {
    let server = ModelServer::behaving(behaviour).await;
    let settings = ChatSettings {
        stream: way.1,
        timeout: CALL_TIMEOUT,
        idle_timeout: IDLE_TIMEOUT,
        retry: RetryPolicy { attempts_max: 1, ..RetryPolicy::default() },
        ..ChatSettings::new(server.base_url().parse().expect("an address"), "tiny")
    };
    let model = connect_chat(way.0, settings).expect("a model");
    let clock = Arc::new(FrozenClock::at("2026-03-02T09:00:00Z"));
    let store = Arc::new(MemoryStore::new());
    let engine = Engine::new(Parts {
        store: store.clone(),
        control: store,
        index: Arc::new(NaiveIndex),
        embedder: Arc::new(ScriptedEmbedder::new("test-embedder", 64)),
        clock: clock.clone(),
        entropy: Arc::new(SeededEntropy::new(7)),
    })
    .with_learning(Learning { model: Some(model), ..Learning::default() });
    let space = engine.open_space("default").await.expect("a space");
    let operator = Principal::operator(space, "tester");
    House { engine, clock, operator, said: std::sync::Mutex::default(), _server: server }
}

impl House {
    /// Appends to Ana's session and learns at once; answers the last event.
    pub(crate) async fn hear(&self, session: &str, said: &[(Role, &str)]) -> LearnEvent {
        let messages = said.iter().map(|(role, text)| NewMessage::text(*role, *text)).collect();
        let request = Append {
            session: SessionRef::Key(session.to_owned()),
            scope: Scope::user("ana"),
            messages,
            via: Via::Live,
            idempotency_key: None,
            learn: Learn::Now,
            temporary: false,
        };
        let appended = self.engine.append(&self.operator, request).await.expect("appended");
        let known =
            appended.messages.iter().zip(said).map(|(message, (_, text))| (message.id, (*text).to_owned()));
        self.said.lock().expect("no panic").extend(known);
        appended.learned.into_iter().next_back().expect("an event")
    }

    /// The event after the clock went on and a worker came by.
    pub(crate) async fn later(&self, event: &LearnEvent) -> LearnEvent {
        self.clock.advance(jiff::SignedDuration::from_mins(20));
        self.engine.learn_round(self.operator.space, "later").await.expect("a round");
        self.engine.event(&self.operator, event.id).await.expect("the event")
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

    pub(crate) async fn held(&self) -> Vec<(String, Vec<Cause>)> {
        let query = HeldQuery { limit: 100, ..HeldQuery::default() };
        let page = self.engine.list_held(&self.operator, query).await.expect("listed");
        page.items.into_iter().map(|held| (held.candidate.text, held.causes.into_iter().collect())).collect()
    }

    /// What must hold whatever the model did: every quote stands in its message, every message stays as it was
    /// said, and the event tells what became of what was proposed.
    pub(crate) async fn holds(&self, name: &str, event: &LearnEvent) {
        let said = self.said.lock().expect("no panic").clone();
        for (id, text) in &said {
            let message = self.engine.message(&self.operator, *id).await.expect("the message stays");
            assert_eq!(&message.text(), text, "{name}");
        }
        for memory in self.memories(&Status::ALL).await {
            assert!(!memory.evidence.is_empty(), "{name}: {memory:?}");
            for evidence in &memory.evidence {
                let text = said.iter().find(|(id, _)| *id == evidence.message).map(|(_, text)| text.as_str());
                assert!(text.is_some_and(|text| text.contains(&evidence.quote)), "{name}: {evidence:?}");
            }
        }
        let told =
            !event.report.decisions.is_empty() || !event.report.warnings.is_empty() || event.error.is_some();
        assert!(told, "{name}: the event says nothing: {event:?}");
        let settled = event.state == EventState::Succeeded || event.error.is_some();
        assert!(settled, "{name}: {event:?}");
    }
}

/// A new turn as the prompt shows it: its short name, and its words.
pub(crate) fn new_turns(call: &ModelCall) -> Vec<(String, String)> {
    let first = call.turns.first().map_or("", |turn| &turn.text);
    let new = first.split("## New turns").nth(1).unwrap_or_default();
    let line = |line: &str| {
        let (name, rest) = line.split_once(" [")?;
        let (_, words) = rest.split_once("]: ")?;
        name.starts_with('t').then(|| (name.to_owned(), words.to_owned()))
    };
    new.lines().filter_map(line).collect()
}

/// An item with every field that the schema asks for; the turn `?` is the last new one.
pub(crate) fn item(text: &str, quote: &str) -> Value {
    json!({
        "text": text, "kind": "fact", "subject": "", "attribute": "", "value": "", "one_valued": false,
        "quotes": [{"turn": "?", "quote": quote}], "time": null, "entities": [], "relations": [], "categories": [],
        "importance": 0.6, "decision": {"action": "add", "memory": null},
    })
}

/// A model that proposes these items in every call.
pub(crate) fn proposing(items: Vec<Value>) -> Behaviour {
    Arc::new(move |call: &ModelCall| {
        let turn = new_turns(call).pop().map_or_else(|| "t1".to_owned(), |(name, _)| name);
        let answer = json!({"items": items, "forget": [], "summary": ""}).to_string();
        ModelReply::text(answer.replace("\"?\"", &format!("{turn:?}")))
    })
}
