//! Learning through the surface: what is queued, decided, held and told.

use std::time::Duration;

use axum::http::Method;
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::limits;
use serde_json::{Value, json};

use crate::seed::seed_without_key;
use crate::server::{Server, server, server_with};

async fn said(server: &Server, text: &str, learn: Option<&str>) -> Value {
    let mut append = json!({"scope": {"user": "ana"}, "messages": [{"role": "user", "text": text}]});
    if let Some(learn) = learn {
        append["learn"] = learn.into();
    }
    server.post("/dk/v1/messages", append).ok().await
}

async fn work(server: &Server) {
    while server.engine.learn_round(server.space, "tester").await.unwrap().settled_count > 0 {}
}

/// Proposes a memory of a quote and answers its event once it is settled.
async fn learned(server: &Server, text: &str, message: &Value, quote: &str) -> Value {
    let relation = json!({"subject": "Ana", "predicate": "city", "object": "Porto"});
    let candidate = json!({
        "text": text, "scope": {"user": "ana"}, "evidence": [{"message": message, "quote": quote}],
        "slot": {"subject": "user", "attribute": "residence", "one_valued": true, "value": "Porto"},
        "entities": ["Porto"], "relations": [relation], "importance": 0.8
    });
    let proposed = server.post("/dk/v1/candidates", json!({"candidates": [candidate]})).accepted().await;
    work(server).await;
    server.get(format!("/dk/v1/events/{}", proposed["events"][0].as_str().unwrap())).ok().await
}

#[tokio::test]
async fn an_append_says_when_it_is_learned_from() {
    let server = server().await;
    for learn in [None, Some("later")] {
        let later = said(&server, "hello", learn).await;
        let event = later["events"][0].as_str().unwrap().to_owned();
        let waiting = server.get(format!("/dk/v1/events/{event}")).ok().await;
        assert_eq!(
            (&waiting["state"], &waiting["messages"][0]),
            (&json!("pending"), &later["messages"][0]["id"])
        );
        assert!(later.get("learned").is_none(), "{later}");
    }
    assert_eq!(server.get("/dk/v1/queue").ok().await["pending_count"], 2);
    let off = said(&server, "hello", Some("off")).await;
    assert!(off.get("events").is_none(), "{off}");
    let now = said(&server, "hello", Some("now")).await;
    assert_eq!(now["learned"][0]["state"], "succeeded", "{now}");
    assert_eq!(now["learned"][0]["id"], now["events"][0]);
    let refused = json!({"messages": [{"role": "user", "text": "x"}], "learn": "never"});
    let answered = server.post("/dk/v1/messages", refused).send().await;
    assert_eq!((answered.status, answered.code().as_str()), (400, "invalid_request"));
}

#[tokio::test]
async fn a_server_can_be_set_to_learn_from_nothing_by_itself() {
    let server = server_with(|options| options.learn = dreamkeeper_api::learn::Learn::Off).await;
    assert!(said(&server, "hello", None).await.get("events").is_none());
}

#[tokio::test]
async fn a_session_is_learned_from_afterwards() {
    let server = server().await;
    let appended = said(&server, "hello", Some("off")).await;
    let path = format!("/dk/v1/sessions/{}/learn", appended["session"].as_str().unwrap());
    let queued = server.call(Method::POST, &path).ok().await;
    assert_eq!(queued["events"].as_array().map(Vec::len), Some(1), "{queued}");
    let waited = server.post(&path, json!({"wait": true})).ok().await;
    assert_eq!(waited["learned"][0]["state"], "succeeded", "{waited}");
    // The two were read together, which is told once.
    let first = queued["events"][0].as_str().unwrap();
    let report = server.get(format!("/dk/v1/events/{first}")).ok().await["report"].clone();
    assert!(report["turns_read"].as_u64().is_some_and(|read| read >= 1), "{report}");
    let beyond = server.post(&path, json!({"from": 7, "wait": true})).ok().await;
    assert_eq!(beyond["events"], json!([]));
}

