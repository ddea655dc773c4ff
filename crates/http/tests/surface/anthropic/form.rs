//! The form of the wire: keys, headers, errors of every layer, and that spaces never meet on it.

use axum::http::Method;
use dreamkeeper_domain::key::Permission;
use serde_json::json;

use super::{STORES, is, refused, text, wire};
use crate::server::{server, server_with};

#[tokio::test]
async fn a_key_comes_as_theirs_or_as_a_bearer_and_two_that_differ_open_nothing() {
    let server = server().await;
    let key = server.key_of(server.space, &[Permission::Read]).await;
    let secret = key.secret.reveal();
    let call = || server.get(STORES);
    assert_eq!(call().header("x-api-key", secret).send().await.status, 200);
    assert_eq!(call().with_key(secret).send().await.status, 200);
    assert_eq!(call().with_key(secret).header("x-api-key", secret).send().await.status, 200);
    let closed = [
        call(),
        call().header("x-api-key", "sk-ant-1"),
        call().header("x-api-key", ""),
        call().with_key(secret).header("x-api-key", "other"),
    ];
    for call in closed {
        assert_eq!(refused(&call.send().await), is(401, "authentication_error"));
    }
    let write = server.post(STORES, json!({"name": "x"})).header("x-api-key", secret);
    assert_eq!(refused(&write.send().await), is(403, "permission_error"));
}

#[tokio::test]
async fn every_route_is_closed_without_a_key_beyond_loopback() {
    let server = server_with(|options| options.local_space = None).await;
    let store = format!("{STORES}/memstore_{}", "0".repeat(32));
    let memory = format!("{store}/memories/mem_{}", "0".repeat(32));
    let version = format!("{store}/memory_versions/memver_{}", "0".repeat(32));
    let routes = [
        (Method::POST, STORES.to_owned()),
        (Method::GET, STORES.to_owned()),
        (Method::GET, store.clone()),
        (Method::POST, store.clone()),
        (Method::DELETE, store.clone()),
        (Method::POST, format!("{store}/archive")),
        (Method::POST, format!("{store}/memories")),
        (Method::GET, format!("{store}/memories")),
        (Method::GET, memory.clone()),
        (Method::POST, memory.clone()),
        (Method::PATCH, memory.clone()),
        (Method::DELETE, memory),
        (Method::GET, format!("{store}/memory_versions")),
        (Method::GET, version.clone()),
        (Method::POST, format!("{version}/redact")),
    ];
    for (method, path) in routes {
        let answered = server.call(method.clone(), &path).send().await;
        assert_eq!(refused(&answered), is(401, "authentication_error"), "{method} {path}");
    }
}

#[tokio::test]
async fn another_spaces_records_are_not_there() {
    let wire = wire().await;
    let memory = wire.memory("/a.md", "x").await;
    let other = wire.server.engine.open_space("other").await.unwrap();
    let secret = wire.server.key_of(other, &Permission::ALL).await.secret.reveal().to_owned();
    let version = format!("{}/memory_versions/{}", wire.store, text(&memory["memory_version_id"]));
    for path in [wire.store.clone(), wire.of(&memory), version, format!("{}/memories", wire.store)] {
        let answered = wire.server.get(path).header("x-api-key", &secret).send().await;
        assert_eq!(refused(&answered), is(404, "not_found_error"));
    }
    let list = wire.server.get(STORES).header("x-api-key", &secret).ok().await;
    assert_eq!(list["data"], json!([]));
}

#[tokio::test]
async fn a_memory_of_another_store_is_not_there() {
    let wire = wire().await;
    let memory = wire.memory("/a.md", "x").await;
    let other = wire.server.post(STORES, json!({"name": "Other"})).ok().await;
    let store = format!("{STORES}/{}", text(&other["id"]));
    let paths = [
        format!("{store}/memories/{}", text(&memory["id"])),
        format!("{store}/memory_versions/{}", text(&memory["memory_version_id"])),
    ];
    for path in paths {
        assert_eq!(refused(&wire.server.get(path).send().await), is(404, "not_found_error"));
    }
}

#[tokio::test]
async fn beta_counts_for_nothing_and_two_betas_are_one_too_many() {
    let wire = wire().await;
    assert_eq!(wire.server.get(format!("{}?beta=true", wire.store)).send().await.status, 200);
    let (new, old) = ("agent-memory-2026-07-22", "managed-agents-2026-04-01");
    let call = |betas: &str| wire.server.get(STORES).header("anthropic-beta", betas);
    for betas in [new, old, "files-api-2025-04-14", ""] {
        assert_eq!(call(betas).send().await.status, 200, "{betas}");
    }
    assert_eq!(refused(&call(&format!("{new}, {old}")).send().await), is(400, "invalid_request_error"));
}

#[tokio::test]
async fn answers_name_the_request_and_give_the_workspace_back() {
    let wire = wire().await;
    let answered = wire.server.get(&wire.store).header("anthropic-workspace-id", "wrkspc_1").send().await;
    assert_eq!(answered.headers["anthropic-workspace-id"], "wrkspc_1");
    assert_eq!(answered.headers["request-id"], answered.headers["x-request-id"]);
    assert!(wire.server.get(&wire.store).send().await.headers.get("anthropic-workspace-id").is_none());
    let native = wire.server.get("/dk/v1/stats").send().await;
    assert!(native.headers.get("request-id").is_none(), "our own routes have their own form");
}

#[tokio::test]
async fn every_layers_refusal_has_the_wires_form() {
    let wire = wire().await;
    let unknown = wire.server.get(format!("{}/nowhere", wire.store)).send().await;
    assert_eq!(refused(&unknown), is(404, "not_found_error"));
    let method = wire.server.call(Method::PUT, &wire.store).send().await;
    assert_eq!(refused(&method), is(405, "invalid_request_error"));
    let rebound = wire.server.get(&wire.store).header("host", "evil.example").send().await;
    assert_eq!(refused(&rebound), is(403, "permission_error"));
    let broken = wire.server.post(STORES, json!({})).body("{").send().await;
    assert_eq!(refused(&broken), is(400, "invalid_request_error"));
    let binary = wire.server.post(STORES, json!({})).body(vec![0xff, 0xfe]).send().await;
    assert_eq!(refused(&binary), is(400, "invalid_request_error"));
    let large = wire.server.post(STORES, json!({})).header("content-length", "999999999").send().await;
    assert_eq!(refused(&large), is(413, "request_too_large"));
    for id in
        ["nonsense", "mem_1", &format!("mem_{}", "0".repeat(32)), &format!("memstore_{}", "0".repeat(32))]
    {
        let answered = wire.server.get(format!("{STORES}/{id}")).send().await;
        assert_eq!(refused(&answered), is(404, "not_found_error"), "{id}");
    }
    let native = wire.server.get("/v1/memory_stores_of_mine").send().await;
    assert_eq!(native.code(), "unknown_route", "only their routes speak their words");
}
