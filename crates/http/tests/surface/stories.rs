//! What each group of routes answers when all is well, as told by snapshots.

use axum::http::Method;
use dreamkeeper_domain::key::Permission;
use serde_json::{Value, json};

use crate::seed::{CANARY, seed_without_key};
use crate::server::{Call, Server, server};

/// A conversation with a server, written down with ids by the order in which they turn up.
struct Story {
    server: Server,
    text: String,
    ids: Vec<String>,
}

impl Story {
    async fn begin() -> Self {
        Self { server: server().await, text: String::new(), ids: Vec::new() }
    }

    async fn tell(&mut self, method: Method, path: &str, body: Option<Value>) -> Value {
        let call = self.server.call(method.clone(), path).by_operator();
        let call = body.as_ref().map_or(call.clone(), |body| call.json(body));
        let sent = body.map(|body| format!("{body}\n")).unwrap_or_default();
        let (status, answer) = read(call).await;
        let shown = serde_json::to_string_pretty(&answer).unwrap();
        let step = format!("{method} {path}\n{sent}→ {status}\n{shown}\n\n");
        let named = self.named(&step);
        self.text.push_str(&named);
        answer
    }

    /// The text with each id replaced by its number.
    fn named(&mut self, text: &str) -> String {
        let mut named = String::new();
        let mut rest = text;
        while let Some(start) = rest.find("019") {
            let Some(id) = rest.get(start..start + 36).filter(|id| id.matches('-').count() == 4) else {
                named.push_str(&rest[..start + 3]);
                rest = &rest[start + 3..];
                continue;
            };
            let number = self.ids.iter().position(|known| known == id).unwrap_or_else(|| {
                self.ids.push(id.to_owned());
                self.ids.len() - 1
            });
            named.push_str(&rest[..start]);
            named.push_str(&format!("<id {number}>"));
            rest = &rest[start + 36..];
        }
        named + rest
    }
}

async fn read(call: Call) -> (u16, Value) {
    let answered = call.send().await;
    let answer = if answered.text.is_empty() { Value::Null } else { answered.json() };
    (answered.status, answer)
}

#[tokio::test]
async fn messages_and_sessions() {
    let mut story = Story::begin().await;
    let append = json!({
        "session": {"key": "dinner"},
        "scope": {"user": "odile", "labels": ["home"]},
        "messages": [
            {
                "id": "m1", "role": "user", "author": "Odile", "text": "We eat at eight.",
                "at": "2026-02-03T18:22:10+00:00", "zone": "Europe/Lisbon"
            },
            {
                "id": "m2", "role": "assistant", "parts": [
                    {"type": "text", "text": "Let me see who is free."},
                    {"type": "tool_call", "id": "c1", "name": "calendar.search", "arguments": {"on": "2026-02-03"}}
                ]
            },
            {"role": "tool", "origin": "external", "parts": [{"type": "tool_result", "call": "c1", "content": "[]"}]}
        ]
    });
    let appended = story.tell(Method::POST, "/dk/v1/messages", Some(append)).await;
    let (session, message) = (&appended["session"], &appended["messages"][1]["id"]);
    let (session, message) = (session.as_str().unwrap(), message.as_str().unwrap());
    story.tell(Method::GET, &format!("/dk/v1/messages/{message}"), None).await;
    story.tell(Method::GET, "/dk/v1/sessions?user=odile&label=home", None).await;
    story.tell(Method::GET, &format!("/dk/v1/sessions/{session}"), None).await;
    story.tell(Method::GET, &format!("/dk/v1/sessions/{session}/messages?from=2&limit=1"), None).await;
    insta::assert_snapshot!(story.text);
}

#[tokio::test]
async fn memories_and_their_history() {
    let mut story = Story::begin().await;
    let new = json!({
        "text": "Ana drinks tea.", "kind": "preference", "scope": {"user": "ana"}, "aliases": ["her drink"],
        "metadata": {"cups": 2}, "expires_at": "2027-01-01T00:00:00Z", "reason": "she said so"
    });
    let memory = story.tell(Method::POST, "/dk/v1/memories", Some(new)).await;
    let path = format!("/dk/v1/memories/{}", memory["id"].as_str().unwrap());
    let patch = json!({"pinned": true, "expires_at": null, "expected_version": 1});
    story.tell(Method::PATCH, &path, Some(patch)).await;
    let new = json!({"text": "Ana drinks coffee.", "kind": "preference", "scope": {"user": "ana"}});
    story.tell(Method::POST, &format!("{path}/supersede"), Some(new)).await;
    story.tell(Method::GET, &path, None).await;
    story.tell(Method::POST, &format!("{path}/restore"), Some(json!({"version": 1}))).await;
    story.tell(Method::POST, &format!("{path}/forget"), None).await;
    story.tell(Method::GET, &format!("{path}/history"), None).await;
    let list = json!({"scope": {"user": "ana"}, "filter": {"kind": "preference"}, "limit": 1});
    story.tell(Method::POST, "/dk/v1/memories/list", Some(list)).await;
    insta::assert_snapshot!(story.text);
}