#[tokio::test]
async fn a_proposal_with_its_quote_becomes_a_memory_with_its_parts() {
    let server = server().await;
    let appended = said(&server, "I moved to Porto.", Some("off")).await;
    let message = &appended["messages"][0]["id"];
    let event = learned(&server, "Ana moved to Porto.", message, "I moved to Porto").await;
    assert_eq!(event["proposal_count"], 1);
    let decision = &event["report"]["decisions"][0];
    if decision["verdict"] == "quarantine" {
        // Whatever held it is told, and a person may let it through.
        assert!(decision["causes"].as_array().is_some_and(|causes| !causes.is_empty()), "{event}");
        let path = format!("/dk/v1/quarantine/{}/release", decision["candidate"].as_str().unwrap());
        server.post(path, json!({"raise": true, "reason": "seen"})).by_operator().ok().await;
    }
    let listed = server.post("/dk/v1/memories/list", json!({"scope": {"user": "ana"}})).ok().await;
    let memory = &listed["items"][0];
    assert_eq!(memory["evidence"][0]["message"], *message, "{listed}");
    assert_eq!(memory["detail"]["slot"]["value"], "Porto", "{memory}");
    assert_eq!(memory["detail"]["relations"][0]["predicate"], "city");
    let relations = server.get("/dk/v1/relations?name=porto&user=ana").ok().await;
    assert_eq!(relations["items"][0]["relation"]["object"], "Porto", "{relations}");
    let names = server.get("/dk/v1/names?user=ana").ok().await;
    assert!(names["items"].as_array().unwrap().iter().any(|name| name["name"] == "porto"), "{names}");
    let path = format!("/dk/v1/memories/{}/feedback", memory["id"].as_str().unwrap());
    let noted = server.post(&path, json!({"feedback": "helpful"})).ok().await;
    assert_eq!(noted["helpful_count"], 1);
    assert_eq!(server.post(&path, json!({"feedback": "nice"})).send().await.code(), "invalid_request");
}

#[tokio::test]
async fn what_is_held_is_seen_by_who_may_approve_and_closed_once() {
    let server = server().await;
    let seed = seed_without_key(&server).await;
    assert_eq!(server.get("/dk/v1/quarantine").send().await.code(), "forbidden");
    let [first, second] = &seed.held;
    let held = server.get(format!("/dk/v1/quarantine/{first}")).by_operator().ok().await;
    assert_eq!((&held["status"], &held["causes"]), (&json!("waiting"), &json!(["proposed"])), "{held}");
    let release = format!("/dk/v1/quarantine/{first}/release");
    let memory = server.post(&release, json!({"reason": "asked her"})).by_operator().ok().await;
    assert_eq!(memory["text"], held["candidate"]["text"]);
    let again = server.post(&release, json!({})).by_operator().send().await;
    assert!((400..500).contains(&again.status), "{}", again.text);
    let reject = format!("/dk/v1/quarantine/{second}/reject");
    let rejected = server.post(&reject, json!({"reason": "no"})).by_operator().ok().await;
    assert_eq!((&rejected["status"], &rejected["closed"]["reason"]), (&json!("rejected"), &json!("no")));
    let waiting = server.get("/dk/v1/quarantine?status=waiting").by_operator().ok().await;
    assert_eq!(waiting["items"], json!([]));
}

#[tokio::test]
async fn the_stream_tells_decisions_and_then_their_event() {
    let server = server_with(|options| options.stopped = tokio::sync::watch::channel(false).1).await;
    let answer = server.get("/dk/v1/events/stream").stream().await;
    let appended = said(&server, "I moved to Porto.", Some("off")).await;
    learned(&server, "Ana moved to Porto.", &appended["messages"][0]["id"], "I moved to Porto").await;
    let text = tokio::time::timeout(Duration::from_secs(5), answer.until("event: event")).await.unwrap();
    let (decision, event) = (text.find("event: decision").unwrap(), text.find("event: event").unwrap());
    assert!(decision < event, "{text}");
    assert!(text.contains("\"verdict\":"), "{text}");
}

#[tokio::test]
async fn too_many_candidates_at_once_are_refused() {
    let server = server().await;
    let key = server.key_of(server.space, &[Permission::Propose]).await;
    let many: Vec<Value> = (0..=limits::EVENT_CANDIDATES_MAX).map(|_| json!({"text": "x"})).collect();
    for candidates in [many, Vec::new()] {
        let call = server.post("/dk/v1/candidates", json!({"candidates": candidates}));
        assert_eq!(call.with_key(key.secret.reveal()).send().await.code(), "invalid_request");
    }
}

#[tokio::test]
async fn what_is_learned_is_counted_without_a_name() {
    let server = server().await;
    let told = server.engine.learning_told();
    let metrics = server.metrics.clone();
    let counting = tokio::spawn(async move { metrics.follow(told).await });
    seed_without_key(&server).await;
    tokio::task::yield_now().await;
    let text = server.get("/metrics").send().await.text;
    counting.abort();
    for line in [
        "dreamkeeper_learning_decisions_total{verdict=\"quarantine\"} 2",
        "dreamkeeper_learning_refusals_total{cause=\"proposed\"} 2",
        "dreamkeeper_quarantine_waiting 2",
        "dreamkeeper_requests_total{method=\"POST\",route=\"/dk/v1/candidates\",status=\"202\"} 1",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    assert!(!text.contains("ana") && !text.contains("default"), "{text}");
}
