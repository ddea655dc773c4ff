//! A store of topics, and one good request to each route about it.

use axum::http::Method;
use dreamkeeper_domain::key::Permission;
use serde_json::{Value, json};

use super::{CANARY, Seed, Visit};
use crate::server::Server;

const STORES: &str = "/dk/v1/topic-stores";

/// The store's id, and that of the first of two versions.
pub(super) async fn seed(server: &Server) -> [String; 2] {
    let new = json!({"name": "Kit", "scope": {"user": "ana"}});
    let store = server.post(STORES, new).by_operator().ok().await;
    let store = store["id"].as_str().unwrap().to_owned();
    let topic = json!({"path": "/kit.md", "content": format!("# {CANARY}\n")});
    let first = server.post(format!("{STORES}/{store}/topics"), topic).by_operator().ok().await;
    let path = format!("{STORES}/{store}/topics/%2Fkit.md");
    let second = json!({"content": format!("# {CANARY}\ntuned\n")});
    server.call(Method::PUT, path).json(&second).by_operator().ok().await;
    [store, first["version"].as_str().unwrap().to_owned()]
}

/// The requests about topics, in an order in which each can succeed.
pub(super) fn visits(seed: &Seed) -> Vec<Visit> {
    use Permission::{Erase, Read, Write};
    let [store, version] = &seed.topics;
    let visit = |method, route: &'static str, permission, body: Option<Value>| Visit {
        method,
        route,
        permission: Some(permission),
        path: route.replace("{id}", store).replace("{topic}", "%2Fkit.md").replace("{version}", version),
        body,
    };
    let get = |route| visit(Method::GET, route, Read, None);
    let write = |method, route, body| visit(method, route, Write, Some(body));
    let (post, patch) = (|| Method::POST, || Method::PATCH);
    let create = json!({"input": {"command": "create", "path": "/memories/new.md", "file_text": "x"}});
    vec![
        get("/dk/v1/topic-stores"),
        write(post(), "/dk/v1/topic-stores", json!({"name": "Other"})),
        get("/dk/v1/topic-stores/{id}"),
        write(patch(), "/dk/v1/topic-stores/{id}", json!({"description": "tools"})),
        write(post(), "/dk/v1/topic-stores/{id}/tool", create),
        visit(post(), "/dk/v1/topic-stores/{id}/load", Read, Some(json!({"task": "tune"}))),
        write(post(), "/dk/v1/topic-stores/{id}/index", json!({})),
        get("/dk/v1/topic-stores/{id}/topics"),
        write(post(), "/dk/v1/topic-stores/{id}/topics", json!({"path": "/a.md", "content": ""})),
        get("/dk/v1/topic-stores/{id}/topics/{topic}"),
        get("/dk/v1/topic-stores/{id}/topics/{topic}/versions"),
        get("/dk/v1/topic-stores/{id}/topics/{topic}/diff"),
        get("/dk/v1/topic-stores/{id}/topics/{topic}/blame"),
        get("/dk/v1/topic-stores/{id}/versions"),
        get("/dk/v1/topic-stores/{id}/versions/{version}"),
        write(Method::PUT, "/dk/v1/topic-stores/{id}/topics/{topic}", json!({"content": "one two"})),
        write(
            post(),
            "/dk/v1/topic-stores/{id}/topics/{topic}/edit",
            json!({"old": "one", "new": "two", "expected_sha256": null}),
        ),
        write(patch(), "/dk/v1/topic-stores/{id}/topics/{topic}", json!({"content": "three"})),
        write(post(), "/dk/v1/topic-stores/{id}/topics/{topic}/restore", json!({"version": "1"})),
        visit(post(), "/dk/v1/topic-stores/{id}/versions/{version}/redact", Erase, None),
        visit(Method::DELETE, "/dk/v1/topic-stores/{id}/topics/{topic}", Write, None),
        write(post(), "/dk/v1/topic-stores/{id}/archive", json!({})),
        visit(Method::DELETE, "/dk/v1/topic-stores/{id}", Write, None),
        write(post(), "/dk/v1/topic-stores/{id}/undelete", json!({})),
    ]
}
