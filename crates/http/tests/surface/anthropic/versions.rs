//! Memory versions: what each change leaves, and what redaction takes.

use axum::http::Method;
use dreamkeeper_domain::key::Permission;
use serde_json::{Value, json};

use super::{STORES, Wire, is, refused, text, wire};
use crate::server::server;

/// A memory that was made, renamed and deleted, and another.
async fn past(wire: &Wire) -> Value {
    let memory = wire.memory("/a.md", "x").await;
    wire.update(&memory, json!({"path": "/b.md"})).await;
    wire.delete(wire.of(&memory)).await;
    wire.memory("/c.md", "y").await;
    memory
}

#[tokio::test]
async fn every_change_is_a_version_with_every_key_newest_first() {
    let wire = wire().await;
    let memory = past(&wire).await;
    let told = wire.versions("").await;
    let seen: Vec<_> =
        told.iter().map(|version| (text(&version["operation"]), text(&version["path"]))).collect();
    let expected = [("created", "/c.md"), ("deleted", "/b.md"), ("modified", "/b.md"), ("created", "/a.md")];
    assert_eq!(seen, expected);
    let (deleted, created) = (&told[1], &told[3]);
    assert_eq!((&deleted["content_sha256"], &deleted["content_size_bytes"]), (&Value::Null, &Value::Null));
    let full = wire.server.get(format!("{}/memory_versions/{}", wire.store, text(&created["id"]))).ok().await;
    let expected = json!({
        "id": created["id"], "type": "memory_version", "memory_id": memory["id"],
        "memory_store_id": wire.store.rsplit('/').next().unwrap(), "operation": "created", "path": "/a.md",
        "content": "x", "content_sha256": memory["content_sha256"], "content_size_bytes": 1,
        "created_at": "2026-03-02T09:00:01Z", "created_by": {"type": "user_actor", "user_id": "user_loopback"},
        "redacted_at": null, "redacted_by": null,
    });
    assert_eq!(full, expected);
    assert_eq!(created["content"], Value::Null, "basic on list");
    assert_eq!(wire.versions("view=full").await[3], expected);
}

#[tokio::test]
async fn versions_are_found_by_memory_operation_actor_session_and_inclusive_times() {
    let wire = wire().await;
    let memory = past(&wire).await;
    let check = async |query: String, count: usize| {
        assert_eq!(wire.versions(&query).await.len(), count, "{query}");
    };
    check(format!("memory_id={}", text(&memory["id"])), 3).await;
    check("operation=created".into(), 2).await;
    check("operation=deleted".into(), 1).await;
    check(format!("session_id=sesn_{}", "0".repeat(32)), 0).await;
    check(format!("api_key_id=apikey_{}", "0".repeat(32)), 0).await;
    check("service_account_id=svac_dream".into(), 0).await;
    check("created_at[gte]=2026-03-02T09:00:03Z".into(), 2).await;
    check("created_at%5Blte%5D=2026-03-02T09%3A00%3A03%2B00%3A00".into(), 3).await;
    check("created_at[gte]=2026-03-02T09:00:02Z&created_at[lte]=2026-03-02T09:00:02Z".into(), 1).await;
    for query in ["operation=renamed", "memory_id=x", "session_id=1", "created_at[gte]=today", "author=x"] {
        let answered = wire.server.get(format!("{}/memory_versions?{query}", wire.store)).send().await;
        assert_eq!(refused(&answered), is(400, "invalid_request_error"), "{query}");
    }
}

#[tokio::test]
async fn a_keys_changes_are_the_api_actors_and_a_sessions_the_sessions() {
    let server = server().await;
    let key = server.key_of(server.space, &Permission::ALL).await;
    let secret = key.secret.reveal();
    let call = |path: &str, body: Value| server.post(path, body).header("x-api-key", secret);
    let store = call(STORES, json!({"name": "House"})).ok().await;
    let path = format!("{STORES}/{}", text(&store["id"]));
    call(&format!("{path}/memories"), json!({"path": "/a.md", "content": "x"})).ok().await;
    let said = json!({"messages": [{"role": "user", "text": "hello"}], "scope": {"user": "ana"}});
    let said = server.post("/dk/v1/messages", said).with_key(secret).ok().await;
    let session = text(&said["session"]);
    let uuid = text(&store["id"]).strip_prefix("memstore_").unwrap();
    let topic = json!({"path": "/b.md", "content": "y", "session": session});
    let native = format!("/dk/v1/topic-stores/{uuid}/topics");
    server.post(native, topic).with_key(secret).ok().await;
    let list = async |query: String| {
        let page = server.get(format!("{path}/memory_versions?{query}")).with_key(secret).ok().await;
        let data = page["data"].as_array().unwrap();
        data.iter().map(|version| version["created_by"].clone()).collect::<Vec<_>>()
    };
    let of_key = format!("apikey_{}", key.key.id.to_string().replace('-', ""));
    let of_session = format!("sesn_{}", session.replace('-', ""));
    let api = json!({"type": "api_actor", "api_key_id": of_key});
    let agent = json!({"type": "session_actor", "session_id": of_session});
    assert_eq!(list(format!("session_id={of_session}")).await, std::slice::from_ref(&agent));
    let both = list(format!("api_key_id={of_key}")).await;
    assert!(both.len() == 2 && both.contains(&api) && both.contains(&agent), "{both:?}");
}

#[tokio::test]
async fn a_redacted_version_keeps_that_it_was_and_the_head_cannot_be_redacted() {
    let server = server().await;
    let secret = server.key_of(server.space, &Permission::ALL).await.secret.reveal().to_owned();
    let call = |method, path: &str| server.call(method, path).header("x-api-key", &secret);
    let store = call(Method::POST, STORES).json(&json!({"name": "House"})).ok().await;
    let path = format!("{STORES}/{}", text(&store["id"]));
    let new = json!({"path": "/a.md", "content": "secret"});
    let memory = call(Method::POST, &format!("{path}/memories")).json(&new).ok().await;
    let version = text(&memory["memory_version_id"]);
    let redact = format!("{path}/memory_versions/{version}/redact");
    let head = call(Method::POST, &redact).send().await;
    assert_eq!(refused(&head), is(400, "invalid_request_error"));
    call(Method::DELETE, &format!("{path}/memories/{}", text(&memory["id"]))).ok().await;
    let redacted = call(Method::POST, &redact).ok().await;
    for key in ["path", "content", "content_sha256", "content_size_bytes"] {
        assert_eq!(redacted[key], Value::Null, "{key}");
    }
    assert_eq!(
        (&redacted["operation"], &redacted["redacted_by"]),
        (&json!("created"), &redacted["created_by"])
    );
    assert!(redacted["redacted_at"].is_string());
    assert_eq!(call(Method::POST, &redact).ok().await, redacted, "again changes nothing");
    assert_eq!(call(Method::GET, &format!("{path}/memory_versions/{version}")).ok().await, redacted);
}

#[tokio::test]
async fn redacting_needs_the_permission_to_erase() {
    let wire = wire().await;
    let memory = wire.memory("/a.md", "x").await;
    let path = format!("{}/memory_versions/{}/redact", wire.store, text(&memory["memory_version_id"]));
    let answered = wire.server.call(Method::POST, path).send().await;
    assert_eq!(refused(&answered), is(403, "permission_error"));
}
