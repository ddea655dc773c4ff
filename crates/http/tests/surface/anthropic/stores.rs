//! Memory stores: made, changed, archived, deleted.

use axum::http::Method;
use serde_json::{Value, json};

use super::{STORES, is, refused, text, wire};
use crate::server::server;

#[tokio::test]
async fn a_store_has_every_key() {
    let server = server().await;
    let made = server.post(STORES, json!({"name": "House", "metadata": {"team": "home"}})).ok().await;
    let id = text(&made["id"]);
    assert_eq!((id.starts_with("memstore_"), id.len()), (true, 41), "{id}");
    let expected = json!({
        "id": id, "type": "memory_store", "name": "House", "description": "", "metadata": {"team": "home"},
        "created_at": "2026-03-02T09:00:00Z", "updated_at": "2026-03-02T09:00:00Z", "archived_at": null,
    });
    assert_eq!(made, expected);
    assert_eq!(server.get(format!("{STORES}/{id}")).ok().await, expected);
}

#[tokio::test]
async fn what_is_out_of_bounds_or_unknown_is_refused() {
    let server = server().await;
    let pairs = |count: usize| -> Value { (0..count).map(|at| (format!("k{at}"), json!("v"))).collect() };
    let good = [
        json!({"name": "n".repeat(255), "description": "d".repeat(1_024), "metadata": pairs(16)}),
        json!({"name": "n", "metadata": {"k".repeat(64): "v".repeat(512)}}),
        json!({"name": "n"}),
        json!({"name": "n", "description": null, "metadata": null}),
    ];
    for body in good {
        server.post(STORES, body).ok().await;
    }
    let bad = [
        json!({}),
        json!({"name": ""}),
        json!({"name": "n".repeat(256)}),
        json!({"name": "a\u{7}b"}),
        json!({"name": "n", "description": "d".repeat(1_025)}),
        json!({"name": "n", "metadata": pairs(17)}),
        json!({"name": "n", "metadata": {"k".repeat(65): "v"}}),
        json!({"name": "n", "metadata": {"k": "v".repeat(513)}}),
        json!({"name": "n", "metadata": {"k": 1}}),
        json!({"name": "n", "colour": "red"}),
    ];
    for body in bad {
        let answered = server.post(STORES, body.clone()).send().await;
        assert_eq!(refused(&answered), is(400, "invalid_request_error"), "{body}");
    }
}

#[tokio::test]
async fn an_update_touches_what_it_names_and_memory_writes_leave_updated_at() {
    let wire = wire().await;
    let change = json!({"description": "tools", "metadata": {"a": "1", "b": "2"}});
    wire.later();
    wire.server.post(&wire.store, change).ok().await;
    wire.memory("/a.md", "x").await;
    let patch = json!({"description": "", "metadata": {"a": null, "c": "3"}});
    let before = wire.server.get(&wire.store).ok().await;
    assert_eq!(before["updated_at"], "2026-03-02T09:00:01Z");
    let after = wire.server.post(&wire.store, patch).ok().await;
    assert_eq!(
        (&after["name"], &after["description"], &after["metadata"]),
        (&json!("House"), &json!(""), &json!({"b": "2", "c": "3"}))
    );
    let unknown = wire.server.post(&wire.store, json!({"colour": "red"})).send().await;
    assert_eq!(refused(&unknown), is(400, "invalid_request_error"));
}

#[tokio::test]
async fn an_archived_store_is_read_only_for_good() {
    let wire = wire().await;
    let memory = wire.memory("/a.md", "x").await;
    let archive = format!("{}/archive", wire.store);
    let archived = wire.server.call(Method::POST, &archive).ok().await;
    wire.later();
    assert_eq!(wire.server.call(Method::POST, &archive).ok().await, archived, "again changes nothing");
    assert!(archived["archived_at"].is_string());
    assert_eq!(wire.server.get(wire.of(&memory)).ok().await["content"], "x");
    let invalid = is(400, "invalid_request_error");
    assert_eq!(refused(&wire.update(&memory, json!({"content": "y"})).await), invalid);
    let new = json!({"path": "/b.md", "content": ""});
    assert_eq!(refused(&wire.server.post(format!("{}/memories", wire.store), new).send().await), invalid);
    assert_eq!(refused(&wire.server.post(&wire.store, json!({"name": "x"})).send().await), invalid);
    let list = async |query: &str| {
        let page = wire.server.get(format!("{STORES}?{query}")).ok().await;
        page["data"].as_array().unwrap().len()
    };
    assert_eq!((list("").await, list("include_archived=true").await), (0, 1));
}

#[tokio::test]
async fn a_deleted_store_takes_its_memories_and_versions_along() {
    let wire = wire().await;
    let memory = wire.memory("/a.md", "x").await;
    let gone = wire.delete(&wire.store).await;
    let id = wire.store.rsplit('/').next().unwrap();
    assert_eq!((gone.status, gone.json()), (200, json!({"id": id, "type": "memory_store_deleted"})));
    for path in [wire.store.clone(), wire.of(&memory), format!("{}/memory_versions", wire.store)] {
        assert_eq!(refused(&wire.server.get(path).send().await), is(404, "not_found_error"));
    }
    assert_eq!(refused(&wire.delete(&wire.store).await), is(404, "not_found_error"));
}
