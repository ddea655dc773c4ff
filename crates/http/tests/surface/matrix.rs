//! Every route × every principal.

use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_engine::NewKey;
use jiff::SignedDuration;

use crate::seed::{Seed, Visit, seed, seed_without_key, visits};
use crate::server::{Server, server, server_with};

const BACKUP: &str = "/dk/v1/maintenance/backup";

/// Visits every route with one secret and compares each status and code with what is expected.
async fn check(
    server: &Server,
    seed: &Seed,
    secret: Option<&str>,
    expected: impl Fn(&Visit) -> (u16, &'static str),
) {
    for visit in visits(seed) {
        let call = visit.call(server);
        let answered = secret.map_or(call.clone(), |secret| call.with_key(secret)).send().await;
        let code = if answered.status < 400 { String::new() } else { answered.code() };
        let expected = expected(&visit);
        let seen = (answered.status, code.as_str());
        assert_eq!(seen, expected, "{} {} with {secret:?}: {}", visit.method, visit.route, answered.text);
    }
}

/// What a live key of the space with that one permission gets.
fn with_only(permission: Permission) -> impl Fn(&Visit) -> (u16, &'static str) {
    move |visit| match visit.permission {
        None => (200, ""),
        Some(_) if visit.route == BACKUP => (403, "operator_only"),
        Some(needed) if needed != permission => (403, "forbidden"),
        Some(_) => (visit.success(), ""),
    }
}

fn closed(visit: &Visit) -> (u16, &'static str) {
    if visit.permission.is_none() { (200, "") } else { (401, "unauthenticated") }
}

#[tokio::test]
async fn without_a_live_key_every_route_that_tells_anything_is_closed() {
    let server = server().await;
    let seed = seed(&server).await;
    let revoked = server.key_of(server.space, &Permission::ALL).await;
    server.engine.revoke_key(&server.operator(), revoked.key.id).await.unwrap();
    let new = NewKey {
        name: "short".into(),
        permissions: Permission::ALL.into(),
        ceiling: Origin::User,
        expires_at: Some(revoked.key.created_at + SignedDuration::from_secs(60)),
    };
    let expired = server.engine.create_key(&server.operator(), new).await.unwrap();
    server.clock.advance(SignedDuration::from_secs(61));
    check(&server, &seed, None, closed).await;
    check(&server, &seed, Some("dk_0000"), closed).await;
    check(&server, &seed, Some(""), closed).await;
    check(&server, &seed, Some(revoked.secret.reveal()), closed).await;
    check(&server, &seed, Some(expired.secret.reveal()), closed).await;
}

#[tokio::test]
async fn a_key_opens_what_its_permission_names_and_nothing_else() {
    for permission in Permission::ALL {
        let server = server().await;
        let seed = seed(&server).await;
        let key = server.key_of(server.space, &[permission]).await;
        check(&server, &seed, Some(key.secret.reveal()), with_only(permission)).await;
    }
}

#[tokio::test]
async fn a_key_of_another_space_finds_no_record_of_this_one() {
    let server = server().await;
    let seed = seed(&server).await;
    let other = server.engine.open_space("other").await.unwrap();
    let key = server.key_of(other, &Permission::ALL).await;
    check(&server, &seed, Some(key.secret.reveal()), |visit| match visit.permission {
        Some(_) if visit.route == BACKUP => (403, "operator_only"),
        Some(_) if visit.names_a_record() => (404, "not_found"),
        // The other space has no such key of state until the visit that sets it.
        Some(Permission::Read) if visit.route.starts_with("/dk/v1/state/{key}") => (404, "not_found"),
        Some(_) | None => (visit.success(), ""),
    })
    .await;
}

#[tokio::test]
async fn a_local_server_without_keys_reads_and_writes_but_does_not_erase_or_administer() {
    let server = server().await;
    let seed = seed_without_key(&server).await;
    check(&server, &seed, None, |visit| match visit.permission {
        None | Some(Permission::Read | Permission::Write | Permission::Propose) => (visit.success(), ""),
        Some(_) if visit.route == BACKUP => (403, "operator_only"),
        Some(Permission::Approve | Permission::Erase | Permission::Admin) => (403, "forbidden"),
    })
    .await;
}

#[tokio::test]
async fn one_revoked_key_keeps_a_local_server_closed() {
    let server = server().await;
    assert_eq!(server.get("/dk/v1/stats").send().await.status, 200);
    let key = server.key_of(server.space, &[Permission::Read]).await;
    assert_eq!(server.get("/dk/v1/stats").send().await.status, 401);
    server.engine.revoke_key(&server.operator(), key.key.id).await.unwrap();
    assert_eq!(server.get("/dk/v1/stats").send().await.status, 401);
}

#[tokio::test]
async fn a_listener_beyond_loopback_lets_nobody_in_without_a_key() {
    let server = server_with(|options| options.local_space = None).await;
    assert_eq!(server.get("/dk/v1/stats").send().await.code(), "unauthenticated");
    assert_eq!(server.get("/dk/v1/stats").without_caller().send().await.code(), "unauthenticated");
    assert_eq!(server.get("/dk/v1/stats").by_operator().send().await.status, 200);
}

#[tokio::test]
async fn metrics_are_open_on_loopback_and_the_administrators_beyond() {
    let local = server().await;
    local.key_of(local.space, &[Permission::Read]).await;
    assert_eq!(local.get("/metrics").send().await.status, 200);
    let server = server_with(|options| options.local_space = None).await;
    assert_eq!(server.get("/metrics").send().await.code(), "unauthenticated");
    for permission in Permission::ALL {
        let key = server.key_of(server.space, &[permission]).await;
        let answered = server.get("/metrics").with_key(key.secret.reveal()).send().await;
        let expected = if permission == Permission::Admin { 200 } else { 403 };
        assert_eq!(answered.status, expected, "{permission:?}");
    }
}

#[tokio::test]
async fn a_key_counts_also_where_the_operator_calls() {
    let server = server().await;
    let key = server.key_of(server.space, &[Permission::Read]).await;
    let call = |path: &str| server.get(path).by_operator().with_key(key.secret.reveal());
    assert_eq!(call("/dk/v1/stats").send().await.status, 200);
    assert_eq!(call("/dk/v1/audit").send().await.code(), "forbidden");
}

#[tokio::test]
async fn a_refusal_comes_before_the_body_is_read() {
    let server = server().await;
    server.key_of(server.space, &[Permission::Read]).await;
    let call = server.call(axum::http::Method::POST, "/dk/v1/messages").body(vec![0xff; 64]);
    let answered = call.send().await;
    assert_eq!(answered.code(), "unauthenticated");
    assert_eq!(answered.headers["www-authenticate"], "Bearer realm=\"dreamkeeper\"");
}

#[tokio::test]
async fn only_a_bearer_token_is_a_credential() {
    let server = server().await;
    for value in ["Basic ZGs6", "Bearer", "dk_0000", ""] {
        let answered = server.get("/dk/v1/stats").header("authorization", value).send().await;
        assert_eq!(answered.code(), "unauthenticated", "{value:?}");
    }
}
