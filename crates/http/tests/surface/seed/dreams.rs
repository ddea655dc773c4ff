//! A dream with a change that waits, one that waits for its turn, and one good request to each route about them.

use axum::http::Method;
use dreamkeeper_domain::changeset::{Expected, Write};
use dreamkeeper_domain::id::StoreId;
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::ports::Clock;
use dreamkeeper_testkit::builders::a_dream;
use serde_json::{Value, json};

use super::{CANARY, Seed, Visit};
use crate::server::Server;

const DREAMS: &str = "/dk/v1/dreams";
const STORES: &str = "/dk/v1/topic-stores";

/// The ids of the two dreams, and of the store that the first is over.
pub(super) async fn seed(server: &Server) -> [String; 3] {
    let store =
        server.post(STORES, json!({"name": "Dreamt", "scope": {"user": "ana"}})).by_operator().ok().await;
    let store = store["id"].as_str().unwrap().to_owned();
    let line = format!("- The {CANARY} is tuned well.\n");
    let topic = json!({"path": "/dream.md", "content": line.repeat(2)});
    server.post(format!("{STORES}/{store}/topics"), topic).by_operator().ok().await;
    let dream = server.post(DREAMS, json!({"target": {"store": store}})).by_operator().ok().await;
    let id: StoreId = store.parse().unwrap();
    let waiting = a_dream(id, server.clock.now());
    let written = Write::PutDream { dream: Box::new(waiting.clone()), expected: Expected::Absent };
    server.write(vec![written]).await;
    [dream["id"].as_str().unwrap().to_owned(), waiting.id.to_string(), store]
}

/// The requests about dreams, in an order in which each can succeed, and once more.
pub(super) fn visits(seed: &Seed) -> Vec<Visit> {
    use Permission::{Approve, Propose, Read, Write};
    let [dream, waiting, store] = &seed.dreams;
    let of = |id: &str, method, route: &'static str, permission, body: Option<Value>| Visit {
        method,
        route,
        permission: Some(permission),
        path: route.replace("{id}", id).replace("{number}", "1"),
        body,
    };
    let get = |route| of(dream, Method::GET, route, Read, None);
    let post = |route, permission, body| of(dream, Method::POST, route, permission, Some(body));
    let edit = json!({"path": "/dream.md", "content": format!("- The {CANARY} is tuned well.\n")});
    vec![
        get("/dk/v1/dreams"),
        post("/dk/v1/dreams", Propose, json!({"target": {"store": store}})),
        get("/dk/v1/dreams/{id}"),
        get("/dk/v1/dreams/{id}/changes"),
        get("/dk/v1/dreams/{id}/changes/{number}"),
        post("/dk/v1/dreams/{id}/changes/{number}/edit", Write, edit),
        post("/dk/v1/dreams/{id}/reject", Write, json!({"changes": [1]})),
        post("/dk/v1/dreams/{id}/accept", Approve, json!({"changes": [1]})),
        post("/dk/v1/dreams/{id}/adopt", Approve, json!({})),
        post("/dk/v1/dreams/{id}/rollback", Approve, json!({})),
        of(waiting, Method::POST, "/dk/v1/dreams/{id}/cancel", Write, None),
        of(dream, Method::POST, "/dk/v1/dreams/{id}/archive", Write, None),
    ]
}
