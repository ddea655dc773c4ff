//! Chat models as they are configured: recorded and replayed, one for each step, left alone while they are down.

use dreamkeeper_testkit::{ModelCall, ModelReply, ModelServer};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::home::Home;

/// A model server with the runtime that it lives in.
struct Model {
    runtime: Runtime,
    server: ModelServer,
}

impl Model {
    fn responding(respond: impl Fn(&ModelCall) -> ModelReply + Send + Sync + 'static) -> Self {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(ModelServer::responding(respond));
        Self { runtime, server }
    }

    /// Proposes that Ana likes tea wherever tea is mentioned, and summarises in the model's own name.
    fn of_tea() -> Self {
        Self::responding(|call| {
            let asks_for = |field: &str| {
                call.schema.as_ref().is_some_and(|schema| !schema["properties"][field].is_null())
            };
            if asks_for("summary") && !asks_for("items") {
                return ModelReply::json(&json!({"summary": "They talk of tea."}));
            }
            let prompt = &call.turns[0].text;
            let turn = prompt.lines().rev().find(|line| line.contains("I like tea"));
            let name = turn.and_then(|line| line.split_once(' ')).map_or("t1", |(name, _)| name);
            let item = json!({
                "text": "User likes tea", "kind": "preference", "subject": "user", "attribute": "likes",
                "value": "tea", "one_valued": false, "quotes": [{"turn": name, "quote": "I like tea"}],
                "time": null, "entities": [], "relations": [], "categories": [], "importance": 0.5,
                "decision": {"action": "add", "memory": null},
            });
            ModelReply::json(&json!({"items": [item], "forget": [], "summary": "Tea."}))
        })
    }

    /// How often a model was asked.
    fn calls(&self, model: &str) -> usize {
        let _inside = self.runtime.enter();
        self.server.requests().iter().filter(|request| request.json()["model"] == model).count()
    }

    fn settings(&self, more: &[&str]) -> Vec<String> {
        let url = format!("learn.model.url={}", self.server.base_url());
        let named = ["learn.model.kind=openai", "learn.model.model=main", &url];
        named
            .into_iter()
            .chain(more.iter().copied())
            .flat_map(|one| ["--set".to_owned(), one.to_owned()])
            .collect()
    }
}

fn say(home: &Home, text: &str, settings: &[String]) -> serde_json::Value {
    let mut said = vec!["add", text, "--role", "user", "--user", "ana", "--session", "s", "--learn", "now"];
    said.extend(settings.iter().map(String::as_str));
    home.json(&said)
}

#[test]
fn what_a_model_answered_is_recorded_and_answers_again_without_it() {
    let (first, second, model) = (Home::new(), Home::new(), Model::of_tea());
    let tape = first.path("calls.jsonl");
    let record = format!("learn.model.record={}", tape.display());
    let at = ["--at", "2026-01-05T10:00:00Z"];
    let said = |home: &Home, settings: Vec<String>| {
        let mut arguments = vec!["add", "I like tea", "--role", "user", "--user", "ana", "--learn", "now"];
        arguments.extend(at);
        arguments.extend(settings.iter().map(String::as_str));
        home.json(&arguments)
    };
    let learned = said(&first, model.settings(&[&record]));
    assert_eq!(learned["learned"][0]["report"]["decisions"][0]["text"], "User likes tea", "{learned}");
    assert_eq!(std::fs::read_to_string(&tape).unwrap().lines().count(), model.calls("main"));
    let calls = model.calls("main");
    let replay = format!("learn.model.replay={}", tape.display());
    let again = said(&second, model.settings(&[&replay]));
    assert_eq!(again["learned"][0]["report"]["decisions"][0]["text"], "User likes tea", "{again}");
    assert_eq!(model.calls("main"), calls, "nothing was sent");
    let both = model.settings(&[&record, &replay]);
    let mut arguments = vec!["list", "memories"];
    arguments.extend(both.iter().map(String::as_str));
    first.refused(&arguments, 2, &["learn.model.replay", "set one of the two"]);
}

#[test]
fn a_step_may_have_a_model_of_its_own() {
    let (home, model) = (Home::new(), Model::of_tea());
    let settings = model.settings(&["learn.summary.model=small"]);
    for number in 0..9 {
        say(&home, &format!("I like tea, cup {number}."), &settings);
    }
    assert_eq!((model.calls("main"), model.calls("small")), (9, 1));
    let events = home.json(&["events", "list", "--user", "ana"]);
    let calls: u64 = events["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|event| event["report"]["calls"].as_u64())
        .sum();
    assert_eq!(calls, 10, "nine that extract and one that sums up: {events}");
    home.refused(
        &["list", "memories", "--set", "learn.decide.model=small"],
        2,
        &["learn.decide.model", "set learn.model.kind"],
    );
}

#[test]
fn a_model_that_is_down_is_left_alone_and_what_waits_is_learned_afterwards() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    let (home, up) = (Home::new(), Arc::new(AtomicBool::new(false)));
    let model = {
        let up = up.clone();
        Model::responding(move |_| {
            if up.load(Ordering::SeqCst) {
                return ModelReply::json(&json!({"items": [], "forget": [], "summary": ""}));
            }
            ModelReply::Fails { status: 500, retry_after: None, message: "down".to_owned() }
        })
    };
    let settings = model.settings(&["learn.model.failures_max=2", "learn.model.rest_ms=1500"]);
    let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
    let server = home.serve(&settings);
    for session in 0..6 {
        let key = format!("s{session}");
        home.json(&[
            "add",
            "I like tea.",
            "--role",
            "user",
            "--user",
            "ana",
            "--session",
            &key,
            "--learn",
            "later",
        ]);
    }
    let waiting = || home.json(&["events", "list", "--state", "pending"]);
    let told = || waiting()["items"].to_string().contains("left alone until");
    for _ in 0..100 {
        if told() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert!(told(), "the events say why they wait: {}", waiting());
    up.store(true, Ordering::SeqCst);
    let mut left = usize::MAX;
    for _ in 0..300 {
        left = waiting()["items"].as_array().unwrap().len();
        if left == 0 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert_eq!(left, 0, "learning goes on by itself: {}", waiting());
    let failed = home.json(&["events", "list", "--state", "failed"]);
    assert_eq!(failed["items"].as_array().unwrap().len(), 0, "{failed}");
    drop(server);
}
