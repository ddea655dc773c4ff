//! What clients see when something behind the surface panics, hangs, or has too much to do.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use dreamkeeper_domain::passage::EmbedderIdentity;
use dreamkeeper_domain::ports::{EmbedPurpose, Embedder, PortError, PortErrorKind};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::server::{server, server_over};

/// An embedder that never answers.
struct Broken {
    identity: EmbedderIdentity,
    panics: bool,
    called: Notify,
}

fn broken(panics: bool) -> Arc<Broken> {
    Arc::new(Broken { identity: EmbedderIdentity("broken".into()), panics, called: Notify::new() })
}

#[async_trait]
impl Embedder for Broken {
    fn identity(&self) -> &EmbedderIdentity {
        &self.identity
    }

    fn dimensions(&self) -> usize {
        4
    }

    async fn embed(&self, _texts: &[String], _purpose: EmbedPurpose) -> Result<Vec<Vec<f32>>, PortError> {
        self.called.notify_one();
        assert!(!self.panics, "dk_secret of /home/ana");
        std::future::pending().await
    }
}

/// A store, an embedder or an owner in the way: each kind of failure has its code, and what was there is
/// still read.
#[tokio::test]
async fn every_fault_of_what_is_behind_has_its_code() {
    let server = server().await;
    let there = server.post("/dk/v1/memories", words()).ok().await;
    let path = format!("/dk/v1/memories/{}", there["id"].as_str().unwrap());
    let table = [
        (PortErrorKind::Corrupt, 500, "storage_corrupt"),
        (PortErrorKind::Newer, 500, "storage_newer"),
        (PortErrorKind::Refused, 502, "dependency_failed"),
        (PortErrorKind::BadAnswer, 502, "dependency_failed"),
        (PortErrorKind::Owned, 503, "owned"),
        (PortErrorKind::Unavailable, 503, "unavailable"),
        (PortErrorKind::Overloaded, 503, "overloaded"),
        (PortErrorKind::ReadOnly, 503, "storage_read_only"),
        (PortErrorKind::Full, 507, "storage_full"),
    ];
    for (kind, status, code) in table {
        for (path, body) in [
            ("/dk/v1/memories", words()),
            ("/dk/v1/messages", json!({"messages": [{"role": "user", "text": "Ana moved."}]})),
        ] {
            server.store.fail_next_write(PortError::new(kind, "what failed, and what to do"));
            let answered = server.post(path, body).send().await;
            assert_eq!((answered.status, answered.code().as_str()), (status, code), "{path}");
            let error = &answered.json()["error"];
            assert_eq!(error["message"], "what failed, and what to do", "{code}");
            assert_eq!(error["details"]["temporary"], false, "{code}");
            assert!(error["advice"].as_str().is_some_and(|advice| advice.ends_with('.')), "{error}");
        }
        server.get(&path).ok().await;
    }
    server.store.fail_next_write(PortError::temporary(PortErrorKind::Unavailable, "asleep"));
    let answered = server.post("/dk/v1/memories", words()).send().await;
    assert_eq!(answered.json()["error"]["details"]["temporary"], true);
    assert_eq!(answered.headers["retry-after"], "1");
}

fn words() -> Value {
    json!({"text": "Ana moved."})
}

#[tokio::test]
async fn a_panic_is_answered_without_its_words() {
    let server = server_over(broken(true), |_| {}).await;
    let answered = server.post("/dk/v1/memories", words()).send().await;
    assert_eq!((answered.status, answered.code().as_str()), (500, "internal"));
    assert!(!answered.text.contains("secret") && !answered.text.contains("ana"), "{}", answered.text);
    assert_eq!(answered.headers["cache-control"], "no-store");
    assert_eq!(server.get("/dk/v1/stats").send().await.status, 200);
}

#[tokio::test]
async fn a_request_that_hangs_is_ended() {
    let server = server_over(broken(false), |options| options.timeout = Duration::from_millis(20)).await;
    let answered = server.post("/dk/v1/memories", words()).send().await;
    assert_eq!((answered.status, answered.code().as_str()), (503, "timeout"));
}

#[tokio::test]
async fn more_requests_than_there_are_places_are_refused() {
    let embedder = broken(false);
    let server = server_over(embedder.clone(), |options| options.requests_at_once_max = 1).await;
    let first = tokio::spawn(server.post("/dk/v1/memories", words()).send());
    embedder.called.notified().await;
    let second = server.get("/dk/v1/stats").send().await;
    assert_eq!((second.status, second.code().as_str()), (503, "overloaded"));
    assert_eq!(second.headers["retry-after"], "1");
    assert_eq!(server.get("/healthz").send().await.status, 200);
    first.abort();
    assert!(first.await.is_err());
    assert_eq!(server.get("/dk/v1/stats").send().await.status, 200);
}
