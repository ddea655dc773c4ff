//! State: compare and set, removal, exact scopes.

use dreamkeeper_domain::changeset::ApplyError;
use dreamkeeper_domain::scope::Scope;
use dreamkeeper_domain::version::Operation;
use dreamkeeper_engine::{SetState, VerbError};
use serde_json::json;

use crate::house::house;

fn set(value: serde_json::Value, expected_version: Option<u32>) -> SetState {
    let scope = Scope::user("ana");
    SetState { scope, key: "budget".into(), value: Some(value), expected_version, reason: None }
}

#[tokio::test]
async fn a_value_is_set_only_over_the_version_that_was_seen() {
    let house = house().await;
    let entry = house.engine.set_state(&house.local, set(json!({"eur": 400}), Some(0))).await.unwrap();
    assert_eq!(entry.version, 1);
    let error = house.engine.set_state(&house.local, set(json!(1), Some(0))).await.unwrap_err();
    assert!(matches!(error, VerbError::Apply(ApplyError::VersionConflict { found: 1, .. })), "{error}");
    house.engine.set_state(&house.local, set(json!({"eur": 450}), Some(1))).await.unwrap();
    let read = house.engine.state(&house.local, &Scope::user("ana"), "budget").await.unwrap();
    assert_eq!((read.value, read.version), (Some(json!({"eur": 450})), 2));
}

#[tokio::test]
async fn a_removed_key_is_absent_and_keeps_its_history() {
    let house = house().await;
    house.engine.set_state(&house.local, set(json!(1), None)).await.unwrap();
    let removal = SetState { value: None, ..set(json!(0), None) };
    house.engine.set_state(&house.local, removal).await.unwrap();
    let ana = Scope::user("ana");
    let error = house.engine.state(&house.local, &ana, "budget").await.unwrap_err();
    assert!(matches!(error, VerbError::NotFound { .. }), "{error}");
    let history = house.engine.state_history(&house.local, &ana, "budget").await.unwrap();
    let operations: Vec<Operation> = history.iter().map(|version| version.operation).collect();
    assert_eq!(operations, [Operation::Create, Operation::Remove]);
    assert!(house.engine.list_state(&house.local, &ana).await.unwrap().is_empty());
}

#[tokio::test]
async fn another_scope_is_another_entry() {
    let house = house().await;
    house.engine.set_state(&house.local, set(json!(1), None)).await.unwrap();
    let bo = house.engine.state(&house.local, &Scope::user("bo"), "budget").await;
    assert!(bo.is_err());
    let too_large = set(json!("x".repeat(300_000)), None);
    let error = house.engine.set_state(&house.local, too_large).await.unwrap_err();
    assert!(error.to_string().starts_with("value: 300002 bytes"), "{error}");
}
