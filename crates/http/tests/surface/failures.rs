//! The error table, from the outside: what is wrong with a request is told by code, status and field.

use axum::http::Method;
use serde_json::{Value, json};

use crate::seed::{ABSENT, seed_without_key};
use crate::server::{Call, server, server_with};

/// Sends a request that must be refused with that status and code, in words that hold each part.
async fn refused(call: Call, status: u16, code: &str, parts: &[&str]) {
    let answered = call.send().await;
    assert_eq!((answered.status, answered.code().as_str()), (status, code), "{}", answered.text);
    let error = &answered.json()["error"];
    assert!(error["advice"].as_str().is_some_and(|advice| advice.ends_with('.')), "{error}");
    let message = error["message"].as_str().unwrap();
    for part in parts {
        assert!(message.contains(part), "`{message}` lacks `{part}`");
    }
}

#[tokio::test]
async fn bodies_are_bounded_utf8_json_of_bounded_depth() {
    let server = server_with(|options| options.body_bytes_max = 4_096).await;
    let call = server.call(Method::POST, "/dk/v1/messages").header("content-type", "application/json");
    refused(call.clone().body("x".repeat(4_097)), 413, "body_too_large", &["4096"]).await;
    let declared = call.clone().header("content-length", "99999999").body("{}");
    refused(declared, 413, "body_too_large", &[]).await;
    refused(call.clone().body(b"{\"a\":\"\xff\"}".to_vec()), 400, "invalid_utf8", &["after byte 6"]).await;
    let deep = format!("{}{}", "[".repeat(65), "]".repeat(65));
    refused(call.clone().body(deep), 400, "json_too_deep", &["64"]).await;
    refused(call.clone().body("{\"messages\":"), 400, "malformed_json", &["no JSON"]).await;
    refused(call.clone().body("{} {}"), 400, "invalid_request", &["messages"]).await;
    refused(call.body(""), 400, "malformed_json", &[]).await;
}

#[tokio::test]
async fn nobody_but_us_derives() {
    let server = server().await;
    let messages = json!({"via": "derived", "messages": [{"role": "user", "text": "hi"}]});
    let memory = json!({"via": "derived", "text": "Ana moved."});
    refused(server.post("/dk/v1/messages", messages), 400, "invalid_request", &["via", "`live`"]).await;
    refused(server.post("/dk/v1/memories", memory.clone()), 400, "invalid_request", &["via"]).await;
    let there = server.post("/dk/v1/memories", json!({"text": "Ana lives in Porto."})).ok().await;
    let path = format!("/dk/v1/memories/{}/supersede", there["id"].as_str().unwrap());
    refused(server.post(path, memory), 400, "invalid_request", &["via"]).await;
}

#[tokio::test]
async fn bodies_must_be_declared_as_json() {
    let server = server().await;
    let body = json!({"messages": [{"role": "user", "text": "hi"}]}).to_string();
    for given in
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"]
    {
        let call =
            server.call(Method::POST, "/dk/v1/messages").header("content-type", given).body(body.clone());
        refused(call, 415, "unsupported_media_type", &[given]).await;
    }
    let none = server.call(Method::POST, "/dk/v1/messages").body(body.clone());
    refused(none, 415, "unsupported_media_type", &["none"]).await;
    let list =
        server.call(Method::POST, "/dk/v1/memories/list").header("content-type", "text/plain").body("{}");
    refused(list, 415, "unsupported_media_type", &[]).await;
    let call = server.call(Method::POST, "/dk/v1/messages");
    call.header("content-type", "Application/JSON; charset=utf-8").body(body).ok().await;
}

