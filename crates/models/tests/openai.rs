//! The OpenAI-compatible embedder against a real server on loopback that follows a script.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::time::Duration;

use dreamkeeper_domain::ports::{EmbedPurpose, Embedder, PortError, PortErrorKind};
use dreamkeeper_models::{ConnectError, OpenAiEmbedder, OpenAiSettings, RetryPolicy, Secret};
use dreamkeeper_testkit::{Answer, HttpRequest, HttpScript};
use serde_json::{Value, json};

const KEY: &str = "sk-very-secret-0123456789";

/// Settings without real waits: two dimensions, three attempts a millisecond apart.
fn settings(server: &HttpScript) -> OpenAiSettings {
    OpenAiSettings {
        key: Some(Secret::new(KEY)),
        dimensions: Some(2),
        timeout: Duration::from_secs(5),
        retry: RetryPolicy {
            attempts_max: 3,
            wait_first: Duration::from_millis(1),
            wait_max: Duration::from_millis(2),
        },
        ..OpenAiSettings::new(server.url("/v1").parse().unwrap(), "tiny")
    }
}

fn embeddings(vectors: &[[f32; 2]]) -> Answer {
    let data =
        vectors.iter().enumerate().map(|(index, embedding)| json!({"index": index, "embedding": embedding}));
    Answer::json(&json!({"object": "list", "data": data.collect::<Vec<_>>(), "usage": {"total_tokens": 3}}))
}

fn refusal(status: u16, message: &str, code: &str) -> Answer {
    Answer::status(status, json!({"error": {"message": message, "code": code}}).to_string())
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Embeds two texts against a script; gives the outcome and the requests that the server saw.
async fn embed_two(script: Vec<Answer>) -> (Result<Vec<Vec<f32>>, PortError>, Vec<Value>) {
    let server = HttpScript::answering(script).await;
    let embedder = OpenAiEmbedder::connect(settings(&server)).await.unwrap();
    let outcome = embedder.embed(&texts(&["one", "two"]), EmbedPurpose::Passage).await;
    if let Err(error) = &outcome {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(KEY), "the key leaks: {shown}");
        assert!(error.message.contains(&server.url("/v1")), "the address is told: {shown}");
    }
    (outcome, server.requests().iter().map(HttpRequest::json).collect())
}

/// Expects a failure of this kind after so many requests, whose message says all of these.
async fn check_failure(script: Vec<Answer>, kind: PortErrorKind, requests: usize, says: &[&str]) {
    let (outcome, seen) = embed_two(script).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.kind, kind, "{error}");
    assert_eq!(seen.len(), requests, "{error}");
    let temporary = matches!(kind, PortErrorKind::Unavailable | PortErrorKind::Overloaded);
    assert_eq!(error.temporary, temporary, "{error}");
    for part in says {
        assert!(error.message.contains(part), "{error} does not say {part:?}");
    }
}

#[tokio::test]
async fn vectors_come_back_in_order_at_unit_length() {
    let (outcome, requests) = embed_two(vec![embeddings(&[[3.0, 4.0], [0.0, 2.0]])]).await;
    assert_eq!(outcome.unwrap(), [[0.6, 0.8], [0.0, 1.0]]);
    let expected =
        json!({"model": "tiny", "input": ["one", "two"], "encoding_format": "float", "dimensions": 2});
    assert_eq!(requests, [expected]);
}

#[tokio::test]
async fn the_key_is_sent_and_never_shown() {
    let server = HttpScript::answering([embeddings(&[[1.0, 0.0]])]).await;
    let embedder = OpenAiEmbedder::connect(settings(&server)).await.unwrap();
    embedder.embed(&texts(&["one"]), EmbedPurpose::Query).await.unwrap();
    assert_eq!(server.requests()[0].header("authorization"), Some(format!("Bearer {KEY}").as_str()));
    assert!(!embedder.identity().0.contains(KEY));
    let key = Secret::new(KEY);
    assert_eq!(format!("{key} {key:?}"), "******** ********");
}

#[tokio::test]
async fn a_server_that_quotes_the_key_does_not_leak_it() {
    let quoting = format!("Incorrect API key provided: {KEY}.");
    let says = ["401", "invalid_api_key", "********", "check the key"];
    check_failure(vec![refusal(401, &quoting, "invalid_api_key")], PortErrorKind::Refused, 1, &says).await;
    let redirect = Answer::status(307, "").header("location", &format!("http://elsewhere/{KEY}"));
    check_failure(vec![redirect], PortErrorKind::Refused, 1, &["307", "elsewhere"]).await;
    let misplaced = Answer::json(&json!({"data": KEY}));
    check_failure(vec![misplaced], PortErrorKind::BadAnswer, 1, &["no list of embeddings"]).await;
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    let good = || embeddings(&[[1.0, 0.0], [0.0, 1.0]]);
    for first in [429, 408, 500, 502, 503, 504, 529] {
        let (outcome, requests) = embed_two(vec![refusal(first, "later", ""), good()]).await;
        assert!(outcome.is_ok(), "{first}: {outcome:?}");
        assert_eq!(requests.len(), 2, "{first}");
    }
    for first in [Answer::HangUp, Answer::Truncated(b"{".to_vec())] {
        let (outcome, requests) = embed_two(vec![first.clone(), good()]).await;
        assert!(outcome.is_ok(), "{first:?}: {outcome:?}");
        assert_eq!(requests.len(), 2, "{first:?}");
    }
}

#[tokio::test]
async fn attempts_are_bounded() {
    let script = || (0..9).map(|_| refusal(500, "the disk is on fire", "")).collect();
    let says = ["500", "the disk is on fire", "3 attempts"];
    check_failure(script(), PortErrorKind::Unavailable, 3, &says).await;
    let script = (0..9).map(|_| refusal(429, "slow down", "rate_limit")).collect();
    check_failure(script, PortErrorKind::Overloaded, 3, &["429", "slow down"]).await;
}

