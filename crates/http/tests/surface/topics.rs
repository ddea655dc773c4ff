//! Topics through HTTP: what their routes answer, and how they refuse.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::server::{Server, server};

const STORES: &str = "/dk/v1/topic-stores";

/// A server with a store, and the path of the store.
async fn stored() -> (Server, String) {
    let server = server().await;
    let store = server.post(STORES, json!({"name": "House", "metadata": {"team": "home"}})).ok().await;
    let path = format!("{STORES}/{}", store["id"].as_str().unwrap());
    (server, path)
}

async fn put(server: &Server, store: &str, (path, content): (&str, &str)) -> Value {
    server.clock.advance(SignedDuration::from_secs(1));
    let path = format!("{store}/topics/{}", path.replace('/', "%2F"));
    server.call(Method::PUT, path).json(&json!({"content": content})).ok().await
}

#[tokio::test]
async fn a_topic_is_named_by_its_path_or_its_id() {
    let (server, store) = stored().await;
    let written =
        put(&server, &store, ("/drinks/green tea.md".replace(' ', "%20").as_str(), "# Tea\n")).await;
    assert_eq!(written["changed"], true);
    let id = written["topic"]["id"].as_str().unwrap();
    for named in [id, "%2Fdrinks%2Fgreen%20tea.md"] {
        let read = server.get(format!("{store}/topics/{named}")).ok().await;
        assert_eq!((&read["path"], &read["content"]), (&json!("/drinks/green tea.md"), &json!("# Tea\n")));
    }
    let bad = server.get(format!("{store}/topics/tea")).send().await;
    assert_eq!(bad.code(), "invalid_request", "neither");
    let again = put(&server, &store, ("/drinks/green%20tea.md", "# Tea\n")).await;
    assert_eq!((&again["changed"], &again["topic"]["number"]), (&json!(false), &json!(1)));
}

#[tokio::test]
async fn refusals_say_what_is_there() {
    let (server, store) = stored().await;
    let made = put(&server, &store, ("/a.md", "one")).await;
    let stale = json!({"content": "two", "expected_sha256": "0".repeat(64)});
    let path = format!("{store}/topics/%2Fa.md");
    let changed = server.call(Method::PATCH, &path).json(&stale).send().await;
    assert_eq!((changed.status, changed.code().as_str()), (409, "content_changed"));
    let details = &changed.json()["error"]["details"];
    assert_eq!(details["hash_found"], made["topic"]["content_sha256"]);
    let taken = server.post(format!("{store}/topics"), json!({"path": "/a.md", "content": ""})).send().await;
    assert_eq!((taken.status, taken.code().as_str()), (409, "path_taken"));
    let removal = server.call(Method::DELETE, format!("{path}?expected_sha256={}", "0".repeat(64)));
    assert_eq!(removal.send().await.code(), "content_changed");
    let long = json!({"content": "x".repeat(102_401)});
    assert_eq!(server.call(Method::PUT, &path).json(&long).send().await.code(), "invalid_request");
    server.post(format!("{store}/archive"), json!({})).ok().await;
    let closed = server.call(Method::PUT, &path).json(&json!({"content": "x"})).send().await;
    assert_eq!((closed.status, closed.code().as_str()), (409, "store_closed"));
}

#[tokio::test]
async fn lists_show_folders_contents_and_pages() {
    let (server, store) = stored().await;
    for path in ["/a.md", "/b/c.md", "/b/d.md"] {
        put(&server, &store, (path, path)).await;
    }
    let level = server.get(format!("{store}/topics?one_level=true")).ok().await;
    assert_eq!(level["items"][1], json!({"folder": "/b/"}));
    assert_eq!(level["items"][0]["topic"]["content"], Value::Null);
    let full = server.get(format!("{store}/topics?full=true&prefix=%2Fb%2F&limit=1")).ok().await;
    assert_eq!(full["items"][0]["topic"]["content"], "/b/c.md");
    let next = format!("{store}/topics?after={}", full["next"].as_str().unwrap().replace('/', "%2F"));
    assert_eq!(server.get(next).ok().await["items"][0]["topic"]["path"], "/b/d.md");
}

#[tokio::test]
async fn history_is_told_and_brought_back() {
    let (server, store) = stored().await;
    put(&server, &store, ("/a.md", "one\n")).await;
    put(&server, &store, ("/a.md", "one\ntwo\n")).await;
    let path = format!("{store}/topics/%2Fa.md");
    server.clock.advance(SignedDuration::from_secs(1));
    server.call(Method::DELETE, format!("{path}?reason=done")).send().await;
    let log = server.get(format!("{path}/versions")).ok().await;
    let told: Vec<&Value> = log["items"].as_array().unwrap().iter().map(|one| &one["operation"]).collect();
    assert_eq!(told, ["deleted", "modified", "created"]);
    assert_eq!((&log["items"][0]["reason"], &log["items"][1]["content"]), (&json!("done"), &Value::Null));
    let diff = server.get(format!("{path}/diff?from=1&to=2")).ok().await;
    assert_eq!(
        (&diff["inserted_count"], diff["unified"].as_str().unwrap().contains("+two")),
        (&json!(1), true)
    );
    let back = server.post(format!("{path}/restore"), json!({"version": "1"})).ok().await;
    assert_eq!((&back["topic"]["content"], &back["topic"]["number"]), (&json!("one\n"), &json!(4)));
    let blame = server.get(format!("{path}/blame")).ok().await;
    assert_eq!(blame["lines"][0], json!({"text": "one", "version": 0}));
}

#[tokio::test]
async fn the_memory_tool_takes_a_models_input_as_it_is() {
    let (server, store) = stored().await;
    let run = async |input: Value| server.post(format!("{store}/tool"), json!({"input": input})).ok().await;
    let made = run(json!({"command": "create", "path": "/memories/a.md", "file_text": "hello"})).await;
    assert_eq!(made, json!({"content": "File created successfully at: /memories/a.md", "is_error": false}));
    let absent = run(json!({"command": "view", "path": "/memories/b.md"})).await;
    assert_eq!(absent["is_error"], true);
    let loaded = server.post(format!("{store}/load"), json!({"task": "hello"})).ok().await;
    assert!(loaded["text"].as_str().unwrap().contains("# /a.md\nhello\n"), "{loaded}");
}
