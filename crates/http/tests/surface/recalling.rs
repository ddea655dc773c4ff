//! Recall through the surface: what an answer tells beside the words that it serves.

use serde_json::json;

use crate::server::server;

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
