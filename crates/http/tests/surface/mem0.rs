//! mem0's wire through HTTP: what its clients rely on, and each bad input in its shape.

use axum::http::Method;
use serde_json::{Value, json};

use crate::server::{Answered, Server, server};

async fn kept(server: &Server, user: &str, words: &str) -> String {
    let new = json!({"messages": [{"role": "user", "content": words}], "user_id": user, "infer": false});
    let added = server.post("/v3/memories/add/", new).ok().await;
    assert_eq!((&added["status"], &added["results"][0]["event"]), (&json!("SUCCEEDED"), &json!("ADD")));
    added["results"][0]["id"].as_str().unwrap().to_owned()
}

async fn listed(server: &Server, user: &str) -> Value {
    server.post("/v3/memories/", json!({"filters": {"user_id": user}})).ok().await
}

/// A refusal says the same under both names that their clients read.
fn refused(answered: &Answered) -> u16 {
    let body = answered.json();
    assert!(body["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{body}");
    assert_eq!(body["detail"], body["error"], "{body}");
    answered.status
}

#[tokio::test]
async fn a_ping_tells_organisation_and_project_and_no_address() {
    let told = server().await.get("/v1/ping/").ok().await;
    assert_eq!(told["status"], "ok");
    assert!(told["org_id"].is_string() && told["project_id"].is_string(), "{told}");
    assert!(!told["user_email"].as_str().unwrap().contains('@'), "{told}");
}

#[tokio::test]
async fn a_key_is_a_token_too() {
    use dreamkeeper_domain::key::Permission;
    let server = server().await;
    let key = server.key_of(server.space, &[Permission::Read]).await;
    let ping = |scheme: &str, secret: &str| {
        server.get("/v1/ping/").header("authorization", &format!("{scheme} {secret}")).send()
    };
    let secret = key.secret.reveal();
    assert_eq!(ping("Token", secret).await.status, 200);
    assert_eq!(server.get("/v1/ping/").header("x-api-key", secret).send().await.status, 200);
    assert_eq!(refused(&ping("Token", "dk_wrong").await), 401);
    assert_eq!(refused(&ping("Basic", secret).await), 401);
}

#[tokio::test]
async fn a_memory_is_kept_read_changed_and_deleted() {
    let server = server().await;
    let id = kept(&server, "ana", "I live in Porto").await;
    let path = format!("/v1/memories/{id}/");
    let got = server.get(&path).ok().await;
    assert_eq!((&got["memory"], &got["user_id"]), (&json!("I live in Porto"), &json!("ana")));
    let change = json!({"text": "I live in Faro", "expiration_date": "2026-12-31"});
    let changed = server.call(Method::PUT, &path).json(&change).ok().await;
    assert_eq!(changed["expiration_date"], "2026-12-31");
    let changed = server.call(Method::PUT, &path).json(&json!({"expiration_date": null})).ok().await;
    assert_eq!((&changed["memory"], &changed["expiration_date"]), (&json!("I live in Faro"), &Value::Null));
    server.call(Method::DELETE, &path).ok().await;
    assert_eq!(refused(&server.get(&path).send().await), 404);
    assert_eq!(refused(&server.call(Method::DELETE, &path).send().await), 404);
    let history = server.get(format!("{path}history/")).ok().await;
    let told = history.as_array().unwrap().iter().map(|entry| entry["event"].as_str().unwrap());
    assert_eq!(told.collect::<Vec<_>>(), ["ADD", "UPDATE", "UPDATE", "DELETE"]);
    assert_eq!(history[1]["old_memory"], "I live in Porto");
}

#[tokio::test]
async fn an_add_is_queued_and_its_event_is_found() {
    let server = server().await;
    let new = json!({"messages": [{"role": "user", "content": "I live in Porto"}], "user_id": "ana"});
    let added = server.post("/v3/memories/add/", new).ok().await;
    assert_eq!(added["status"], "PENDING");
    let event = server.get(format!("/v1/event/{}/", added["event_id"].as_str().unwrap())).ok().await;
    assert_eq!((&event["id"], &event["status"]), (&added["event_id"], &json!("PENDING")));
    assert_eq!(server.get("/v1/events/").ok().await["count"], 1);
}

#[tokio::test]
async fn pages_are_numbered_and_counted() {
    let server = server().await;
    for words in ["one", "two", "three"] {
        kept(&server, "ana", words).await;
    }
    kept(&server, "bo", "four").await;
    let filters = json!({"filters": {"AND": [{"userId": "ana"}]}, "source": "CLI"});
    let first = server.post("/v3/memories/?page=1&page_size=2", filters.clone()).ok().await;
    assert_eq!((&first["count"], first["results"].as_array().unwrap().len()), (&json!(3), 2));
    assert!(first["next"].is_string() && first["previous"].is_null(), "{first}");
    let second = server.post("/v3/memories/?page=2&page_size=2", filters).ok().await;
    assert_eq!(second["results"].as_array().unwrap().len(), 1);
    assert!(second["next"].is_null() && second["previous"].is_string(), "{second}");
}

#[tokio::test]
async fn delete_all_takes_whom_it_names_and_never_everybody() {
    let server = server().await;
    kept(&server, "ana", "one").await;
    kept(&server, "bo", "two").await;
    let nobody =
        ["", "?filters=%7B%27user_id%27%3A+%27ana%27%7D", "?metadata=%7B%7D", "?user_id=", "?source=CLI"];
    for query in nobody {
        let answered = server.call(Method::DELETE, format!("/v1/memories/{query}")).send().await;
        assert_eq!(refused(&answered), 400, "{query}");
    }
    assert_eq!(server.get("/v1/entities/").ok().await["total_users"], 2);
    server.call(Method::DELETE, "/v1/memories/?user_id=ana").ok().await;
    assert_eq!(listed(&server, "ana").await["count"], 0);
    assert_eq!(listed(&server, "bo").await["count"], 1);
    server.call(Method::DELETE, "/v2/entities/user/bo/").ok().await;
    assert_eq!(listed(&server, "bo").await["count"], 0);
}

#[tokio::test]
async fn a_batch_is_done_whole_or_not_at_all() {
    let server = server().await;
    let id = kept(&server, "ana", "one").await;
    let unknown = "00000000-0000-0000-0000-000000000000";
    let both = json!({"memories": [{"memory_id": id}, {"memory_id": unknown}]});
    let answered = server.call(Method::DELETE, "/v1/batch/").json(&both).send().await;
    assert_eq!(refused(&answered), 404);
    assert_eq!(listed(&server, "ana").await["count"], 1);
    let change = json!({"memories": [{"memory_id": id, "text": "two"}]});
    server.call(Method::PUT, "/v1/batch/").json(&change).ok().await;
    assert_eq!(listed(&server, "ana").await["results"][0]["memory"], "two");
    let one = json!({"memories": [{"memory_id": id}]});
    server.call(Method::DELETE, "/v1/batch/").json(&one).ok().await;
    assert_eq!(listed(&server, "ana").await["count"], 0);
}

#[tokio::test]
async fn their_own_server_has_its_paths() {
    let server = server().await;
    let new = json!({"messages": [{"role": "user", "content": "one"}], "user_id": "ana", "infer": false});
    let added = server.post("/memories", new).ok().await;
    assert_eq!(
        (&added["results"][0]["memory"], &added["results"][0]["event"]),
        (&json!("one"), &json!("ADD"))
    );
    let all = server.get("/memories?user_id=ana").ok().await;
    assert_eq!(all["results"].as_array().unwrap().len(), 1);
    let question =
        json!({"query": "one", "filters": {"user_id": "ana"}, "threshold": 0.0, "top_k": 5, "limit": 5});
    assert!(server.post("/search", question).ok().await["results"].is_array());
    assert_eq!(refused(&server.call(Method::DELETE, "/memories").send().await), 400);
}

#[tokio::test]
async fn bad_input_is_refused_in_their_shape() {
    let server = server().await;
    let said = json!([{"role": "user", "content": "x"}]);
    let bad = [
        ("/v3/memories/add/", json!({"messages": said})),
        ("/v3/memories/add/", json!({"messages": [], "user_id": "ana"})),
        ("/v3/memories/add/", json!({"messages": [{"role": "judge", "content": "x"}], "user_id": "ana"})),
        ("/v3/memories/search/", json!({"query": "x", "user_id": "ana"})),
        ("/v3/memories/search/", json!({"query": "x", "filters": {"colour": "red", "user_id": "ana"}})),
        ("/v3/memories/search/", json!({"query": "x", "filters": {"user_id": "ana"}, "top_k": 1001})),
        ("/v3/memories/search/", json!({"query": "x", "filters": {"user_id": "ana"}, "threshold": 2})),
        ("/v3/memories/", json!({"filters": "{'user_id': 'ana'}"})),
        ("/v3/memories/?page_size=201", json!({"filters": {"user_id": "ana"}})),
        ("/v1/feedback/", json!({"memory_id": "x", "feedback": "POSITIVE"})),
    ];
    for (path, body) in bad {
        assert_eq!(refused(&server.post(path, body.clone()).send().await), 400, "{path} {body}");
    }
    assert_eq!(refused(&server.get("/v1/memories/no-id/").send().await), 400);
    let unknown = "/v1/memories/00000000-0000-0000-0000-000000000000/";
    assert_eq!(refused(&server.get(unknown).send().await), 404);
    let untyped = server.call(Method::POST, "/v3/memories/").header("content-type", "text/plain").body("{}");
    assert_eq!(refused(&untyped.send().await), 415);
    assert_eq!(refused(&server.post("/v1/exports/", json!({})).send().await), 501);
}
