//! Web pages stay out: hosts, origins, and the headers of every answer.

use axum::http::Method;

use crate::server::{server, server_with};

#[tokio::test]
async fn a_foreign_host_or_origin_reaches_no_route() {
    let server = server().await;
    for path in ["/dk/v1/stats", "/dk/v1/docs", "/healthz", "/nowhere"] {
        let rebound = server.get(path).header("host", "evil.example:7077").send().await;
        assert_eq!((rebound.status, rebound.code().as_str()), (403, "host_not_allowed"), "{path}");
        let nameless = server.get(path).without_header("host").send().await;
        assert_eq!(nameless.code(), "host_not_allowed", "{path}");
        let page = server.get(path).header("origin", "https://evil.example").send().await;
        assert_eq!((page.status, page.code().as_str()), (403, "origin_not_allowed"), "{path}");
        let file = server.get(path).header("origin", "null").send().await;
        assert_eq!(file.code(), "origin_not_allowed", "{path}");
    }
}

#[tokio::test]
async fn the_servers_own_page_may_call() {
    let server = server().await;
    let call = server.get("/dk/v1/stats").header("origin", "http://127.0.0.1:7077");
    assert_eq!(call.send().await.status, 200);
    let call = server.get("/dk/v1/stats").header("host", "localhost").header("origin", "http://localhost");
    assert_eq!(call.send().await.status, 200);
}

#[tokio::test]
async fn an_allowed_page_may_ask_and_call() {
    let server = server_with(|options| {
        options.allowed_origins = ["https://agents.example".to_owned()].into();
    })
    .await;
    let preflight = server
        .call(Method::OPTIONS, "/dk/v1/messages")
        .header("origin", "https://agents.example")
        .header("access-control-request-method", "POST");
    let answered = preflight.clone().send().await;
    assert_eq!(answered.status, 204);
    assert_eq!(answered.headers["access-control-allow-origin"], "https://agents.example");
    let foreign = preflight.header("origin", "https://evil.example").send().await;
    assert_eq!(foreign.code(), "origin_not_allowed");
    let call = server.get("/dk/v1/stats").header("origin", "https://agents.example").send().await;
    assert_eq!((call.status, &call.headers["vary"]), (200, &"origin".parse().unwrap()));
}

#[tokio::test]
async fn who_calls_over_the_socket_needs_no_host() {
    let server = server().await;
    let call = server.get("/dk/v1/stats").by_operator().without_header("host");
    assert_eq!(call.send().await.status, 200);
}

#[tokio::test]
async fn every_answer_is_uncached_unsniffed_and_named() {
    let server = server().await;
    let mut ids = std::collections::BTreeSet::new();
    for path in ["/healthz", "/dk/v1/stats", "/dk/v1/docs", "/nowhere", "/dk/v1/records/nothing"] {
        let answered = server.get(path).send().await;
        assert_eq!(answered.headers["cache-control"], "no-store", "{path}");
        assert_eq!(answered.headers["x-content-type-options"], "nosniff", "{path}");
        assert!(
            answered.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'")
        );
        assert!(ids.insert(answered.headers["x-request-id"].clone()), "{path}");
    }
}

#[tokio::test]
async fn the_page_brings_everything_with_it() {
    let server = server().await;
    let answered = server.get("/dk/v1/docs").send().await;
    let policy = answered.headers["content-security-policy"].to_str().unwrap().to_owned();
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
    assert_eq!(nonce.len(), 32);
    assert!(!policy.contains("unsafe"));
    for tag in ["<script", "<style"] {
        let count = answered.text.matches(tag).count();
        assert_eq!(count, answered.text.matches(&format!("{tag} nonce=\"{nonce}\"")).count(), "{tag}");
        assert!(count > 0, "{tag}");
    }
    for remote in ["http://", "https://", "src=", "@import", "url(", "innerHTML", " style=\"", " onclick"] {
        assert!(!answered.text.contains(remote), "{remote}");
    }
    let again = server.get("/dk/v1/docs").send().await;
    assert!(!again.text.contains(nonce));
}
