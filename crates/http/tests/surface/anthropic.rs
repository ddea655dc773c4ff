//! Anthropic's wire of memory stores through HTTP: every row of its decision table.

mod form;
mod memories;
mod pages;
mod stores;
mod versions;

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::server::{Answered, Server, server};

const STORES: &str = "/v1/memory_stores";

/// A server with a memory store.
struct Wire {
    server: Server,
    /// The path of the store.
    store: String,
}

async fn wire() -> Wire {
    let server = server().await;
    let store = server.post(STORES, json!({"name": "House"})).ok().await;
    let store = format!("{STORES}/{}", text(&store["id"]));
    Wire { server, store }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

impl Wire {
    /// The path of a memory, by what was answered of it.
    fn of(&self, memory: &Value) -> String {
        format!("{}/memories/{}", self.store, text(&memory["id"]))
    }

    /// A memory, made a second later than what was before.
    async fn memory(&self, path: &str, content: &str) -> Value {
        self.later();
        let new = json!({"path": path, "content": content});
        self.server.post(format!("{}/memories", self.store), new).ok().await
    }

    async fn update(&self, memory: &Value, patch: Value) -> Answered {
        self.later();
        self.server.post(self.of(memory), patch).send().await
    }

    async fn delete(&self, path: impl AsRef<str>) -> Answered {
        self.later();
        self.server.call(Method::DELETE, path).send().await
    }

    async fn versions(&self, query: &str) -> Vec<Value> {
        let page = self.server.get(format!("{}/memory_versions?{query}", self.store)).ok().await;
        page["data"].as_array().unwrap().clone()
    }

    fn later(&self) {
        self.server.clock.advance(SignedDuration::from_secs(1));
    }
}

/// A refusal: its status and its type, in the form that each has.
fn refused(answered: &Answered) -> (u16, String) {
    let body = answered.json();
    assert_eq!(body["type"], "error", "{body}");
    assert!(!text(&body["error"]["message"]).is_empty(), "{body}");
    assert_eq!(body["request_id"], answered.headers["request-id"].to_str().unwrap());
    let again = answered.headers.get("x-should-retry").map(|value| value.to_str().unwrap());
    assert_eq!(again, (answered.status == 409).then_some("false"), "{body}");
    (answered.status, text(&body["error"]["type"]).to_owned())
}

fn is(status: u16, kind: &str) -> (u16, String) {
    (status, kind.to_owned())
}