#[tokio::test]
async fn what_a_field_cannot_mean_is_told_by_its_path() {
    let server = server().await;
    let message = |extra: Value| {
        let mut message = json!({"role": "user", "text": "hi"});
        message.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!({"messages": [{"role": "user", "text": "hi"}, message]})
    };
    let cases = [
        ("/dk/v1/messages", message(json!({"colour": "red"})), "messages[1]", "`colour`"),
        ("/dk/v1/messages", message(json!({"at": "yesterday"})), "messages[1].at", "RFC 3339"),
        ("/dk/v1/messages", message(json!({"at": "2026-02-03T18:22:10"})), "messages[1].at", "offset"),
        ("/dk/v1/messages", message(json!({"zone": "Mars/Olympus"})), "messages[1].zone", "Mars/Olympus"),
        ("/dk/v1/messages", message(json!({"role": "boss"})), "messages[1].role", "`boss`"),
        ("/dk/v1/messages", message(json!({"text": 7})), "messages[1].text", "integer"),
        ("/dk/v1/messages", message(json!({"parts": []})), "messages[1].parts", "one of them"),
        (
            "/dk/v1/messages",
            message(json!({"at": "2026-07-03T18:22:10+02:00", "zone": "Europe/Lisbon"})),
            "messages[1].at",
            "one of them is wrong",
        ),
        ("/dk/v1/messages", json!({"messages": []}), "messages", "at least one"),
        ("/dk/v1/messages", json!({"messages": [], "session": {"id": "s1"}}), "session", "UUID"),
        ("/dk/v1/memories", json!({"text": "  "}), "text", "is empty"),
        ("/dk/v1/memories", json!({"text": "x", "kind": "feeling"}), "kind", "`feeling`"),
        ("/dk/v1/memories", json!({"text": "x", "scope": {"user": ""}}), "scope", "user is empty"),
        ("/dk/v1/memories", json!({"text": "x", "scope": {"team": "a"}}), "scope.team", "`team`"),
        ("/dk/v1/memories", json!({"text": "x", "metadata": []}), "metadata", "a map"),
        ("/dk/v1/memories/list", json!({"filter": {"colour": 1}}), "filter.colour", "expected id"),
        ("/dk/v1/memories/list", json!({"filter": {"at": {"lt": "May"}}}), "filter.at.lt", "RFC 3339"),
        ("/dk/v1/memories/list", json!({"limit": 0}), "limit", "1 to 1000"),
        ("/dk/v1/memories/list", json!({"limit": -1}), "limit", "integer"),
        ("/dk/v1/recall", json!({"query": "x", "filter": {"and": []}}), "filter.and", "is empty"),
        ("/dk/v1/recall", json!({"query": "x", "as_of": 1_770_000_000}), "as_of", "string"),
        ("/dk/v1/recall", json!({"query": "x", "include": ["erased"]}), "include[0]", "`erased`"),
        ("/dk/v1/erase", json!({"target": {"scope": {}}}), "scope", "user"),
    ];
    for (path, body, field, part) in cases {
        let answered = server.post(path, body.clone()).by_operator().send().await;
        assert_eq!(answered.code(), "invalid_request", "{path} {body}: {}", answered.text);
        let error = &answered.json()["error"];
        let told = error["details"]["field"].as_str().unwrap();
        assert!(told.starts_with(field), "{path} {body}: field `{told}`, expected `{field}`");
        assert!(error["message"].as_str().unwrap().contains(part), "{path} {body}: {error}");
    }
}

#[tokio::test]
async fn queries_and_paths_are_read_as_strictly() {
    let server = server().await;
    refused(server.get("/dk/v1/sessions?team=a"), 400, "invalid_request", &["`team`"]).await;
    refused(server.get("/dk/v1/sessions?limit=many"), 400, "invalid_request", &["limit"]).await;
    refused(server.get("/dk/v1/sessions?limit=1001"), 400, "invalid_request", &["1 to 1000"]).await;
    refused(server.get("/dk/v1/sessions?user=a&user=b"), 400, "invalid_request", &["user"]).await;
    refused(server.get("/dk/v1/memories/not-an-id"), 400, "invalid_request", &["not-an-id"]).await;
    refused(server.get("/dk/v1/memories/%ff"), 400, "invalid_request", &[]).await;
    refused(server.get("/dk/v1/state/none?user=ana"), 404, "not_found", &["none"]).await;
    server.get("/dk/v1/sessions?label=a&label=b&limit=5").ok().await;
}