#[tokio::test]
async fn what_does_not_pass_is_not_tried_again() {
    for status in [301, 400, 403, 404, 413, 422, 501] {
        let script = vec![refusal(status, "no", "")];
        check_failure(script, PortErrorKind::Refused, 1, &[&status.to_string()]).await;
    }
    let spent = refusal(429, "You exceeded your current quota", "insufficient_quota");
    check_failure(vec![spent], PortErrorKind::Refused, 1, &["no quota left"]).await;
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_refused() {
    let bad =
        |reply, says: &'static [&'static str]| check_failure(vec![reply], PortErrorKind::BadAnswer, 1, says);
    bad(embeddings(&[[1.0, 0.0]]), &["\"tiny\"", "1 vectors for 2 texts"]).await;
    let wide = json!({"data": [{"index": 0, "embedding": [1, 0, 0]}, {"index": 1, "embedding": [1, 0, 0]}]});
    bad(Answer::json(&wide), &["3 dimensions where 2 are set", "reindex"]).await;
    bad(Answer::status(200, "<html>hello</html>"), &["no list of embeddings"]).await;
    bad(Answer::status(200, ""), &["no list of embeddings"]).await;
    bad(Answer::status(200, " ".repeat(100_000)), &["more than", "bytes"]).await;
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_given_up() {
    let server = HttpScript::answering([Answer::Silence, Answer::Silence, Answer::Silence]).await;
    let timeout = Duration::from_millis(50);
    let embedder = OpenAiEmbedder::connect(OpenAiSettings { timeout, ..settings(&server) }).await.unwrap();
    let error = embedder.embed(&texts(&["one"]), EmbedPurpose::Query).await.unwrap_err();
    assert_eq!((error.kind, error.temporary), (PortErrorKind::Unavailable, true), "{error}");
    assert!(error.message.contains("50 ms"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_as_such() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let base_url = format!("http://{free}").parse().unwrap();
    let retry = RetryPolicy { attempts_max: 1, ..RetryPolicy::default() };
    let settings = OpenAiSettings { retry, ..OpenAiSettings::new(base_url, "tiny") };
    let error = OpenAiEmbedder::connect(settings).await.err().unwrap();
    assert!(error.to_string().contains("cannot be reached"), "{error}");
    assert!(matches!(error, ConnectError::Probe(error) if error.temporary));
}

#[tokio::test]
async fn unset_dimensions_are_learned_and_not_asked_for() {
    let loading = refusal(503, "loading the model", "");
    let server = HttpScript::answering([loading, embeddings(&[[1.0, 1.0]]), embeddings(&[[1.0, 0.0]])]).await;
    let settings = OpenAiSettings { dimensions: None, ..settings(&server) };
    let embedder = OpenAiEmbedder::connect(settings).await.unwrap();
    assert_eq!(embedder.dimensions(), 2);
    assert_eq!(embedder.identity().0.as_ref(), "openai:tiny:2");
    embedder.embed(&texts(&["one"]), EmbedPurpose::Query).await.unwrap();
    assert!(server.requests().iter().all(|request| request.json().get("dimensions").is_none()));
}

#[tokio::test]
async fn batches_are_bounded_and_blank_texts_stay_home() {
    let two = || embeddings(&[[1.0, 0.0], [0.0, 1.0]]);
    let server = HttpScript::answering([two(), embeddings(&[[0.0, 1.0]])]).await;
    let settings =
        OpenAiSettings { batch_texts_max: 2, passage_prefix: "passage: ".to_owned(), ..settings(&server) };
    let embedder = OpenAiEmbedder::connect(settings).await.unwrap();
    assert_eq!(embedder.identity().0.as_ref(), r#"openai:tiny:2:"passage: ""#);
    let texts = texts(&["a", "b", "", "c", " \n", "\t"]);
    let vectors = embedder.embed(&texts, EmbedPurpose::Passage).await.unwrap();
    assert_eq!(vectors, [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]);
    let inputs: Vec<Value> =
        server.requests().iter().map(|request| request.json()["input"].clone()).collect();
    assert_eq!(inputs, [json!(["passage: a", "passage: b"]), json!(["passage: c"])]);
    assert!(embedder.embed(&[], EmbedPurpose::Query).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_text_that_fits_no_model_is_cut_at_a_character() {
    let server = HttpScript::answering([embeddings(&[[1.0, 0.0]])]).await;
    let settings = OpenAiSettings { text_bytes_max: 5, ..settings(&server) };
    let embedder = OpenAiEmbedder::connect(settings).await.unwrap();
    embedder.embed(&texts(&["naïve é", "     late"]), EmbedPurpose::Query).await.unwrap();
    assert_eq!(server.requests()[0].json()["input"], json!(["naïv"]));
}

#[tokio::test]
async fn impossible_settings_are_refused_before_anything_is_sent() {
    let server = HttpScript::answering([]).await;
    let check = |settings: OpenAiSettings, says: &'static str| async move {
        let error = OpenAiEmbedder::connect(settings).await.err().unwrap().to_string();
        assert!(error.contains(says) && !error.contains(KEY), "{error}");
    };
    check(OpenAiSettings { model: " ".to_owned(), ..settings(&server) }, "no model").await;
    check(OpenAiSettings { dimensions: Some(0), ..settings(&server) }, "0 dimensions").await;
    check(OpenAiSettings { dimensions: Some(99_999), ..settings(&server) }, "99999 dimensions").await;
    check(OpenAiSettings { key: Some(Secret::new(format!("{KEY}\n"))), ..settings(&server) }, "line break")
        .await;
    assert!(server.requests().is_empty());
}
