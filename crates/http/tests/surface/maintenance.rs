//! Long work: lines of progress, and who may ask for it.

use std::path::Path;

use axum::http::Method;
use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::ports::{PortError, PortErrorKind};
use serde_json::{Value, json};

use crate::seed::seed;
use crate::server::{Answered, server};

fn lines(answered: &Answered) -> Vec<Value> {
    assert_eq!(answered.headers["content-type"], "application/x-ndjson", "{}", answered.text);
    answered.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn reindex_ends_with_its_result() {
    let server = server().await;
    seed(&server).await;
    let answered = server.call(Method::POST, "/dk/v1/maintenance/reindex").by_operator().send().await;
    let lines = lines(&answered);
    assert_eq!(lines.last().unwrap(), &json!({"result": {"embedded_count": 0, "orphan_count": 0}}));
}

#[tokio::test]
async fn doctor_ends_with_what_it_mended() {
    let server = server().await;
    seed(&server).await;
    let space = server.store.space_of(server.space);
    let mut lost_count = 0;
    space.damage_passages(|passages| {
        lost_count = passages.len();
        passages.clear();
    });
    let call = server.call(Method::POST, "/dk/v1/maintenance/doctor").by_operator();
    let health = |answered: &Answered| lines(answered).pop().unwrap()["result"].clone();
    let mut mended = health(&call.clone().send().await);
    let checked_count = mended["checked_count"].take().as_u64();
    assert!(checked_count.is_some_and(|count| count > 1), "{mended}");
    let expected = json!({
        "problems": [], "checked_count": null, "mended": {"missing": lost_count}, "stale_passage_count": 0
    });
    assert_eq!(mended, expected);
    assert_eq!(health(&call.send().await)["mended"], json!({}));
}

#[tokio::test]
async fn backup_copies_what_is_there() {
    let server = server().await;
    seed(&server).await;
    let call = server.post("/dk/v1/maintenance/backup", json!({"path": "/backups/one.db"})).by_operator();
    let answered = call.clone().send().await;
    assert_eq!(lines(&answered).last().unwrap(), &json!({"result": {"path": "/backups/one.db"}}));
    assert!(server.store.open_copy(Path::new("/backups/one.db")).is_some());
    let again = call.send().await;
    assert!(again.status >= 400, "{}", again.text);
}

#[tokio::test]
async fn a_path_on_the_server_is_only_the_operators_to_name() {
    let server = server().await;
    let body = json!({"path": "/backups/one.db"});
    let call = server.post("/dk/v1/maintenance/backup", body.clone());
    assert_eq!(call.clone().send().await.code(), "operator_only");
    let key = server.key_of(server.space, &Permission::ALL).await;
    assert_eq!(call.clone().with_key(key.secret.reveal()).send().await.code(), "operator_only");
    let relative = server.post("/dk/v1/maintenance/backup", json!({"path": "one.db"})).by_operator();
    assert_eq!(relative.send().await.code(), "invalid_request");
}

#[tokio::test]
async fn work_that_fails_at_once_has_a_status() {
    let server = server().await;
    let forbidden = server.call(Method::POST, "/dk/v1/maintenance/reindex").send().await;
    assert_eq!((forbidden.status, forbidden.code().as_str()), (403, "forbidden"));
}

#[tokio::test]
async fn a_full_disk_refuses_writes_and_goes_on_reading() {
    let server = server().await;
    let seed = seed(&server).await;
    let new = json!({"text": "Ana moved."});
    for (kind, status, code) in
        [(PortErrorKind::Full, 507, "storage_full"), (PortErrorKind::ReadOnly, 503, "storage_read_only")]
    {
        server.store.refuse_writes(Some(kind));
        let answered = server.post("/dk/v1/memories", new.clone()).by_operator().send().await;
        assert_eq!((answered.status, answered.code().as_str()), (status, code));
        server.get(format!("/dk/v1/memories/{}", seed.memory)).by_operator().ok().await;
    }
    server.store.refuse_writes(None);
    server.post("/dk/v1/memories", new).by_operator().ok().await;
}

#[tokio::test]
async fn a_defect_is_answered_without_details() {
    let server = server().await;
    let error = PortError::new(PortErrorKind::Internal, "at /home/ana/secret.db: dk_abc");
    server.store.fail_next_write(error);
    let answered = server.post("/dk/v1/memories", json!({"text": "Ana moved."})).by_operator().send().await;
    assert_eq!((answered.status, answered.code().as_str()), (500, "internal"));
    assert!(!answered.text.contains("ana") && !answered.text.contains("dk_"), "{}", answered.text);
}

#[tokio::test]
async fn maintenance_tells_what_it_does_and_a_dry_run_does_nothing() {
    let server = server().await;
    seed(&server).await;
    let maintain =
        |dry_run: bool| server.post("/dk/v1/maintenance/maintain", json!({"dry_run": dry_run})).by_operator();
    for dry_run in [true, false] {
        let answered = maintain(dry_run).send().await;
        let done = lines(&answered).pop().unwrap()["result"].clone();
        assert_eq!(done["dry_run"], dry_run, "{done}");
        assert!(done["memory_count"].as_u64().unwrap() > 0, "{done}");
        assert_eq!((done["archived_count"].as_u64(), done["event_count"].as_u64()), (Some(0), Some(0)));
    }
    let metrics = server.call(Method::GET, "/metrics").by_operator().send().await;
    assert!(metrics.text.contains("dreamkeeper_maintenance_runs_total 1"), "{}", metrics.text);
    let misspelt =
        server.post("/dk/v1/maintenance/maintain", json!({"dry": true})).by_operator().send().await;
    assert_eq!(misspelt.status, 400, "{}", misspelt.text);
}