#[tokio::test]
async fn what_is_not_there_is_told() {
    let server = server().await;
    for path in ["messages", "sessions", "memories", "receipts", "records", "events"] {
        refused(server.get(format!("/dk/v1/{path}/{ABSENT}")), 404, "not_found", &[ABSENT]).await;
    }
    for path in ["/", "/dk", "/dk/v1", "/dk/v1/", "/dk/v2/stats", "/dk/v1/memories/", "/v1/nothing"] {
        refused(server.get(path), 404, "unknown_route", &[]).await;
    }
    let wrong = server.call(Method::DELETE, "/dk/v1/messages");
    let answered = wrong.send().await;
    assert_eq!((answered.status, answered.code().as_str()), (405, "method_not_allowed"));
    assert_eq!(answered.headers["allow"], "POST");
}

#[tokio::test]
async fn conflicts_tell_what_is_there() {
    let server = server().await;
    let seed = seed_without_key(&server).await;
    let memory = format!("/dk/v1/memories/{}", seed.memory);
    let patch = |version: u32| {
        server.call(Method::PATCH, &memory).json(&json!({"pinned": true, "expected_version": version}))
    };
    patch(1).ok().await;
    let answered = patch(1).send().await;
    assert_eq!((answered.status, answered.code().as_str()), (409, "version_conflict"));
    assert_eq!(answered.json()["error"]["details"]["version_found"], 2);
    let set = |version: u32| {
        server
            .call(Method::PUT, "/dk/v1/state/instrument?user=ana")
            .json(&json!({"value": 1, "expected_version": version}))
    };
    refused(set(0), 409, "version_conflict", &[]).await;
    set(1).ok().await;
    let said = |text: &str| {
        let messages = json!([{"id": "m1", "role": "user", "text": text}]);
        server.post("/dk/v1/messages", json!({"session": {"key": "s"}, "messages": messages}))
    };
    said("one").ok().await;
    assert_eq!(said("one").ok().await["messages"][0]["duplicate"], true);
    refused(said("two"), 409, "client_id_reused", &["`m1`"]).await;
    let erase = json!({"target": {"memory": seed.memory}});
    server.post("/dk/v1/erase", erase).by_operator().ok().await;
    refused(patch(3), 410, "erased", &[]).await;
}

#[tokio::test]
async fn an_idempotency_key_stands_for_one_request() {
    let server = server().await;
    let said = |text: &str| {
        let messages = json!([{"role": "user", "text": text, "at": "2026-03-01T08:00:00Z"}]);
        server.post("/dk/v1/messages", json!({"session": {"key": "s"}, "messages": messages}))
    };
    let first = said("one").header("idempotency-key", "k1").ok().await;
    let again = said("one").header("idempotency-key", "k1").ok().await;
    assert_eq!((&again["messages"], &again["replayed"]), (&first["messages"], &json!(true)));
    refused(said("two").header("idempotency-key", "k1"), 422, "idempotency_key_reused", &["`k1`"]).await;
    let both = json!({"messages": [{"role": "user", "text": "x"}], "idempotency_key": "k2"});
    let both = server.post("/dk/v1/messages", both).header("idempotency-key", "k3");
    refused(both, 400, "invalid_request", &["idempotency_key"]).await;
}

#[tokio::test]
async fn headers_are_bounded() {
    let server = server().await;
    let call = server.get("/dk/v1/stats").header("x-long", &"x".repeat(17 << 10));
    refused(call, 431, "headers_too_large", &["16384"]).await;
}

#[tokio::test]
async fn a_quote_that_was_not_said_is_refused() {
    let server = server().await;
    let seed = seed_without_key(&server).await;
    let evidence = json!([{"message": seed.message, "quote": "I play the harp"}]);
    let call = server.post("/dk/v1/memories", json!({"text": "Ana plays the harp.", "evidence": evidence}));
    refused(call, 400, "invalid_request", &["evidence[0].quote", "verbatim"]).await;
}