#[tokio::test]
async fn records_by_their_bare_id() {
    let server = server().await;
    let seed = seed_without_key(&server).await;
    for (id, name) in [(&seed.memory, "memory"), (&seed.message, "message"), (&seed.session, "session")] {
        let record = server.get(format!("/dk/v1/records/{id}")).ok().await;
        assert_eq!(record[name]["id"], id.as_str(), "{record}");
    }
    let answered = server.get("/dk/v1/records/no-id").send().await;
    assert_eq!((answered.status, answered.code().as_str()), (404, "not_found"));
}

#[tokio::test]
async fn state() {
    let mut story = Story::begin().await;
    let path = "/dk/v1/state/plan%2Fcity?user=ana";
    let value = json!({"value": {"name": "free"}, "expected_version": 0, "reason": "signed up"});
    story.tell(Method::PUT, path, Some(value)).await;
    story.tell(Method::PUT, path, Some(json!({"value": null}))).await;
    story.tell(Method::GET, path, None).await;
    story.tell(Method::GET, "/dk/v1/state?user=ana", None).await;
    story.tell(Method::DELETE, &format!("{path}&expected_version=2&reason=left"), None).await;
    story.tell(Method::GET, path, None).await;
    story.tell(Method::GET, "/dk/v1/state/plan%2Fcity/history?user=ana", None).await;
    insta::assert_snapshot!(story.text);
}

#[tokio::test]
async fn keys() {
    let mut story = Story::begin().await;
    let new =
        json!({"name": "agent", "permissions": ["write", "read"], "expires_at": "2027-01-01T00:00:00Z"});
    let made = story.tell(Method::POST, "/dk/v1/keys", Some(new)).await;
    let (secret, id) = (made["secret"].as_str().unwrap(), made["key"]["id"].as_str().unwrap());
    let prefix = made["key"]["prefix"].as_str().unwrap();
    assert!(secret.starts_with(prefix) && secret.len() == 67, "{secret}");
    story.tell(Method::GET, "/dk/v1/keys", None).await;
    story.tell(Method::DELETE, &format!("/dk/v1/keys/{id}"), None).await;
    let listed = story.tell(Method::GET, "/dk/v1/keys", None).await;
    assert!(!listed.to_string().contains(secret));
    insta::assert_snapshot!(story.text.replace(secret, "<secret>").replace(prefix, "<prefix>"));
}

#[tokio::test]
async fn upkeep() {
    let mut story = Story::begin().await;
    let seed = seed_without_key(&story.server).await;
    let erase = json!({"target": {"session": seed.session}, "reason": "by wish"});
    story.tell(Method::POST, "/dk/v1/erase", Some(erase)).await;
    story.tell(Method::GET, &format!("/dk/v1/messages/{}", seed.message), None).await;
    story.tell(Method::GET, "/dk/v1/audit?after=1&limit=2", None).await;
    let mut stats = story.server.get("/dk/v1/stats").ok().await;
    assert_eq!(stats["store"]["message_count"], 1, "{stats}");
    assert_eq!(stats["store"]["memory_counts"]["active"], 1, "{stats}");
    assert!(stats["embedder"].take().as_str().is_some_and(|name| name.starts_with("scripted")));
    insta::assert_snapshot!(story.text);
}

#[tokio::test]
async fn recall_answers_in_sections_and_leaves_a_receipt() {
    let server = server().await;
    let seed = seed_without_key(&server).await;
    let question = json!({
        "query": format!("Who plays the {CANARY}?"), "scope": {"user": "ana"}, "all": true, "explain": true,
        "filter": {"or": [{"type": "memory"}, {"role": "user"}]}, "zone": "Europe/Lisbon", "limit": 5
    });
    let recall = server.post("/dk/v1/recall", question.clone()).ok().await;
    assert_eq!(recall["state"][0]["value"], CANARY, "{recall}");
    assert_eq!(recall["memories"][0]["memory"]["id"], seed.memory.as_str(), "{recall}");
    assert!(recall["memories"][0]["score"]["parts"].as_array().is_some_and(|parts| !parts.is_empty()));
    assert_eq!(recall["conversation"][0]["id"], seed.message.as_str(), "{recall}");
    assert!(recall["text"].as_str().unwrap().contains(CANARY));
    let receipt = recall["receipt"].as_str().unwrap();
    let why = server.get(format!("/dk/v1/receipts/{receipt}")).ok().await;
    assert_eq!(why["receipt"]["query"], question["query"]);
    assert_eq!(why["memories_now"][0]["id"], seed.memory.as_str());
    let mut unexplained = question;
    unexplained["explain"] = json!(false);
    let recall = server.post("/dk/v1/recall", unexplained).ok().await;
    assert!(recall["memories"][0]["score"].get("parts").is_none());
}

#[tokio::test]
async fn recall_is_silent_where_nothing_belongs() {
    let server = server().await;
    seed_without_key(&server).await;
    let question = json!({"query": "quarterly tax forms", "scope": {"user": "bo"}, "receipt": false});
    let recall = server.post("/dk/v1/recall", question).ok().await;
    assert!(recall["silence"]["bar"].is_number(), "{recall}");
    assert!(recall.get("receipt").is_none());
}

#[tokio::test]
async fn the_process_and_its_store_answer() {
    let server = server().await;
    server.key_of(server.space, &[Permission::Read]).await;
    for path in ["/healthz", "/readyz"] {
        let answered = server.get(path).send().await;
        assert_eq!((answered.status, answered.text.as_str()), (200, "ok"), "{path}");
    }
}
