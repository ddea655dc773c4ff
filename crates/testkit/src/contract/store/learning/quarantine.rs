//! Quarantine and summaries.

use dreamkeeper_domain::candidate::{Closing, Held, HeldStatus};
use dreamkeeper_domain::changeset::{ApplyError, Write};
use dreamkeeper_domain::id::{CandidateId, MemoryId};
use dreamkeeper_domain::ports::HeldQuery;
use dreamkeeper_domain::scope::Scope;

use super::{StorePlace, apply, open, refuse, talk, told};
use crate::builders::{
    a_candidate, a_held, a_message, a_scope, a_summary, an_actor, changes, minute, next_id_bytes,
};

fn hold(held: &Held) -> Write {
    Write::Hold(Box::new(held.clone()))
}

fn held_at(user: &str, count: i64) -> Held {
    let candidate = a_candidate(&format!("{user} {count}"), &a_scope(user, &["home"]), &[]);
    Held { held_at: minute(count), ..a_held(candidate) }
}

/// The first stands.
pub async fn a_held_candidate_is_read_back_and_kept_once(place: &dyn StorePlace) {
    let space = open(place).await;
    let (_, messages) = talk(&*space, "ana", 1).await;
    let mut held = a_held(a_candidate("Ana rows", &a_scope("ana", &[]), &[&messages[0]]));
    held.candidate.unfound = vec![(None, "she rows".into()), (Some(messages[0].id), "rowing".into())];
    apply(&*space, changes().write(hold(&held))).await;
    let other = Held { held_at: minute(9), ..held.clone() };
    apply(&*space, changes().write(hold(&other))).await;
    let unknown = CandidateId::new(minute(0), next_id_bytes());
    assert_eq!(told(space.held(&[held.candidate.id, unknown]).await), [held]);
}

/// By whom, when and why.
pub async fn a_held_candidate_is_closed_once(place: &dyn StorePlace) {
    let space = open(place).await;
    let held = held_at("ana", 0);
    apply(&*space, changes().write(hold(&held))).await;
    let closing = Closing {
        actor: an_actor(),
        at: minute(1),
        reason: Some("she said so".into()),
        memory: Some(MemoryId::new(minute(1), next_id_bytes())),
    };
    let close = |id, status| Write::CloseHeld { id, status, closing: closing.clone() };
    apply(&*space, changes().write(close(held.candidate.id, HeldStatus::Released))).await;
    let expected = Held { status: HeldStatus::Released, closed: Some(closing.clone()), ..held.clone() };
    assert_eq!(told(space.held(&[held.candidate.id]).await), std::slice::from_ref(&expected));
    let twice = refuse(&*space, changes().write(close(held.candidate.id, HeldStatus::Rejected))).await;
    assert!(matches!(twice, ApplyError::VersionConflict { .. }), "{twice}");
    assert_eq!(told(space.held(&[held.candidate.id]).await), [expected]);
    let unknown = CandidateId::new(minute(0), next_id_bytes());
    let error = refuse(&*space, changes().write(close(unknown, HeldStatus::Rejected))).await;
    assert!(matches!(error, ApplyError::NotFound { .. }), "{error}");
}

/// Under a scope, in a status; every one once.
pub async fn held_candidates_are_paged_newest_first(place: &dyn StorePlace) {
    let space = open(place).await;
    let of_ana: Vec<Held> = (0..5).map(|count| held_at("ana", count / 2)).collect();
    let of_bo = held_at("bo", 9);
    apply(&*space, changes().writes(of_ana.iter().chain([&of_bo]).map(hold))).await;
    let mut query = HeldQuery { scope: a_scope("ana", &["home"]), limit: 2, ..HeldQuery::default() };
    let mut found = Vec::new();
    loop {
        let page = told(space.list_held(&query).await);
        found.extend(page.items);
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    let mut expected = of_ana.clone();
    expected.sort_by_key(|held| std::cmp::Reverse((held.held_at, held.candidate.id)));
    assert_eq!(found, expected);
    let closing = Closing { actor: an_actor(), at: minute(1), reason: None, memory: None };
    let close = Write::CloseHeld { id: of_bo.candidate.id, status: HeldStatus::Rejected, closing };
    apply(&*space, changes().write(close)).await;
    for (status, count) in [(HeldStatus::Waiting, 5), (HeldStatus::Rejected, 1), (HeldStatus::Released, 0)] {
        let query = HeldQuery { status: Some(status), limit: 10, ..HeldQuery::default() };
        assert_eq!(told(space.list_held(&query).await).items.len(), count, "{status:?}");
    }
    let work = HeldQuery { scope: a_scope("ana", &["work"]), limit: 10, ..HeldQuery::default() };
    assert_eq!(told(space.list_held(&work).await).items, []);
}

/// Whoever comes last.
pub async fn the_summary_that_reaches_further_stands(place: &dyn StorePlace) {
    let space = open(place).await;
    let (session, _) = talk(&*space, "ana", 1).await;
    assert_eq!(told(space.summary(session.id).await), None);
    for (text, upto, stands) in [("a", 2, "a"), ("b", 1, "a"), ("c", 2, "c"), ("d", 5, "d")] {
        let summary = Write::PutSummary(Box::new(a_summary(&session, text, upto)));
        apply(&*space, changes().write(summary)).await;
        let found = told(space.summary(session.id).await).map(|summary| summary.text);
        assert_eq!(found.as_deref(), Some(stands));
    }
    let unknown = crate::builders::a_session(a_scope("ana", &[]));
    let write = Write::PutSummary(Box::new(a_summary(&unknown, "lost", 1)));
    assert!(matches!(refuse(&*space, changes().write(write)).await, ApplyError::NotFound { .. }));
}

/// Under a scope.
pub async fn summaries_are_those_of_the_latest_sessions(place: &dyn StorePlace) {
    let space = open(place).await;
    for (user, count) in [("ana", 3), ("bo", 9), ("ana", 7), ("ana", 5)] {
        let key = format!("talk {count}");
        let session = crate::builders::a_named_session(a_scope(user, &[]), &key);
        let message = a_message("so it is").in_session(&session).at(minute(count)).write();
        let summary = Write::PutSummary(Box::new(a_summary(&session, &key, 1)));
        apply(&*space, changes().open(&session).writes([message, summary])).await;
    }
    let texts = |found: Vec<dreamkeeper_domain::summary::Summary>| -> Vec<String> {
        found.into_iter().map(|summary| summary.text).collect()
    };
    let ana = Scope::user("ana");
    assert_eq!(texts(told(space.summaries(&ana, 2).await)), ["talk 7", "talk 5"]);
    assert_eq!(texts(told(space.summaries(&ana, 9).await)), ["talk 7", "talk 5", "talk 3"]);
    assert_eq!(texts(told(space.summaries(&Scope::default(), 1).await)), ["talk 9"]);
    assert_eq!(told(space.summaries(&a_scope("ana", &["home"]), 9).await), []);
}
