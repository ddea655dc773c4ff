//! Keys: made once, shown once, revoked for good.

use dreamkeeper_domain::key::Permission;
use dreamkeeper_domain::origin::Origin;
use dreamkeeper_engine::{NewKey, Secret, VerbError};
use jiff::SignedDuration;

use crate::house::house;

fn reader() -> NewKey {
    NewKey {
        name: "reader".into(),
        permissions: [Permission::Read].into(),
        ceiling: Origin::User,
        expires_at: None,
    }
}

#[tokio::test]
async fn a_key_opens_its_space_with_its_permissions_until_it_is_revoked() {
    let house = house().await;
    assert!(!house.engine.has_live_keys().await.unwrap());
    let made = house.engine.create_key(&house.operator, reader()).await.unwrap();
    assert_eq!(made.secret.reveal().len(), 3 + 64, "256 bits in hexadecimal after the prefix");
    assert_eq!(format!("{:?}", made.secret), "***");
    let principal = house.engine.authenticate(&made.secret).await.unwrap();
    assert_eq!((principal.space, principal.ceiling), (house.operator.space, Origin::User));
    assert!(principal.require(Permission::Read).is_ok() && principal.require(Permission::Write).is_err());
    house.engine.revoke_key(&house.operator, made.key.id).await.unwrap();
    let error = house.engine.authenticate(&made.secret).await.unwrap_err();
    assert_eq!(error, house.engine.authenticate(&Secret::new("dk_wrong")).await.unwrap_err());
}

#[tokio::test]
async fn an_expired_key_opens_nothing_and_cannot_be_made_expired() {
    let house = house().await;
    let soon = "2026-03-02T10:00:00Z".parse().unwrap();
    let new = NewKey { expires_at: Some(soon), ..reader() };
    let made = house.engine.create_key(&house.operator, new.clone()).await.unwrap();
    house.clock.advance(SignedDuration::from_hours(1));
    assert!(house.engine.authenticate(&made.secret).await.is_err());
    let error = house.engine.create_key(&house.operator, new).await.unwrap_err();
    assert!(matches!(error, VerbError::Invalid { .. }), "{error}");
}

#[tokio::test]
async fn a_key_of_another_space_looks_absent() {
    let house = house().await;
    let made = house.engine.create_key(&house.operator, reader()).await.unwrap();
    let other = house.engine.open_space("other").await.unwrap();
    let stranger = dreamkeeper_engine::Principal::operator(other, "stranger");
    assert!(house.engine.keys(&stranger).await.unwrap().is_empty());
    let error = house.engine.revoke_key(&stranger, made.key.id).await.unwrap_err();
    assert!(matches!(error, VerbError::NotFound { .. }), "{error}");
    assert!(house.engine.keys(&house.local).await.is_err(), "keys are for administrators");
}

#[tokio::test]
async fn a_key_never_does_more_than_who_made_it() {
    let house = house().await;
    let administrator = NewKey { permissions: [Permission::Admin, Permission::Read].into(), ..reader() };
    let made = house.engine.create_key(&house.operator, administrator).await.unwrap();
    let principal = house.engine.authenticate(&made.secret).await.unwrap();
    assert!(house.engine.create_key(&principal, reader()).await.is_ok());
    let eraser = NewKey { permissions: [Permission::Erase].into(), ..reader() };
    let error = house.engine.create_key(&principal, eraser).await.unwrap_err();
    assert!(matches!(error, VerbError::Forbidden { permission: Permission::Erase, .. }), "{error}");
}
