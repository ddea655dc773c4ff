//! Dreams themselves: one holds a target at a time, and due ones are found.

use dreamkeeper_domain::changeset::{ApplyError, Write};
use dreamkeeper_domain::dream::{Dream, DreamStatus, DreamTarget};
use dreamkeeper_domain::id::SessionId;
use dreamkeeper_domain::ports::DreamQuery;

use super::{StorePlace, apply, dream_at, open, propose, put, refuse, told};
use crate::builders::{
    a_message, a_named_session, a_proposed_change, a_scope, changes, minute, next_id_bytes,
};

/// Whole.
pub async fn a_dream_is_read_back_at_every_version(place: &dyn StorePlace) {
    let space = open(place).await;
    let mut dream = dream_at(minute(0));
    apply(&*space, changes().write(put(&dream))).await;
    assert_eq!(told(space.dream(dream.id).await).as_ref(), Some(&dream));
    dream.version = 2;
    dream.status = DreamStatus::Running;
    dream.diary = "It read 3 sessions.".into();
    apply(&*space, changes().write(put(&dream))).await;
    assert_eq!(told(space.dream(dream.id).await), Some(dream.clone()));
    let late = refuse(&*space, changes().write(put(&dream))).await;
    assert!(matches!(late, ApplyError::VersionConflict { found: 2, .. }), "{late}");
    assert_eq!(told(space.dream(dream_at(minute(0)).id).await), None);
}

/// Dreams that hold nothing may stand beside it.
pub async fn one_dream_holds_a_target_at_a_time(place: &dyn StorePlace) {
    let space = open(place).await;
    let mut one = dream_at(minute(0));
    one.holds_target = true;
    apply(&*space, changes().write(put(&one))).await;
    let two = Dream { target: one.target.clone(), holds_target: true, ..dream_at(minute(1)) };
    assert_eq!(refuse(&*space, changes().write(put(&two))).await, ApplyError::TargetHeld(one.id));
    let beside = Dream { target: one.target.clone(), ..dream_at(minute(1)) };
    apply(&*space, changes().write(put(&beside))).await;
    let scope = Some(a_scope("ana", &[]));
    let elsewhere =
        Dream { target: DreamTarget { store: None, scope }, holds_target: true, ..dream_at(minute(1)) };
    apply(&*space, changes().write(put(&elsewhere))).await;
    one.version = 2;
    apply(&*space, changes().write(put(&one))).await;
    one.version = 3;
    one.holds_target = false;
    apply(&*space, changes().write(put(&one))).await;
    apply(&*space, changes().write(put(&two))).await;
}

/// Archived ones only when asked for.
pub async fn dreams_are_paged_newest_first_by_every_test(place: &dyn StorePlace) {
    let space = open(place).await;
    let mut dreams: Vec<Dream> = (0..5).map(|count| dream_at(minute(count))).collect();
    dreams[1].target = dreams[0].target.clone();
    dreams[2].status = DreamStatus::Completed;
    dreams[3].archived_at = Some(minute(9));
    for dream in &dreams {
        apply(&*space, changes().write(put(dream))).await;
    }
    let places = |query: DreamQuery| {
        let (space, dreams) = (space.clone(), &dreams);
        async move {
            let page = told(space.dreams(&query).await);
            let place = |found: &Dream| dreams.iter().position(|dream| dream.id == found.id);
            (page.items.iter().filter_map(place).collect::<Vec<_>>(), page.next)
        }
    };
    let all = DreamQuery { limit: 10, ..DreamQuery::default() };
    assert_eq!(places(all.clone()).await.0, [4, 2, 1, 0]);
    assert_eq!(places(DreamQuery { archived: true, ..all.clone() }).await.0, [4, 3, 2, 1, 0]);
    let over = DreamQuery { target: Some(dreams[0].target.key()), ..all.clone() };
    assert_eq!(places(over).await.0, [1, 0]);
    let done = DreamQuery { statuses: vec![DreamStatus::Completed, DreamStatus::Failed], ..all.clone() };
    assert_eq!(places(done).await.0, [2]);
    let between =
        DreamQuery { created_after: Some(minute(0)), created_before: Some(minute(2)), ..all.clone() };
    assert_eq!(places(between).await.0, [1], "both ends are left out");
    let (first, next) = places(DreamQuery { limit: 3, ..all.clone() }).await;
    let (second, end) = places(DreamQuery { limit: 3, after: next, ..all }).await;
    assert_eq!(([first, second].concat(), end), (vec![4, 2, 1, 0], None));
}

/// Oldest first.
pub async fn due_dreams_wait_or_lost_their_worker(place: &dyn StorePlace) {
    let space = open(place).await;
    let mut dreams: Vec<Dream> = (0..4).map(|count| dream_at(minute(count))).collect();
    for (place, until) in [(1, 5), (2, 50)] {
        dreams[place].status = DreamStatus::Running;
        dreams[place].lease = Some(("worker".into(), minute(until)));
    }
    dreams[3].status = DreamStatus::Canceled;
    for dream in &dreams {
        apply(&*space, changes().write(put(dream))).await;
    }
    let due: Vec<_> = told(space.due_dreams(minute(10)).await).into_iter().map(|dream| dream.id).collect();
    assert_eq!(due, [dreams[0].id, dreams[1].id]);
}

/// Over its own target, whatever became of the sessions' messages.
pub async fn what_a_completed_dream_read_is_dreamt(place: &dyn StorePlace) {
    let space = open(place).await;
    let session = a_named_session(a_scope("ana", &[]), "monday");
    let said = a_message("I like tea").in_session(&session);
    let message = said.clone().build();
    apply(&*space, changes().open(&session).write(said.write())).await;
    let unknown = [0, 1].map(|_| SessionId::new(minute(0), next_id_bytes()));
    let sessions = [session.id, unknown[0], unknown[1]];
    let mut dream = Dream { sessions: sessions[..2].to_vec(), ..dream_at(minute(0)) };
    let target = dream.target.key();
    apply(&*space, changes().write(put(&dream))).await;
    assert_eq!(told(space.dreamt(&target, &sessions).await), []);
    dream.version = 2;
    dream.status = DreamStatus::Completed;
    apply(&*space, changes().write(put(&dream))).await;
    assert_eq!(told(space.dreamt(&target, &sessions).await), sessions[..2]);
    assert_eq!(told(space.dreamt("another", &sessions).await), []);
    apply(&*space, changes().write(Write::EraseMessage { id: message.id, reason: None })).await;
    assert_eq!(told(space.dreamt(&target, &sessions).await), sessions[..2]);
    apply(&*space, changes().write(Write::PurgeDream(dream.id))).await;
    assert_eq!(told(space.dreamt(&target, &sessions).await), []);
}

/// And what it held is free.
pub async fn a_purged_dream_leaves_nothing(place: &dyn StorePlace) {
    let space = open(place).await;
    let dream = Dream { holds_target: true, ..dream_at(minute(0)) };
    apply(&*space, changes().write(put(&dream))).await;
    propose(&*space, &dream, &[a_proposed_change(dream.id, 1)]).await;
    apply(&*space, changes().write(Write::PurgeDream(dream.id))).await;
    assert_eq!(told(space.dream(dream.id).await), None);
    assert_eq!(told(space.proposed_changes(dream.id).await), []);
    let twice = refuse(&*space, changes().write(Write::PurgeDream(dream.id))).await;
    assert!(matches!(twice, ApplyError::NotFound { .. }), "{twice}");
    let next = Dream { target: dream.target.clone(), holds_target: true, ..dream_at(minute(1)) };
    apply(&*space, changes().write(put(&next))).await;
}
