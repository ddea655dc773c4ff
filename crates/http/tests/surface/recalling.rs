//! Recall through the surface: what an answer tells beside the words that it serves.

use serde_json::json;

use axum::http::Method;

use crate::server::server;

#[tokio::test]
async fn importance_is_shown_moves_with_use_and_is_set() {
    let server = server().await;
    let new = json!({"text": "The studio has a skylight.", "scope": {"user": "ana"}});
    let id = server.post("/dk/v1/memories", new).ok().await["id"].as_str().unwrap().to_owned();
    let path = format!("/dk/v1/memories/{id}");
    let shown = async || server.get(&path).ok().await["importance"].as_f64().unwrap();
    assert_eq!(shown().await, 0.5);
    server.post(format!("{path}/feedback"), json!({"feedback": "wrong"})).ok().await;
    assert!((shown().await - 0.35).abs() < 1e-6, "{}", shown().await);
    let set = server.call(Method::PATCH, &path).json(&json!({"importance": 0.75})).ok().await;
    assert_eq!(set["detail"]["importance"], 0.75, "{set}");
    assert!((shown().await - 0.6).abs() < 1e-6, "{}", shown().await);
    let listed = server.post("/dk/v1/memories/list", json!({"scope": {"user": "ana"}})).ok().await;
    let record = server.get(format!("/dk/v1/records/{id}")).ok().await;
    assert_eq!(listed["items"][0]["importance"], record["memory"]["importance"], "{listed}");
    let refused = server.call(Method::PATCH, &path).json(&json!({"importance": 7})).send().await;
    assert_eq!((refused.status, refused.code().as_str()), (400, "invalid_request"));
}

#[tokio::test]
async fn what_memory_is_no_authority_on_is_told() {
    let server = server().await;
    let scope = json!({"user": "ana"});
    for text in ["The rent of the studio is 900 euros.", "The studio has a skylight."] {
        server.post("/dk/v1/memories", json!({"text": text, "scope": scope})).ok().await;
    }
    let question = json!({"query": "What about the studio?", "scope": scope});
    let recall = server.post("/dk/v1/recall", question).ok().await;
    let items = recall["memories"].as_array().unwrap();
    let told = |word: &str| {
        items.iter().find(|item| item["memory"]["text"].as_str().unwrap().contains(word)).unwrap()
    };
    assert_eq!(
        (&told("rent")["authoritative"], &told("rent")["tells_of"]),
        (&json!(false), &json!(["amount"]))
    );
    assert!(told("skylight").get("authoritative").is_none() && told("skylight").get("tells_of").is_none());
}
